import EngineClient
import Glibc
import Linux

/// Creates one container from what `create` or `run` was told.
struct ContainerCreation {
  let session: Session
  let options: ContainerOptions
  /// The image, and the command and its arguments.
  let arguments: [String]

  /// Creates it, pulling its image first if that is missing, and writes its id where that was asked for.
  ///
  /// - Returns: the id.
  func create(attaches: (input: Bool, output: Bool, error: Bool)) throws -> String {
    let idFile = options.identity.idFile
    guard idFile.isEmpty || access(idFile, F_OK) != 0 else {
      throw LaunchProblem(
        "container ID file found, make sure the other container isn't running or delete \(idFile)")
    }
    guard ["always", "missing", "never", ""].contains(options.identity.pull) else {
      throw LaunchProblem(
        "invalid pull option: '\(options.identity.pull)': must be one of \"always\", \"missing\" or \"never\"")
    }
    let document = try options.document(
      image: arguments[0], command: Array(arguments.dropFirst()), attaches: attaches, surroundings)
    if options.identity.pull == "always" { try pull() }
    let answer = try createPullingOnce(document)
    for warning in answer["Warnings"].strings { session.complain("WARNING: \(warning)") }
    let id = answer["Id"].text
    if !idFile.isEmpty {
      let file = try open(idFile, O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
      try file.writeAll(id)
    }
    return id
  }

  private var surroundings: ContainerOptions.Surroundings {
    var around = ContainerOptions.Surroundings(environment: session.environment)
    around.directory = (try? readLink("/proc/self/cwd")) ?? "/"
    if options.process.tty, let size = try? StandardStreams.output.windowSize() {
      around.console = (size.rows, size.columns)
    }
    return around
  }

  private func createPullingOnce(_ document: JSONValue) throws -> JSONValue {
    var query: [(name: String, value: String)] = []
    if !options.identity.name.isEmpty { query.append(("name", options.identity.name)) }
    if !options.identity.platform.isEmpty { query.append(("platform", options.identity.platform)) }
    let request = EngineRequest("POST", "/containers/create", query: query, body: .json(document))
    do { return try session.engine.call(request) } catch {
      // The same status says that a network or a volume's container is missing.
      guard error.isNotFound, options.identity.pull != "never", "\(error)".contains("No such image") else {
        throw error
      }
      let name = ImageName(arguments[0])
      let familiar = name.hasDigest ? arguments[0] : "\(name.repository):\(name.tag ?? "latest")"
      session.complain("Unable to find image '\(familiar)' locally")
      try pull()
      return try session.engine.call(request)
    }
  }

  /// Pulls the image; what is shown of it goes to standard error, where it does not mix with a container's output.
  private func pull() throws {
    let name = ImageName(arguments[0])
    let tag = name.hasDigest ? String(arguments[0].split(separator: "@").last ?? "") : name.tag ?? "latest"
    var query: [(name: String, value: String)] = [("fromImage", name.repository), ("tag", tag)]
    if !options.identity.platform.isEmpty { query.append(("platform", options.identity.platform)) }
    var progress = ProgressDisplay(
      StandardStreams.error, isQuiet: options.identity.isQuiet)
    var lines = LineStream(try session.engine.stream(EngineRequest("POST", "/images/create", query: query)).body)
    while let line = try lines.next() { try progress.show(line) }
  }
}

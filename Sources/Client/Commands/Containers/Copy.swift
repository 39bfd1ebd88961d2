import Archive
import EngineClient
import Glibc
import Linux

/// `skiff cp`: copies files between a container and the local file system.
struct Copy: Command {
  var arguments: [String] = []
  private var keepsOwners = false
  private var followsLink = false
  private var quiet = false

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|- | SRC_PATH|- CONTAINER:DEST_PATH",
    summary: "Copy files between a container and the local file system", count: .exactly(2))

  static var flags: [Flag<Copy>] {
    [
      .toggle("archive", "a", \.keepsOwners, "Keep owners and groups"),
      .toggle("follow-link", "L", \.followsLink, "Copy what a symbolic link leads to, and not the link"),
      .toggle("quiet", "q", \.quiet, "Do not say what was copied"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    guard !arguments.contains(where: \.isEmpty) else { throw CommandError("source and destination cannot be empty") }
    switch (CopyPlace(arguments[0]), CopyPlace(arguments[1])) {
    case (.container(let container, let path), .local(let target)):
      try copyOut(session, container, path, to: target)
      announce(session, to: target)
    case (.container(let container, let path), .stream): try streamOut(session, container, path)
    case (.local(let source), .container(let container, let path)):
      try copyIn(session, source, container, path)
      announce(session, to: arguments[1])
    case (.stream, .container(let container, let path)): try streamIn(session, container, path)
    case (.container, .container): throw CommandError("copying between containers is not supported")
    default: throw CommandError("must specify at least one container source")
    }
    return 0
  }

  private func announce(_ session: Session, to target: String) {
    guard !quiet, session.output.isTerminal else { return }
    session.complain("Successfully copied to \(target)")
  }

  // MARK: - Out of a container

  private func archive(
    _ session: Session, _ container: String, _ path: String
  ) throws -> (status: ContainerPathStatus, body: ResponseBody) {
    var path = path
    // As many as the kernel follows.
    for _ in 0..<40 {
      let request = EngineRequest.container("GET", container, "archive", query: [("path", path)])
      let (head, body) = try session.engine.stream(request)
      guard let status = head["x-docker-container-path-stat"].flatMap(ContainerPathStatus.init) else {
        throw ClientError.malformed("no status of \"\(path)\"")
      }
      guard followsLink, let target = status.linkTarget else { return (status, body) }
      path = target
    }
    throw CommandError("too many symbolic links at \"\(path)\" in container \(container)")
  }

  private func copyOut(_ session: Session, _ container: String, _ path: String, to target: String) throws {
    let (source, body) = try archive(session, container, path)
    let existing: CopyPlan.Existing
    do { existing = try status(of: target).isDirectory ? .directory : .other } catch {
      guard error.errno == .noSuchFile || error.errno == .notDirectory else { throw error }
      existing = .nothing
    }
    let plan = try CopyPlan(source: path, isDirectory: source.isDirectory, to: target, existing: existing)
    let directory: Descriptor
    do { directory = try open(plan.directory, O_RDONLY | O_DIRECTORY) } catch {
      throw CommandError("invalid output path: directory \"\(plan.directory)\" does not exist")
    }
    var reader = TarReader(body)
    var unpacker = LayerUnpacker(into: directory, whiteouts: .plain)
    let owner = (geteuid(), getegid())
    do {
      try unpacker.unpack(&reader) { entry in
        entry.path = Self.renamed(entry.path, from: source.name, to: plan.name)
        if case .hardLink(let first) = entry.kind {
          entry.kind = .hardLink(to: Self.renamed(first, from: source.name, to: plan.name))
        }
        if !keepsOwners { (entry.owner, entry.group) = owner }
      }
    } catch { throw Self.unwrapped(error) }
  }

  /// The path with its first part, the source's own name, replaced.
  private static func renamed(_ path: RawPath, from name: String, to other: String?) -> RawPath {
    var parts = path.bytes.split(separator: UInt8(ascii: "/"))
    if parts.first.map({ $0.elementsEqual(name.utf8) }) == true { parts.removeFirst() }
    // What was a path has no zero byte, nor have its parts.
    let rest = RawPath(Array(parts.joined(separator: [UInt8(ascii: "/")]))) ?? ""
    guard let other else { return rest }
    return rest.isEmpty ? RawPath(other) : RawPath(other).appending(rest)
  }

  private func streamOut(_ session: Session, _ container: String, _ path: String) throws {
    var (_, body) = try archive(session, container, path)
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = try body.read(into: &chunk)
      if count == 0 { return }
      try StandardStreams.output.writeAll(Array(chunk[..<count]))
    }
  }

  // MARK: - Into a container

  private func targetStatus(
    _ session: Session, _ container: String, _ path: String
  ) throws -> (path: String, existing: CopyPlan.Existing) {
    var path = path
    for _ in 0..<40 {
      let request = EngineRequest.container("HEAD", container, "archive", query: [("path", path)])
      let head: ResponseHead
      do { head = try session.engine.stream(request).head } catch {
        guard error.isNotFound else { throw error }
        // The same status says that there is no such container.
        try session.engine.call(.container("GET", container, "json"))
        return (path, .nothing)
      }
      guard let status = head["x-docker-container-path-stat"].flatMap(ContainerPathStatus.init) else {
        throw ClientError.malformed("no status of \"\(path)\"")
      }
      guard let target = status.linkTarget else { return (path, status.isDirectory ? .directory : .other) }
      path = target.hasPrefix("/") ? target : "\(CopyPlan.parent(of: path))/\(target)"
    }
    throw CommandError("too many symbolic links at \"\(path)\" in container \(container)")
  }

  private func copyIn(_ session: Session, _ source: String, _ container: String, _ path: String) throws {
    let file: FileStatus
    do { file = try status(of: source, followLinks: followsLink || source.hasSuffix("/")) } catch {
      throw CommandError("lstat \(source): \(error.errno)")
    }
    let target = try targetStatus(session, container, path)
    let plan = try CopyPlan(source: source, isDirectory: file.isDirectory, to: target.path, existing: target.existing)
    try upload(session, container, to: plan.directory) { (upload) throws(ClientError) in
      var writer = TarWriter(upload)
      do {
        if file.isDirectory {
          try Self.write(directory: source, as: plan.name, file, to: &writer)
        } else {
          try Self.write(file: source, as: plan.name ?? "", follows: followsLink, to: &writer)
        }
        try writer.finish()
      } catch { throw Self.unwrapped(error) }
      upload = writer.sink
    }
  }

  private static func write(
    directory path: String, as name: String?, _ status: FileStatus, to writer: inout TarWriter<Upload>
  ) throws {
    let directory = try open(path, O_RDONLY | O_DIRECTORY)
    if let name {
      writer.rename = { $0.isEmpty ? RawPath(name) : RawPath(name).appending($0) }
      try writer.begin(
        TarEntry(
          path: "", kind: .directory, permissions: status.permissions, owner: status.owner, group: status.group,
          modified: status.modified))
    }
    var archiver = TreeArchiver(of: directory, isOverlayUpper: false)
    try archiver.write(to: &writer)
  }

  private static func write(
    file path: String, as name: String, follows: Bool, to writer: inout TarWriter<Upload>
  ) throws {
    let target = follows ? try open(path, O_PATH) : nil
    let real = try target.map { try readLink($0.procPath) } ?? path
    let directory = try open(CopyPlan.parent(of: real), O_RDONLY | O_DIRECTORY)
    writer.rename = { _ in RawPath(name) }
    var archiver = TreeArchiver(of: directory, isOverlayUpper: false)
    try archiver.write(file: RawPath(CopyPlan.name(of: real) ?? ""), to: &writer)
  }

  private func streamIn(_ session: Session, _ container: String, _ path: String) throws {
    let target = try targetStatus(session, container, path)
    guard target.existing == .directory else {
      throw CommandError("destination \"\(container):\(path)\" must be a directory")
    }
    try upload(session, container, to: target.path) { (upload) throws(ClientError) in
      try LocalArchive.send(StandardStreams.input, to: &upload)
    }
  }

  private func upload(
    _ session: Session, _ container: String, to path: String, _ body: (inout Upload) throws(ClientError) -> Void
  ) throws {
    var query: [(name: String, value: String)] = [("noOverwriteDirNonDir", "true"), ("path", path)]
    if keepsOwners { query.append(("copyUIDGID", "true")) }
    let request = EngineRequest.container(
      "PUT", container, "archive", query: query, body: .stream(contentType: "application/x-tar"))
    try session.engine.upload(request, onLine: { _ throws(ClientError) in }, body: body)
  }

  /// The engine's or the kernel's own words, where an archive only passed them on.
  private static func unwrapped(_ error: any Error) -> ClientError {
    switch (error as? ArchiveError)?.reason {
    case .stream(let error as ClientError): error
    case .system(let error): .system(error)
    default: (error as? ClientError) ?? (error as? SyscallError).map(ClientError.system) ?? .malformed("\(error)")
    }
  }
}

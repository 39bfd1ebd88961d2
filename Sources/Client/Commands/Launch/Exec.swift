import EngineClient
import Linux

/// `skiff exec`: runs another program in a running container.
struct Exec: Command {
  var arguments: [String] = []
  private var detach = false
  private var detachKeys = ""
  private var environment: [String] = []
  private var environmentFiles: [String] = []
  private var interactive = false
  private var isPrivileged = false
  private var tty = false
  private var user = ""
  private var workingDirectory = ""

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER COMMAND [ARG...]", summary: "Run a program in a running container", count: .atLeast(2),
    passesThrough: true)

  static var flags: [Flag<Exec>] {
    [
      .toggle("detach", "d", \.detach, "Leave the program in the background"),
      .text("detach-keys", nil, \.detachKeys, "Keys that leave the program, instead of ctrl-p,ctrl-q"),
      .list("env", "e", \.environment, "Environment variable, as NAME=VALUE or NAME to pass ours on"),
      .list("env-file", nil, \.environmentFiles, "File with an environment variable on each line"),
      .toggle("interactive", "i", \.interactive, "Join the program's input"),
      .toggle("privileged", nil, \.isPrivileged, "Give the program all capabilities"),
      .toggle("tty", "t", \.tty, "Give the program a terminal"),
      .text("user", "u", \.user, "User to run as, as NAME|UID[:GROUP|GID]"),
      .text("workdir", "w", \.workingDirectory, "Directory to start in"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    do { return try execute(session) } catch let error as LaunchProblem { throw CommandError(error.reason) }
  }

  private func execute(_ session: Session) throws -> Int32 {
    // A container that is not there is the first thing to complain about, before a terminal that is missing.
    try session.engine.call(.container("GET", arguments[0], "json"))
    if detach { return try startDetached(session) }
    let terminal = try TerminalSession(
      .init(
        input: interactive, output: true, error: true, hasTerminal: tty, detachKeys: detachKeys, passesSignals: false))
    defer { terminal.end() }
    let id = try create(session)
    let request = EngineRequest(
      "POST", "/exec/\(percentEncoded(id))/start",
      body: .json(.object([.init("Detach", .bool(false)), .init("Tty", .bool(tty))] + consoleSize)))
    let (outcome, _) = try terminal.carry(
      try session.engine.hijack(request),
      resize: { size in
        let query = [(name: "h", value: "\(size.rows)"), (name: "w", value: "\(size.columns)")]
        _ = try? session.engine.call(EngineRequest("POST", "/exec/\(percentEncoded(id))/resize", query: query))
      }, pass: { _ in })
    if outcome == .detached { return 0 }
    let answer = try session.engine.call(EngineRequest("GET", "/exec/\(percentEncoded(id))/json"))
    return Int32(truncatingIfNeeded: answer["ExitCode"].integer)
  }

  private func startDetached(_ session: Session) throws -> Int32 {
    let id = try create(session)
    let body = JSONValue.object([.init("Detach", .bool(true)), .init("Tty", .bool(tty))] + consoleSize)
    try session.engine.call(EngineRequest("POST", "/exec/\(percentEncoded(id))/start", body: .json(body)))
    return 0
  }

  private func create(_ session: Session) throws -> String {
    var process = ProcessOptions()
    process.environment = environment
    process.environmentFiles = environmentFiles
    let variables = try process.variables(session.environment)
    let members: [JSONValue.Member] = [
      .init("User", .string(user)), .init("Privileged", .bool(isPrivileged)), .init("Tty", .bool(tty)),
    ]
    let rest: [JSONValue.Member] = [
      .init("AttachStdin", .bool(interactive && !detach)), .init("AttachStderr", .bool(!detach)),
      .init("AttachStdout", .bool(!detach)), .init("Detach", .bool(detach)), .init("DetachKeys", .string(detachKeys)),
      .init("Env", ContainerOptions.orNull(variables)), .init("WorkingDir", .string(workingDirectory)),
      .init("Cmd", JSONValue(Array(arguments.dropFirst()))),
    ]
    let request = EngineRequest.container(
      "POST", arguments[0], "exec", body: .json(.object(members + consoleSize + rest)))
    return try session.engine.call(request)["Id"].text
  }

  /// The size that the program's terminal has from its first moment on.
  private var consoleSize: [JSONValue.Member] {
    guard tty, let size = try? StandardStreams.output.windowSize() else { return [] }
    return [.init("ConsoleSize", .array([JSONValue(size.rows), JSONValue(size.columns)]))]
  }
}

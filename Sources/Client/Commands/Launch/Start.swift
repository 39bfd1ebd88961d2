import EngineClient
import Linux

/// `skiff start`: starts containers that exist, and stays with one if asked to.
struct Start: Command {
  var arguments: [String] = []
  private var attach = false
  private var interactive = false
  private var detachKeys = ""
  private var passesSignals = true
  private var checkpoint = ""
  private var checkpointDirectory = ""

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Start one or more stopped containers", count: .atLeast(1))

  static var flags: [Flag<Start>] {
    [
      .toggle("attach", "a", \.attach, "Join its output and pass signals on"),
      .text("checkpoint", nil, \.checkpoint, "Checkpoint to go on from").hidden,
      .text("checkpoint-dir", nil, \.checkpointDirectory, "Directory of checkpoints").hidden,
      .text("detach-keys", nil, \.detachKeys, "Keys that leave the container, instead of ctrl-p,ctrl-q"),
      .toggle("interactive", "i", \.interactive, "Join its input too"),
      .toggle("sig-proxy", nil, \.passesSignals, "Pass signals on to the process").hidden,
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if attach || interactive {
      guard arguments.count == 1 else { throw CommandError("you cannot start and attach multiple containers at once") }
      return try startAttached(session)
    }
    var failed: [String] = []
    for name in arguments {
      do {
        try session.engine.call(.container("POST", name, "start", query: query))
        try session.output.print(name)
      } catch let error as ClientError where error.status != nil {
        session.complain("\(error)")
        failed.append(name)
      }
    }
    guard failed.isEmpty else {
      throw CommandError("Error: failed to start containers: \(failed.joined(separator: ", "))")
    }
    return 0
  }

  private var query: [(name: String, value: String)] {
    [("checkpoint", checkpoint), ("checkpoint-dir", checkpointDirectory)].filter { !$0.1.isEmpty }
  }

  private func startAttached(_ session: Session) throws -> Int32 {
    let container = try session.engine.call(.container("GET", arguments[0], "json"))
    let hasTerminal = container["Config"]["Tty"].isTrue
    let id = container["Id"].text
    let removes = container["HostConfig"]["AutoRemove"].isTrue
    let terminal = try TerminalSession(
      .init(
        input: interactive && container["Config"]["OpenStdin"].isTrue, output: true, error: true,
        hasTerminal: hasTerminal, detachKeys: detachKeys, passesSignals: passesSignals && !hasTerminal))
    defer { terminal.end() }
    let attachment = try ContainerAttachment(session, id: id, terminal)
    let pending = try ContainerAttachment.waiting(session, id, condition: removes ? "removed" : "next-exit")
    try session.engine.call(.container("POST", id, "start", query: query))
    return try attachment.carryToExit(pending, removes: removes) ?? 0
  }
}

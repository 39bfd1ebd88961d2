import EngineClient
import Linux

/// `skiff attach`: joins a running container's streams.
struct Attach: Command {
  var arguments: [String] = []
  private var detachKeys = ""
  private var noInput = false
  private var passesSignals = true

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER", summary: "Join the input and output of a running container", count: .exactly(1))

  static var flags: [Flag<Attach>] {
    [
      .text("detach-keys", nil, \.detachKeys, "Keys that leave the container, instead of ctrl-p,ctrl-q"),
      .toggle("no-stdin", nil, \.noInput, "Do not join the input"),
      .toggle("sig-proxy", nil, \.passesSignals, "Pass signals on to the process"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let container = try session.engine.call(.container("GET", arguments[0], "json"))
    let state = container["State"]
    for (isSo, problem) in [
      (!state["Running"].isTrue, "You cannot attach to a stopped container, start it first"),
      (state["Paused"].isTrue, "You cannot attach to a paused container, unpause it first"),
      (state["Restarting"].isTrue, "You cannot attach to a restarting container, wait until it is running"),
    ] where isSo { throw CommandError(problem) }
    let config = container["Config"]
    let hasTerminal = config["Tty"].isTrue
    let terminal = try TerminalSession(
      .init(
        input: !noInput && config["OpenStdin"].isTrue, output: true, error: true, hasTerminal: hasTerminal,
        detachKeys: detachKeys, passesSignals: passesSignals && !hasTerminal))
    defer { terminal.end() }
    let id = container["Id"].text
    let attachment = try ContainerAttachment(session, id: id, terminal, isJoining: true)
    let pending = try ContainerAttachment.waiting(session, id, condition: "not-running")
    guard let code = try attachment.carryToExit(pending, removes: false) else {
      throw CommandError("read escape sequence")
    }
    return code
  }
}

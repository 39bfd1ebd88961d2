import EngineClient
import Linux

/// `skiff run`: makes a container, starts it, and stays with it until it ends.
struct Run: Command {
  var arguments: [String] = []
  private var container = ContainerOptions()
  private var detach = false
  private var detachKeys = ""
  private var passesSignals = true

  static let usage = Usage(
    line: "[OPTIONS] IMAGE [COMMAND] [ARG...]", summary: "Create and run a new container", count: .atLeast(1),
    passesThrough: true)

  static var flags: [Flag<Run>] {
    [
      .toggle("detach", "d", \.detach, "Leave the container in the background and print its id"),
      .text("detach-keys", nil, \.detachKeys, "Keys that leave the container, instead of ctrl-p,ctrl-q"),
      .toggle("sig-proxy", nil, \.passesSignals, "Pass signals on to the process"),
    ] + ContainerOptions.flags.map { $0.inside(\.container) }
  }

  func run(_ session: Session) throws -> Int32 {
    try LaunchFailure.explained(in: session) { try launch(session) }
  }

  private func launch(_ session: Session) throws -> Int32 {
    if detach, !container.process.attached.isEmpty {
      throw CommandError("conflicting options: cannot specify both --attach and --detach")
    }
    if !detachKeys.isEmpty { try Self.check(detachKeys) }
    var attaches = container.process.attaches
    if detach { attaches = (false, false, false) }
    let creation = ContainerCreation(session: session, options: container, arguments: arguments)
    if detach {
      let id = try creation.create(attaches: attaches)
      try session.engine.call(.container("POST", id, "start"))
      try session.output.print(id)
      return 0
    }
    let terminal = try TerminalSession(
      .init(
        input: attaches.input, output: attaches.output, error: attaches.error, hasTerminal: container.process.tty,
        detachKeys: detachKeys, passesSignals: passesSignals))
    defer { terminal.end() }
    let id = try creation.create(attaches: attaches)
    return try watch(id, terminal, session)
  }

  /// Attaches, starts and carries. Attached first, so that not a byte is lost.
  private func watch(_ id: String, _ terminal: TerminalSession, _ session: Session) throws -> Int32 {
    let attachment = try ContainerAttachment(session, id: id, terminal)
    let removes = container.identity.removes
    let pending = try ContainerAttachment.waiting(session, id, condition: removes ? "removed" : "next-exit")
    do { try session.engine.call(.container("POST", id, "start")) } catch {
      // The engine removes what never started; its name is free again once it has.
      if removes { _ = try? ContainerAttachment.exitCode(pending, session) }
      throw error
    }
    let code = try attachment.carryToExit(pending, removes: removes)
    return code ?? 0
  }

  static func check(_ detachKeys: String) throws {
    do { _ = try DetachKeys(detachKeys) } catch {
      throw LaunchProblem("invalid detach keys (\(detachKeys)): \(error)")
    }
  }
}

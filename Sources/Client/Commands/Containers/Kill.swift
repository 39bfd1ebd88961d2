import EngineClient

/// `skiff kill`: signals containers, SIGKILL unless told otherwise.
struct Kill: Command {
  var arguments: [String] = []
  private var signal = ""

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Kill one or more running containers", count: .atLeast(1))

  static var flags: [Flag<Kill>] { [.text("signal", "s", \.signal, "Signal to send, SIGKILL by default")] }

  func run(_ session: Session) throws -> Int32 {
    let query = signal.isEmpty ? [] : [(name: "signal", value: signal)]
    return try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "kill", query: query))
      try session.output.print(name)
    }
  }
}

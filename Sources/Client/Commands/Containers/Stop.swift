import EngineClient

/// `skiff stop`: stops containers.
struct Stop: Command {
  var arguments: [String] = []
  private var options = StopOptions()

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Stop one or more running containers", count: .atLeast(1))

  static var flags: [Flag<Stop>] { StopOptions.flags.map { $0.inside(\.options) } }

  func run(_ session: Session) throws -> Int32 {
    try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "stop", query: options.query))
      try session.output.print(name)
    }
  }
}

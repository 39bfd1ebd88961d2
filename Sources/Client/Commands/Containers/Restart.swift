import EngineClient

/// `skiff restart`: restarts containers.
struct Restart: Command {
  var arguments: [String] = []
  private var options = StopOptions()

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Restart one or more containers", count: .atLeast(1))

  static var flags: [Flag<Restart>] { StopOptions.flags.map { $0.inside(\.options) } }

  func run(_ session: Session) throws -> Int32 {
    try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "restart", query: options.query))
      try session.output.print(name)
    }
  }
}

import EngineClient

/// `skiff pause`: freezes all processes of containers.
struct Pause: Command {
  var arguments: [String] = []

  static let usage = Usage(
    line: "CONTAINER [CONTAINER...]", summary: "Pause all processes of one or more containers", count: .atLeast(1))
  static var flags: [Flag<Pause>] { [] }

  func run(_ session: Session) throws -> Int32 {
    try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "pause"))
      try session.output.print(name)
    }
  }
}

import EngineClient

/// `skiff unpause`: lets paused containers go on.
struct Unpause: Command {
  var arguments: [String] = []

  static let usage = Usage(
    line: "CONTAINER [CONTAINER...]", summary: "Let one or more paused containers go on", count: .atLeast(1))
  static var flags: [Flag<Unpause>] { [] }

  func run(_ session: Session) throws -> Int32 {
    try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "unpause"))
      try session.output.print(name)
    }
  }
}

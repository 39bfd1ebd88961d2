import EngineClient

/// `skiff wait`: waits until containers stop, and prints their exit codes.
struct Wait: Command {
  var arguments: [String] = []

  static let usage = Usage(
    line: "CONTAINER [CONTAINER...]", summary: "Wait until one or more containers stop, and print their exit codes",
    count: .atLeast(1))
  static var flags: [Flag<Wait>] { [] }

  func run(_ session: Session) throws -> Int32 {
    try session.forEach(arguments) { name in
      let answer = try session.engine.call(.container("POST", name, "wait"))
      try session.output.print("\(answer["StatusCode"].integer)")
      try session.output.flush()
    }
  }
}

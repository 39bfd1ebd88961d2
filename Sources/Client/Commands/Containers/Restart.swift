import EngineClient

/// `skiff restart`: restarts containers.
struct Restart: Command {
  var arguments: [String] = []
  private var signal = ""
  private var timeoutSeconds: Int64?

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Restart one or more containers", count: .atLeast(1))

  static var flags: [Flag<Restart>] {
    [
      .text("signal", "s", \.signal, "Signal to send first"),
      .value("timeout", "t", \.timeoutSeconds, "int", "Seconds to wait before the container is killed; -1 for ever") {
        (text) throws(FlagValueError) in try parseInteger(text)
      },
      .value("time", nil, \.timeoutSeconds, "int", "The older name of --timeout") {
        (text) throws(FlagValueError) in try parseInteger(text)
      }.hidden,
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    var query: [(name: String, value: String)] = []
    if !signal.isEmpty { query.append(("signal", signal)) }
    if let timeoutSeconds { query.append(("t", "\(timeoutSeconds)")) }
    return try session.forEach(arguments) { name in
      try session.engine.call(.container("POST", name, "restart", query: query))
      try session.output.print(name)
    }
  }
}

import EngineClient

/// How a container is asked to end, and how long it is waited for.
struct StopOptions {
  private var signal = ""
  private var timeoutSeconds: Int64?

  static var flags: [Flag<StopOptions>] {
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

  /// The parameters of the API's `stop` and `restart`.
  var query: [(name: String, value: String)] {
    var query: [(name: String, value: String)] = []
    if !signal.isEmpty { query.append(("signal", signal)) }
    if let timeoutSeconds { query.append(("t", "\(timeoutSeconds)")) }
    return query
  }
}

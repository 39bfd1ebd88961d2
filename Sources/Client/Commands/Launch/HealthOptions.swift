import EngineClient

/// How the engine finds out whether the container is well.
struct HealthOptions {
  var command = ""
  var interval: Int64 = 0
  var timeout: Int64 = 0
  var startPeriod: Int64 = 0
  var startInterval: Int64 = 0
  var retries: Int64 = 0
  var isOff = false

  static var flags: [Flag<HealthOptions>] {
    [
      .text("health-cmd", nil, \.command, "Command whose success means healthy"),
      duration("health-interval", \.interval, "Time between two checks"),
      .value("health-retries", nil, \.retries, "int", "Failures in a row that mean unhealthy", parseInteger),
      duration("health-start-interval", \.startInterval, "Time between two checks during the start period"),
      duration("health-start-period", \.startPeriod, "Time to start, in which failures do not count"),
      duration("health-timeout", \.timeout, "Time that one check may take"),
      .toggle("no-healthcheck", nil, \.isOff, "Ignore the image's HEALTHCHECK"),
    ]
  }

  private static func duration(
    _ name: String, _ path: WritableKeyPath<HealthOptions, Int64>, _ help: String
  ) -> Flag<HealthOptions> {
    .value(name, nil, path, "duration", help, Durations.parse)
  }

  /// `Healthcheck` of the API; nil when nothing was said.
  func document() throws -> JSONValue? {
    let times = [
      ("interval", "Interval", interval), ("timeout", "Timeout", timeout), ("start-period", "StartPeriod", startPeriod),
      ("start-interval", "StartInterval", startInterval), ("retries", "Retries", retries),
    ]
    let saysSomething = !command.isEmpty || times.contains { $0.2 != 0 }
    if isOff {
      guard !saysSomething else { throw LaunchProblem("--no-healthcheck conflicts with --health-* options") }
      return .object([.init("Test", JSONValue(["NONE"]))])
    }
    guard saysSomething else { return nil }
    if let negative = times.first(where: { $0.2 < 0 }) {
      throw LaunchProblem("--health-\(negative.0) cannot be negative")
    }
    var members: [JSONValue.Member] = []
    if !command.isEmpty { members.append(.init("Test", JSONValue(["CMD-SHELL", command]))) }
    for time in times where time.2 != 0 { members.append(.init(time.1, JSONValue(time.2))) }
    return .object(members)
  }
}

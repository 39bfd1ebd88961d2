/// Where the container's output goes.
struct LogOptions {
  var driver = ""
  var options: [String] = []

  static var flags: [Flag<LogOptions>] {
    [
      .text("log-driver", nil, \.driver, "Driver that keeps the container's output"),
      .list("log-opt", nil, \.options, "Option of the driver, as NAME=VALUE"),
    ]
  }

  /// Refuses options of a driver that keeps nothing.
  func check() throws {
    if driver == "none", !options.isEmpty { throw LaunchProblem("invalid logging opts for driver none") }
  }
}

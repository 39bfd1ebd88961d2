package import LaunchPlan

/// What is known of a container's health, as a pure value: results of probes go in, and whether the status changed comes
/// out. Docker's rules.
package struct HealthStateMachine: Equatable, Sendable, Codable {
  package private(set) var status = Status.starting
  /// Failures since the last success, but for those of the start period.
  package private(set) var failingStreak = 0
  /// The last probes, the oldest first.
  package private(set) var log: [Probe] = []

  /// Docker keeps as many.
  private static let logMax = 5

  /// Docker's words.
  package enum Status: String, Equatable, Sendable, Codable { case starting, healthy, unhealthy }

  /// One probe that ended.
  package struct Probe: Equatable, Sendable, Codable {
    package let start: Timestamp
    package let end: Timestamp
    /// -1 if it was ended for its time, or could not be started.
    package let exitCode: Int32
    package let output: String

    /// Creates it from its members.
    package init(start: Timestamp, end: Timestamp, exitCode: Int32, output: String) {
      self.start = start
      self.end = end
      self.exitCode = exitCode
      self.output = output
    }
  }

  /// A container that has just begun to run.
  package init() {}

  /// It runs anew: what was known counts no more, but is still shown.
  package mutating func restarted() {
    status = .starting
    failingStreak = 0
  }

  /// Nobody probes it any more: it is paused or has ended. No event tells of that.
  package mutating func unwatched() { status = .unhealthy }

  /// Takes the result of a probe.
  ///
  /// A failure within the start period, before the first success, counts for nothing.
  ///
  /// - Parameter startedAt: when the container's process began.
  /// - Returns: whether the status changed, which is an event.
  package mutating func take(_ probe: Probe, _ settings: HealthSettings, startedAt: Timestamp) -> Bool {
    log = Array((log + [probe]).suffix(Self.logMax))
    let before = status
    if probe.exitCode == 0 {
      failingStreak = 0
      status = .healthy
    } else if status != .starting || probe.start.since(startedAt) >= settings.startPeriod {
      failingStreak += 1
      if failingStreak >= settings.retries { status = .unhealthy }
    }
    return status != before
  }

  /// How long to wait for the next probe.
  package func pause(_ settings: HealthSettings, runningFor age: Duration) -> Duration {
    status == .starting && age < settings.startPeriod ? settings.startInterval : settings.interval
  }
}

/// How a container's health is probed, with Docker's defaults for what nobody said.
package struct HealthSettings: Equatable, Sendable {
  /// The program and its arguments.
  package let arguments: [String]
  package let interval: Duration
  package let timeout: Duration
  package let startPeriod: Duration
  package let startInterval: Duration
  package let retries: Int

  /// Reads what was said of a container's program; nil when that has no test.
  package init?(_ program: ProgramSpec) {
    guard let definition = program.healthcheck else { return nil }
    switch definition.test {
    case .inherited, .disabled: return nil
    case .command(let arguments):
      guard !arguments.isEmpty else { return nil }
      self.arguments = arguments
    case .shell(let command):
      // Docker's shell where nobody named one.
      arguments = (program.shell ?? ["/bin/sh", "-c"]) + [command]
    }
    func time(_ nanoseconds: Int64, default value: Duration) -> Duration {
      nanoseconds == 0 ? value : .nanoseconds(nanoseconds)
    }
    interval = time(definition.intervalNanoseconds, default: .seconds(30))
    timeout = time(definition.timeoutNanoseconds, default: .seconds(30))
    startPeriod = time(definition.startPeriodNanoseconds, default: .zero)
    startInterval = time(definition.startIntervalNanoseconds, default: .seconds(5))
    retries = definition.retries == 0 ? 3 : definition.retries
  }
}

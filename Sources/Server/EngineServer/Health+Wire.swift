import DockerWire
import Engine
import LaunchPlan
import OCI

extension Healthcheck {
  /// Reads a create request's.
  ///
  /// - Throws: `invalid` with Docker's text for a test of a kind that is not known.
  init(_ config: HealthConfig) throws(LaunchPlanError) {
    try self.init(
      ImageConfig.Healthcheck(
        test: config.test ?? [], interval: Int64(config.interval), timeout: Int64(config.timeout),
        startPeriod: Int64(config.startPeriod), startInterval: Int64(config.startInterval), retries: config.retries))
  }
}

extension HealthConfig {
  /// Tells a definition as `docker inspect` does.
  init(_ check: Healthcheck) {
    self.init()
    test = check.test == .inherited ? nil : check.test.words
    interval = Int(check.intervalNanoseconds)
    timeout = Int(check.timeoutNanoseconds)
    startPeriod = Int(check.startPeriodNanoseconds)
    startInterval = Int(check.startIntervalNanoseconds)
    retries = check.retries
  }
}

extension Health {
  /// Tells what the probes found.
  init(_ health: HealthStateMachine) {
    self.init()
    status = health.status.rawValue
    failingStreak = health.failingStreak
    log = health.log.map { probe in
      var result = HealthcheckResult()
      result.start = WireTime.text(probe.start.nanoseconds)
      result.end = WireTime.text(probe.end.nanoseconds)
      result.exitCode = Int(probe.exitCode)
      result.output = probe.output
      return result
    }
  }
}

extension ContainerSnapshot {
  /// What `docker ps` appends to the state of a container that runs.
  var healthText: String {
    switch health?.status {
    case nil: ""
    case .starting: " (health: starting)"
    case .healthy: " (healthy)"
    case .unhealthy: " (unhealthy)"
    }
  }

  /// What the list's filter `health` compares with.
  var healthWord: String { health?.status.rawValue ?? "none" }
}

import Glibc
import LaunchPlan
import Linux
import MonitorProtocol
import OCI
import Synchronization
import Tasks

/// What is done about a container's health.
struct HealthWatch: Sendable {
  /// The launch that was probed last.
  var launch: String?
  /// The probes of one stretch in which the container runs: from its start or its thaw to its end or its pause.
  var probes: Task<Void, Never>?
}

// A container's health: an exec now and then, and what its results mean.

extension Container {
  private var healthWatch: HealthWatch {
    get { execs.watch.withLock { $0 } }
    set { execs.watch.withLock { $0 = newValue } }
  }

  /// Begins or ends the probes, as the container's state now asks. May be called at any time; the caller publishes.
  func updateHealth() {
    guard let settings = HealthSettings(row.spec.program) else { return }
    if case .running(let running) = row.machine.state, !running.isPaused {
      guard healthWatch.probes == nil else { return }
      if healthWatch.launch != running.launch { beginHealth(of: running.launch) }
      healthWatch.probes = Task { await probeRepeatedly(settings, running) }
    } else {
      healthWatch.probes?.cancel()
      healthWatch.probes = nil
      row.health?.unwatched()
    }
  }

  private func beginHealth(of launch: String) {
    var health = row.health ?? HealthStateMachine()
    health.restarted()
    row.health = health
    healthWatch.launch = launch
  }

  private func probeRepeatedly(_ settings: HealthSettings, _ running: Running) async {
    while let health = row.health {
      let pause = health.pause(settings, runningFor: Timestamp.now().since(running.startedAt))
      // Cancelled: it is paused or over.
      guard (try? await Task.sleep(for: pause)) != nil else { return }
      let probe = await probe(settings)
      guard !Task.isCancelled else { return }
      await take(probe, settings, running)
    }
  }

  private func take(_ probe: HealthStateMachine.Probe, _ settings: HealthSettings, _ running: Running) async {
    guard let isNew = row.health?.take(probe, settings, startedAt: running.startedAt), let health = row.health else {
      return
    }
    publishSnapshot()
    if isNew { tell(.health(health.status)) }
    await store(health, running)
  }

  // MARK: One probe

  /// Docker keeps as much of what a probe writes.
  private static let outputBytesMax = 4096

  private func probe(_ settings: HealthSettings) async -> HealthStateMachine.Probe {
    let start = Timestamp.now()
    do {
      var spec = ExecSpec(arguments: settings.arguments)
      spec.isProbe = true
      (spec.attachesOutput, spec.attachesErrors) = (true, true)
      let exec = try await newExec(spec, in: try execTarget(called: id))
      tell(.exec(ExecEvent(exec, .created)))
      let output = try await startCollecting(exec)
      let killer = Task { await kill(exec, after: settings.timeout) }
      let code = await exec.waitForEnd()
      killer.cancel()
      let (bytes, isCut) = await output.whole()
      let text = String(decoding: bytes, as: UTF8.self) + (isCut ? "..." : "")
      guard await killer.value else { return .init(start: start, end: .now(), exitCode: code, output: text) }
      let reason = "Health check exceeded timeout (\(settings.timeout.goText))"
      return .init(start: start, end: .now(), exitCode: -1, output: text.isEmpty ? reason : "\(reason): \(text)")
    } catch {
      return .init(start: start, end: .now(), exitCode: -1, output: EngineError(error).message)
    }
  }

  /// Ends a probe when its time is over; false when it was over before.
  private nonisolated func kill(_ exec: Exec, after timeout: Duration) async -> Bool {
    guard (try? await Task.sleep(for: timeout)) != nil else { return false }
    if case .running(let process) = exec.phase {
      try? await process.connection.perform(.signal(SIGKILL, toAll: false))
    }
    return true
  }

  /// Starts `exec` with both its outputs in one; the monitor's end of that is the monitor's alone when this returns.
  private func startCollecting(_ exec: Exec) async throws -> TaskOutput {
    let (output, theirs) = try services.tasks.collectOutput(limit: Self.outputBytesMax)
    try await start(exec, size: nil, client: (theirs, [.stdout, .stderr, .raw]))
    return output
  }

  // MARK: What the next daemon finds

  private static let healthName = "health"
  /// Five results with 4 KiB of output each, which JSON may write six times as long.
  private static let healthBytesMax = 256 << 10

  /// Writes it beside the launch's other files: it is of this launch, and is worth no sync.
  private func store(_ health: HealthStateMachine, _ running: Running) async {
    guard let launch = LaunchID(running.launch) else { return }
    let (tasks, name) = (services.tasks, taskName)
    // Without it the next daemon begins anew.
    try? await services.executor.run {
      let task = try tasks.openDirectory(container: name, launch: launch)
      try replaceFile(Self.healthName, at: .directory(task), try BoundedJSON.encode(health))
    }
  }

  /// Reads what an earlier daemon knew of the launch that runs. Its probes begin when the task is found.
  func recoverHealth() async {
    guard case .running(let running) = row.machine.state, let launch = LaunchID(running.launch) else { return }
    let (tasks, name) = (services.tasks, taskName)
    let stored = try? await services.executor.run {
      let task = try tasks.openDirectory(container: name, launch: launch)
      let bytes = try readFile(Self.healthName, at: .directory(task), limit: Self.healthBytesMax)
      return try BoundedJSON.decode(HealthStateMachine.self, from: bytes)
    }
    // There is none before the first result.
    guard let stored else { return }
    row.health = stored
    healthWatch.launch = running.launch
  }
}

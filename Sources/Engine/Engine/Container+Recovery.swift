import Glibc
import Images
import LaunchPlan
import MonitorProtocol

// What goes on after a daemon's death, and what waits.

extension Container {
  /// How long a container that removes itself stays for those who lost an earlier daemon: as long as `skiff run` waits
  /// for the daemon to come back.
  static let grace = Duration.seconds(60)

  /// Where it is between an earlier daemon and this one, and what comes by itself.
  struct Recovery {
    /// Whether the row was compared with what is there. Orders wait for it.
    var isOver: Bool
    var waiters: [CheckedContinuation<Void, Never>] = []
    /// Until when whoever lost an earlier daemon may come back for its end; nil if there was no earlier one.
    var graceEnd: ContinuousClock.Instant?
    /// The next start, if its policy says so.
    var restart: Task<Void, Never>?
    /// The end of its stay, if it removes itself and has ended.
    var removal: Task<Void, Never>?
  }

  /// Finds its task again after the daemon's death, and goes on with what its policy says.
  ///
  /// - Parameter isSameBoot: whether its task may still run.
  func recover(isSameBoot: Bool) async {
    recovery.graceEnd = .now + Self.grace
    if isSameBoot { await recoverExecs() }
    switch row.machine.state {
    case .starting(let launch): await recover(launch.id, isSameBoot: isSameBoot)
    case .running(let running): await recover(running.launch, isSameBoot: isSameBoot)
    case .created: await finishVolumes()
    case .restarting, .exited, .removing: break
    }
    // A start that fails is told by the container's state.
    try? await handle(.daemonStarted(launch: "\(LaunchID.random())"))
    recovery.isOver = true
    for waiter in recovery.waiters { waiter.resume() }
    recovery.waiters = []
  }

  /// The daemon may have died between storing the container and filling its volumes.
  private func finishVolumes() async {
    let (services, spec, neighbours) = (services, row.spec, neighbours)
    try? await services.executor.run {
      let image = try services.images.image(spec.image.id)
      try services.fillVolumes(of: spec, chain: image.chain, isMounted: neighbours.usesVolume)
    }
  }

  private func recover(_ launch: String, isSameBoot: Bool) async {
    if isSameBoot { return await adopt(launch) }
    // The machine went down under it: there is no task, and nobody saw its end.
    try? await handle(
      .exited(
        Finished(launch: launch, startedAt: nil, finishedAt: .now(), exitCode: 255, error: "the machine went down")))
  }

  /// Returns when it is known what is left of it from an earlier daemon.
  func recovered() async {
    guard !recovery.isOver else { return }
    await withCheckedContinuation { recovery.waiters.append($0) }
  }

  /// Whether somebody may come back for its end: nobody has yet, and there was an earlier daemon not long ago.
  var mayBeComeBackFor: Bool {
    guard let graceEnd = recovery.graceEnd, graceEnd > .now else { return false }
    return !waiters.contains { $0.condition == .removed }
  }

  func scheduleRemoval() {
    let end = recovery.graceEnd ?? .now
    recovery.removal?.cancel()
    recovery.removal = Task {
      guard (try? await Task.sleep(until: end)) != nil else { return }
      try? await handle(.removalDue)
    }
  }

  func scheduleRestart(after delay: Duration) {
    recovery.restart?.cancel()
    recovery.restart = Task {
      // Cancelled: somebody started, stopped or removed the container meanwhile.
      guard (try? await Task.sleep(for: delay)) != nil else { return }
      try? await handle(.restartDue(launch: "\(LaunchID.random())"))
    }
  }
}

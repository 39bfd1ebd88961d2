package import LaunchPlan

/// A container's life as a pure value: events go in, effects come out, and nothing else happens here.
///
/// One actor owns each machine and performs its effects; what they lead to comes back as events. A report names its
/// launch, so one that arrives twice, late, or of a launch that is over, changes nothing.
package struct ContainerStateMachine: Equatable, Sendable, Codable {
  package private(set) var state: ContainerState = .created
  /// Restarts by policy since the user started it; Docker's `RestartCount`.
  package private(set) var restartCount = 0
  /// Whether the last end was the user's wish: `unless-stopped` remembers it across restarts of the daemon.
  package private(set) var isStoppedByUser = false
  /// When it ends it is removed: `--rm`.
  package let removesItself: Bool
  package var restartPolicy: LifecycleSpec.RestartPolicy
  /// The pause before the next restart; doubles with each, until a launch has lived long enough.
  private var nextDelay = ContainerStateMachine.firstDelay

  /// Docker's numbers: 100 ms, doubled up to a minute, and back to the first after ten good seconds.
  private static let firstDelay = Duration.milliseconds(100)
  private static let delayMax = Duration.seconds(60)
  private static let goodLife = Duration.seconds(10)

  /// A container that was just created.
  package init(restartPolicy: LifecycleSpec.RestartPolicy, removesItself: Bool) {
    self.restartPolicy = restartPolicy
    self.removesItself = removesItself
  }

  /// What happens to a container.
  package enum Event: Equatable, Sendable {
    /// Somebody wants it to run. `launch` names the attempt.
    case start(launch: String)
    /// The monitor reports the process.
    case launched(Running)
    /// The process could not be started.
    case launchFailed(Finished)
    /// The process ended. `lingers`: whoever waits for its end may have lost an earlier daemon and come back for it, so
    /// that a container which removes itself stays a while.
    case exited(Finished, lingers: Bool = false)
    /// The daemon died between its wish to launch and the launch: there never was a process.
    case launchAbandoned(launch: String)
    /// A daemon has started, and what was running is known again. `launch` names the attempt, if that makes one.
    case daemonStarted(launch: String)
    /// The user wants it to end: stop, or a signal that ends it. `endsRestarts` is false for a signal such as HUP.
    case stopRequested(endsRestarts: Bool)
    case paused
    case resumed
    /// The pause before a restart is over.
    case restartDue(launch: String)
    /// A container that removes itself has stayed long enough, or was asked for.
    case removalDue
    case remove(force: Bool)
  }

  /// What the owner must do, in this order.
  package enum Effect: Equatable, Sendable {
    case launch(String)
    /// Write the state down. `isDefinition`: the user's wish, which must survive a power failure.
    case save(isDefinition: Bool)
    case publish(ContainerEvent)
    case scheduleRestart(after: Duration)
    case cancelRestart
    /// It stays for those who come back for its end, but not for ever.
    case scheduleRemoval
    /// The launch is over: its task directory, cgroup and sandbox can go.
    case release(launch: String)
    case kill
    /// Remove the container with all that belongs to it.
    case removeContainer
  }

  /// Why an event was refused, in Docker's terms.
  package enum Refusal: Error, Equatable, Sendable {
    /// Nothing to do; Docker answers 304.
    case alreadyRunning
    case notRunning
    case isPaused
    case notPaused
    case isRestarting
    case isBeingRemoved
    /// Running, and `remove` came without force.
    case mustBeStopped
  }

  /// Takes `event` and says what must be done.
  package mutating func handle(_ event: Event) throws(Refusal) -> [Effect] {
    if case .removing = state {
      switch event {
      case .exited, .launchFailed, .launchAbandoned, .daemonStarted: break
      default: throw .isBeingRemoved
      }
    }
    switch event {
    case .start(let launch): return try start(launch)
    case .launched(let running): return launched(running)
    case .launchFailed(let finished): return ended(finished, neverRan: true, lingers: false)
    case .exited(let finished, let lingers): return ended(finished, neverRan: false, lingers: lingers)
    case .launchAbandoned(let launch): return launchAbandoned(launch)
    case .daemonStarted(let launch): return try daemonStarted(launch)
    case .stopRequested(let endsRestarts): return try stopRequested(endsRestarts: endsRestarts)
    case .paused: return try setPaused(true)
    case .resumed: return try setPaused(false)
    case .restartDue(let launch): return restartDue(launch)
    case .removalDue: return removalDue()
    case .remove(let force): return try remove(force: force)
    }
  }

  // MARK: Starting

  private mutating func start(_ launch: String) throws(Refusal) -> [Effect] {
    switch state {
    case .starting: throw .alreadyRunning
    case .running(let running): throw running.isPaused ? .isPaused : .alreadyRunning
    case .created, .exited, .restarting, .removing: break
    }
    var effects: [Effect] = []
    if case .restarting = state { effects.append(.cancelRestart) }
    restartCount = 0
    nextDelay = ContainerStateMachine.firstDelay
    // A start is observed like an end. Only that the user no longer wants it stopped must outlive a power failure.
    let endsStop = isStoppedByUser
    isStoppedByUser = false
    state = .starting(Launch(id: launch, previous: finished))
    return effects + [.save(isDefinition: endsStop), .launch(launch)]
  }

  private mutating func launched(_ running: Running) -> [Effect] {
    guard case .starting(let launch) = state, launch.id == running.launch else { return [] }
    var running = running
    if let previous = launch.previous, !previous.isFailedStart { running.previousEnd = previous.finishedAt }
    state = .running(running)
    return [.save(isDefinition: false), .publish(.start)]
  }

  private mutating func restartDue(_ launch: String) -> [Effect] {
    guard case .restarting(let finished) = state else { return [] }
    restartCount += 1
    state = .starting(Launch(id: launch, previous: finished))
    return [.save(isDefinition: false), .launch(launch)]
  }

  private mutating func launchAbandoned(_ abandoned: String) -> [Effect] {
    guard case .starting(let launch) = state, launch.id == abandoned else { return [] }
    state = launch.previous.map { .exited($0) } ?? .created
    return [.save(isDefinition: false), .release(launch: abandoned)]
  }

  /// Goes on where the daemon before was: no policy, removal or pause ends with it.
  private mutating func daemonStarted(_ launch: String) throws(Refusal) -> [Effect] {
    switch state {
    case .created, .starting, .running: return []
    // Of the pause we know that it was half of what the next one would be; how much of it is over, nobody knows.
    case .restarting: return [.scheduleRestart(after: max(ContainerStateMachine.firstDelay, nextDelay / 2))]
    case .exited where removesItself: return [.scheduleRemoval]
    case .exited: return restartPolicy.restartsWithDaemon(isStoppedByUser: isStoppedByUser) ? try start(launch) : []
    case .removing: return [.removeContainer]
    }
  }

  // MARK: Ending

  private mutating func stopRequested(endsRestarts: Bool) throws(Refusal) -> [Effect] {
    switch state {
    case .running(var running):
      isStoppedByUser = true
      running.isStopRequested = running.isStopRequested || endsRestarts
      state = .running(running)
      return [.save(isDefinition: true)]
    case .restarting(let finished):
      guard endsRestarts else { throw .isRestarting }
      isStoppedByUser = true
      state = .exited(finished)
      return [.cancelRestart, .save(isDefinition: true)]
    case .starting, .created, .exited, .removing: throw .notRunning
    }
  }

  private mutating func ended(_ finished: Finished, neverRan: Bool, lingers: Bool) -> [Effect] {
    guard launchID == finished.launch else { return [] }
    let release = Effect.release(launch: finished.launch)
    if case .removing = state {
      state = .removing(finished)
      return [.publish(.die(exitCode: finished.exitCode)), .removeContainer, release]
    }
    var effects: [Effect] = []
    if finished.wasOutOfMemory { effects.append(.publish(.outOfMemory)) }
    if !neverRan { effects.append(.publish(.die(exitCode: finished.exitCode))) }
    let wasStopRequested = isStopRequested
    // A container that cannot be started at all is the user's to mend, unless it was the policy that started it.
    let mayRestart = !wasStopRequested && (!neverRan || restartCount > 0)
    if mayRestart, restartPolicy.restarts(exitCode: finished.exitCode, restartCount: restartCount) {
      if let startedAt = finished.startedAt, finished.finishedAt.since(startedAt) >= ContainerStateMachine.goodLife {
        nextDelay = ContainerStateMachine.firstDelay
      }
      let delay = nextDelay
      nextDelay = min(nextDelay * 2, ContainerStateMachine.delayMax)
      state = .restarting(finished)
      return [.save(isDefinition: false)] + effects + [release, .scheduleRestart(after: delay)]
    }
    if removesItself, !lingers {
      state = .removing(finished)
      // In this order: until its row is gone, the launch's directory is what tells a next daemon how it ended.
      return effects + [.removeContainer, release]
    }
    state = .exited(finished)
    return [.save(isDefinition: false)] + effects + [release] + (removesItself ? [.scheduleRemoval] : [])
  }

  private mutating func removalDue() -> [Effect] {
    guard removesItself, case .exited(let finished) = state else { return [] }
    state = .removing(finished)
    return [.removeContainer]
  }

  // MARK: Pausing and removing

  private mutating func setPaused(_ isPaused: Bool) throws(Refusal) -> [Effect] {
    switch state {
    case .running(var running):
      guard running.isPaused != isPaused else { throw isPaused ? .isPaused : .notPaused }
      running.isPaused = isPaused
      state = .running(running)
      return [.save(isDefinition: false), .publish(isPaused ? .pause : .unpause)]
    case .restarting: throw .isRestarting
    case .created, .starting, .exited, .removing: throw isPaused ? .notRunning : .notPaused
    }
  }

  private mutating func remove(force: Bool) throws(Refusal) -> [Effect] {
    switch state {
    case .created:
      state = .removing(nil)
      return [.removeContainer]
    case .exited(let finished):
      state = .removing(finished)
      return [.removeContainer]
    case .restarting(let finished):
      guard force else { throw .mustBeStopped }
      state = .removing(finished)
      return [.cancelRestart, .removeContainer]
    case .running(let running):
      guard force else { throw .mustBeStopped }
      // The container goes when its process has gone: `ended` asks for it.
      return killed(launch: running.launch, startedAt: running.startedAt)
    case .starting(let launch):
      guard force else { throw .mustBeStopped }
      return killed(launch: launch.id, startedAt: nil)
    case .removing: throw .isBeingRemoved
    }
  }

  /// The container goes when its process has gone: `ended` asks for it.
  private mutating func killed(launch: String, startedAt: Timestamp?) -> [Effect] {
    let awaited = Finished(
      launch: launch, startedAt: startedAt, finishedAt: startedAt ?? Timestamp(nanoseconds: 0), exitCode: 137)
    state = .removing(awaited)
    return [.kill]
  }

  // MARK: Reading

  /// The launch that is under way, or whose end is awaited.
  var launchID: String? {
    switch state {
    case .starting(let launch): launch.id
    case .running(let running): running.launch
    case .removing(let finished): finished?.launch
    case .created, .restarting, .exited: nil
    }
  }

  private var isStopRequested: Bool {
    if case .running(let running) = state { running.isStopRequested } else { false }
  }

  /// How the last launch that ended did so.
  package var finished: Finished? {
    switch state {
    case .created, .running: nil
    case .starting(let launch): launch.previous
    case .restarting(let finished), .exited(let finished): finished
    case .removing(let finished): finished
    }
  }
}

/// What happened to a container, as `events` tells it.
package enum ContainerEvent: Equatable, Sendable {
  case create, start, restart, stop, pause, unpause, outOfMemory, destroy
  case kill(signal: Int32)
  case resize(rows: UInt16, columns: UInt16)
  case die(exitCode: Int32)
  case exec(ExecEvent)
  case health(HealthStateMachine.Status)
  case top
  case rename(oldName: String)
}

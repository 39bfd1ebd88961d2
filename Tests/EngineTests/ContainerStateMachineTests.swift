import Engine
import LaunchPlan
import Testing

@Suite("A container's life") struct ContainerStateMachineTests {
  @Test("start, run, exit: each step says what must be done")
  func life() throws {
    var machine = container()
    #expect(try machine.handle(.start(launch: "1")) == [.save(isDefinition: false), .launch("1")])
    #expect(try machine.handle(.launched(running("1"))) == [.save(isDefinition: false), .publish(.start)])
    #expect(
      try machine.handle(.exited(finished("1", exitCode: 3)))
        == [.save(isDefinition: false), .publish(.die(exitCode: 3)), .release(launch: "1")])
    #expect(machine.state == .exited(finished("1", exitCode: 3)))
  }

  @Test("a container that runs again still says when it ended before")
  func previousEnd() throws {
    var machine = try started("1")
    _ = try machine.handle(.exited(finished("1")))
    _ = try machine.handle(.start(launch: "2"))
    _ = try machine.handle(.launched(running("2")))
    guard case .running(let current) = machine.state else {
      Issue.record("\(machine.state)")
      return
    }
    #expect(current.previousEnd == finished("1").finishedAt)
  }

  @Test("a report of a launch that is over changes nothing")
  func staleReports() throws {
    var machine = try started("2")
    let before = machine
    #expect(try machine.handle(.exited(finished("1"))) == [])
    #expect(try machine.handle(.launched(running("1"))) == [])
    #expect(try machine.handle(.launchFailed(finished("1"))) == [])
    #expect(machine == before)
  }

  @Test("an exit that is reported twice counts once")
  func exitTwice() throws {
    var machine = try started("1")
    _ = try machine.handle(.exited(finished("1")))
    #expect(try machine.handle(.exited(finished("1"))) == [])
  }

  @Test("a running container cannot be started, and a paused one says that it is paused")
  func startTwice() throws {
    var machine = try started("1")
    #expect(throws: ContainerStateMachine.Refusal.alreadyRunning) { try machine.handle(.start(launch: "2")) }
    _ = try machine.handle(.paused)
    #expect(throws: ContainerStateMachine.Refusal.isPaused) { try machine.handle(.start(launch: "2")) }
  }

  @Test("always: an exit schedules a restart, and each one later, up to a minute")
  func backoff() throws {
    var machine = container(.always)
    _ = try machine.handle(.start(launch: "0"))
    var delays: [Duration] = []
    for number in 0..<12 {
      let effects = try machine.handle(.exited(finished("\(number)")))
      for case .scheduleRestart(let delay) in effects { delays.append(delay) }
      #expect(try machine.handle(.restartDue(launch: "\(number + 1)")).last == .launch("\(number + 1)"))
    }
    #expect(
      delays.map { "\($0)" } == [
        "0.1 seconds", "0.2 seconds", "0.4 seconds", "0.8 seconds", "1.6 seconds", "3.2 seconds", "6.4 seconds",
        "12.8 seconds", "25.6 seconds", "51.2 seconds", "60.0 seconds", "60.0 seconds",
      ])
    #expect(machine.restartCount == 12)
  }

  @Test("a launch that lived for ten seconds begins the delays anew")
  func backoffResets() throws {
    var machine = container(.always)
    _ = try machine.handle(.start(launch: "0"))
    _ = try machine.handle(.exited(finished("0")))
    _ = try machine.handle(.restartDue(launch: "1"))
    let effects = try machine.handle(.exited(finished("1", seconds: 10)))
    #expect(effects.last == .scheduleRestart(after: .milliseconds(100)))
  }

  @Test("on-failure: a success is an end, and so is the last attempt")
  func onFailure() throws {
    var machine = container(.onFailure(maximumRetries: 1))
    _ = try machine.handle(.start(launch: "0"))
    #expect(try machine.handle(.exited(finished("0", exitCode: 1))).last == .scheduleRestart(after: .milliseconds(100)))
    _ = try machine.handle(.restartDue(launch: "1"))
    _ = try machine.handle(.exited(finished("1", exitCode: 1)))
    #expect(machine.state == .exited(finished("1", exitCode: 1)))

    var successful = container(.onFailure(maximumRetries: 0))
    _ = try successful.handle(.start(launch: "0"))
    _ = try successful.handle(.exited(finished("0", exitCode: 0)))
    #expect(successful.state == .exited(finished("0", exitCode: 0)))
  }

  @Test("what the user stops stays stopped, whatever the policy")
  func stopped() throws {
    var machine = container(.always)
    _ = try machine.handle(.start(launch: "1"))
    _ = try machine.handle(.launched(running("1")))
    #expect(try machine.handle(.stopRequested(endsRestarts: true)) == [.save(isDefinition: true)])
    _ = try machine.handle(.exited(finished("1", exitCode: 143)))
    #expect(machine.state == .exited(finished("1", exitCode: 143)))
    #expect(machine.isStoppedByUser)
  }

  @Test("stop ends a wait for the next restart")
  func stopWhileRestarting() throws {
    var machine = container(.always)
    _ = try machine.handle(.start(launch: "1"))
    _ = try machine.handle(.exited(finished("1")))
    #expect(try machine.handle(.stopRequested(endsRestarts: true)) == [.cancelRestart, .save(isDefinition: true)])
    #expect(try machine.handle(.restartDue(launch: "2")) == [])
  }

  @Test("a start by the user that fails is not tried again")
  func failedStart() throws {
    var machine = container(.always)
    _ = try machine.handle(.start(launch: "1"))
    let failure = Finished(
      launch: "1", startedAt: nil, finishedAt: Timestamp(nanoseconds: 5), exitCode: 127, error: "not found")
    #expect(try machine.handle(.launchFailed(failure)) == [.save(isDefinition: false), .release(launch: "1")])
    #expect(machine.state == .exited(failure))
  }

  @Test("--rm: a container that cannot be started goes too")
  func failedStartRemoves() throws {
    var machine = container(removesItself: true)
    _ = try machine.handle(.start(launch: "1"))
    let failure = Finished(
      launch: "1", startedAt: nil, finishedAt: Timestamp(nanoseconds: 5), exitCode: 127, error: "not found")
    #expect(try machine.handle(.launchFailed(failure)) == [.removeContainer, .release(launch: "1")])
  }

  @Test("--rm: the end of the process is the container's")
  func removesItself() throws {
    var machine = try started("1", removesItself: true)
    #expect(
      try machine.handle(.exited(finished("1", exitCode: 0)))
        == [.publish(.die(exitCode: 0)), .removeContainer, .release(launch: "1")])
  }

  @Test("a running container is removed by force only, and goes when its process has gone")
  func removeRunning() throws {
    var machine = try started("1")
    #expect(throws: ContainerStateMachine.Refusal.mustBeStopped) { try machine.handle(.remove(force: false)) }
    #expect(try machine.handle(.remove(force: true)) == [.kill])
    #expect(throws: ContainerStateMachine.Refusal.isBeingRemoved) { try machine.handle(.start(launch: "2")) }
    #expect(
      try machine.handle(.exited(finished("1", exitCode: 137)))
        == [.publish(.die(exitCode: 137)), .removeContainer, .release(launch: "1")])
  }

  @Test("an end for lack of memory is an event of its own, before die")
  func outOfMemory() throws {
    var machine = try started("1")
    let end = Finished(
      launch: "1", startedAt: Timestamp(nanoseconds: 0), finishedAt: Timestamp(nanoseconds: 1), exitCode: 137,
      wasOutOfMemory: true)
    #expect(
      try machine.handle(.exited(end))
        == [.save(isDefinition: false), .publish(.outOfMemory), .publish(.die(exitCode: 137)), .release(launch: "1")])
  }

  @Test("pause and unpause are refused where they mean nothing")
  func pausing() throws {
    var machine = try started("1")
    #expect(throws: ContainerStateMachine.Refusal.notPaused) { try machine.handle(.resumed) }
    #expect(try machine.handle(.paused) == [.save(isDefinition: false), .publish(.pause)])
    #expect(throws: ContainerStateMachine.Refusal.isPaused) { try machine.handle(.paused) }
    #expect(try machine.handle(.resumed) == [.save(isDefinition: false), .publish(.unpause)])
  }

  @Test("--rm: an end that somebody may come back for stays until it was asked for, once")
  func lingers() throws {
    var machine = try started("1", removesItself: true)
    #expect(
      try machine.handle(.exited(finished("1", exitCode: 4), lingers: true))
        == [
          .save(isDefinition: false), .publish(.die(exitCode: 4)), .release(launch: "1"), .scheduleRemoval,
        ])
    #expect(machine.state == .exited(finished("1", exitCode: 4)))
    #expect(try machine.handle(.removalDue) == [.removeContainer])
    #expect(throws: ContainerStateMachine.Refusal.isBeingRemoved) { try machine.handle(.removalDue) }
  }

  @Test("--rm: one that was started again while it stayed goes on")
  func lingersNoMore() throws {
    var machine = try started("1", removesItself: true)
    _ = try machine.handle(.exited(finished("1"), lingers: true))
    _ = try machine.handle(.start(launch: "2"))
    #expect(try machine.handle(.removalDue) == [])
  }

  @Test("a start that the daemon did not live to make leaves the container as it was")
  func launchAbandoned() throws {
    var machine = container()
    let before = machine
    _ = try machine.handle(.start(launch: "1"))
    #expect(
      try machine.handle(.launchAbandoned(launch: "1")) == [.save(isDefinition: false), .release(launch: "1")])
    #expect(machine == before)
    _ = try machine.handle(.start(launch: "2"))
    _ = try machine.handle(.exited(finished("2", exitCode: 3)))
    _ = try machine.handle(.start(launch: "3"))
    _ = try machine.handle(.launchAbandoned(launch: "3"))
    #expect(machine.state == .exited(finished("2", exitCode: 3)))
  }

  @Test("a daemon that starts lets run, wait and rest what did, and goes on with pauses and removals")
  func daemonStarted() throws {
    var machine = container(.onFailure(maximumRetries: 3))
    #expect(try machine.handle(.daemonStarted(launch: "9")) == [])
    _ = try machine.handle(.start(launch: "0"))
    _ = try machine.handle(.launched(running("0")))
    #expect(try machine.handle(.daemonStarted(launch: "9")) == [])
    for number in 0..<3 {
      _ = try machine.handle(.exited(finished("\(number)")))
      #expect(
        try machine.handle(.daemonStarted(launch: "9")) == [.scheduleRestart(after: .milliseconds(100 << number))])
      _ = try machine.handle(.restartDue(launch: "\(number + 1)"))
    }
    // The retries are used up: another daemon gives no new ones.
    _ = try machine.handle(.exited(finished("3")))
    #expect(try machine.handle(.daemonStarted(launch: "9")) == [])

    var removed = try started("1", removesItself: true)
    _ = try removed.handle(.exited(finished("1"), lingers: true))
    #expect(try removed.handle(.daemonStarted(launch: "9")) == [.scheduleRemoval])
  }

  @Test(
    "a daemon that starts brings back what its policy says, whoever stopped it",
    arguments: [
      (LifecycleSpec.RestartPolicy.never, false), (.always, true), (.unlessStopped, false),
      (.onFailure(maximumRetries: 0), false),
    ])
  func stoppedAndDaemonStarted(policy: LifecycleSpec.RestartPolicy, starts: Bool) throws {
    var machine = container(policy)
    _ = try machine.handle(.start(launch: "1"))
    _ = try machine.handle(.launched(running("1")))
    _ = try machine.handle(.stopRequested(endsRestarts: true))
    _ = try machine.handle(.exited(finished("1", exitCode: 143)))
    #expect(
      try machine.handle(.daemonStarted(launch: "2")) == (starts ? [.save(isDefinition: true), .launch("2")] : []))
  }

  private func container(
    _ policy: LifecycleSpec.RestartPolicy = .never, removesItself: Bool = false
  ) -> ContainerStateMachine {
    ContainerStateMachine(restartPolicy: policy, removesItself: removesItself)
  }

  private func started(_ launch: String, removesItself: Bool = false) throws -> ContainerStateMachine {
    var machine = container(removesItself: removesItself)
    _ = try machine.handle(.start(launch: launch))
    _ = try machine.handle(.launched(running(launch)))
    return machine
  }

  private func running(_ launch: String) -> Running {
    Running(launch: launch, pid: 42, startTime: 1, startedAt: Timestamp(nanoseconds: 0))
  }

  private func finished(_ launch: String, exitCode: Int32 = 1, seconds: Int64 = 1) -> Finished {
    Finished(
      launch: launch, startedAt: Timestamp(nanoseconds: 0), finishedAt: Timestamp(nanoseconds: seconds * 1_000_000_000),
      exitCode: exitCode)
  }
}

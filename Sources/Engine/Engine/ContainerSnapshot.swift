package import LaunchPlan

/// A container at one moment, for whoever looks.
package struct ContainerSnapshot: Sendable {
  package let spec: ContainerSpec
  package let state: ContainerState
  package let restartCount: Int
  package let created: Timestamp
  /// nil before it was started, and without a test.
  package let health: HealthStateMachine?

  init(_ row: ContainerRow) {
    spec = row.spec
    state = row.machine.state
    restartCount = row.machine.restartCount
    created = row.created
    health = row.health
    finished = row.machine.finished
  }

  /// How its last launch that ended did so.
  package let finished: Finished?

  /// Whether it has a process, or is about to.
  package var isRunning: Bool {
    switch state {
    case .starting, .running, .restarting: true
    case .created, .exited, .removing: false
    }
  }

  /// Whether it has a process.
  package var hasProcess: Bool {
    switch state {
    case .starting, .running: true
    case .created, .exited, .removing, .restarting: false
    }
  }

  /// Docker's word for its state.
  package var status: String {
    switch state {
    case .created, .starting: "created"
    case .running(let running): running.isPaused ? "paused" : "running"
    case .restarting: "restarting"
    case .exited(let finished): finished.isFailedStart ? "created" : "exited"
    case .removing: "removing"
    }
  }
}

/// What a waiter waits for, in Docker's words.
package enum WaitCondition: String, Sendable {
  case notRunning = "not-running"
  case nextExit = "next-exit"
  case removed
}

/// How a container ended, for who waited.
package struct ContainerEnd: Equatable, Sendable {
  package let exitCode: Int32
  /// Why the process never ran.
  package let error: String?
  /// Whether the kernel killed a process of it for want of memory.
  package var wasOutOfMemory = false
}

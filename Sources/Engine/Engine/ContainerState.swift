/// Where a container is in its life. Each case carries what exists in that state and nothing else.
package enum ContainerState: Equatable, Sendable, Codable {
  /// Made, never started.
  case created
  /// A monitor is being launched; there is no process yet.
  case starting(Launch)
  case running(Running)
  /// Ended, and will be started again when its pause is over: Docker's "restarting".
  case restarting(Finished)
  case exited(Finished)
  /// Being removed; it answers nobody any more.
  case removing(Finished?)
}

/// One start of a container. Its id makes reports idempotent: what comes of an older launch is ignored.
package struct Launch: Equatable, Sendable, Codable {
  /// 128 random bits in hex.
  package let id: String
  /// How the launch before this one ended, shown until there is something newer.
  package let previous: Finished?

  /// Creates it from its members.
  package init(id: String, previous: Finished?) {
    self.id = id
    self.previous = previous
  }
}

/// A container whose process runs.
package struct Running: Equatable, Sendable, Codable {
  package let launch: String
  package let pid: Int32
  /// Of the process, in clock ticks after boot: with the pid it names one process for ever.
  package let startTime: UInt64
  package let startedAt: Timestamp
  package var isPaused = false
  /// Whether the user asked for the end; then no restart policy applies.
  package var isStopRequested = false
  /// When the launch before this one ended, if there was one: `inspect` goes on to tell it.
  package var previousEnd: Timestamp?

  /// Creates it from its members.
  package init(launch: String, pid: Int32, startTime: UInt64, startedAt: Timestamp) {
    self.launch = launch
    self.pid = pid
    self.startTime = startTime
    self.startedAt = startedAt
  }
}

/// How a launch ended.
package struct Finished: Equatable, Sendable, Codable {
  package let launch: String
  /// nil when the process never ran.
  package let startedAt: Timestamp?
  package let finishedAt: Timestamp
  /// Docker's number: the process's own, 128 + signal, 125 to 128 when it never ran.
  package let exitCode: Int32
  package let wasOutOfMemory: Bool
  /// Why it never ran, or that its monitor was lost.
  package let error: String?

  /// Creates it from its members.
  package init(
    launch: String, startedAt: Timestamp?, finishedAt: Timestamp, exitCode: Int32, wasOutOfMemory: Bool = false,
    error: String? = nil
  ) {
    self.launch = launch
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.exitCode = exitCode
    self.wasOutOfMemory = wasOutOfMemory
    self.error = error
  }

  /// Whether there never was a process. Docker then goes on to call the container "created".
  package var isFailedStart: Bool { startedAt == nil && (125...128).contains(exitCode) }
}

/// A point in time: nanoseconds after 1970-01-01 00:00 UTC.
package struct Timestamp: Equatable, Hashable, Comparable, Sendable, Codable {
  package let nanoseconds: Int64

  /// Wraps the count.
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

  /// How long after `earlier` this is.
  package func since(_ earlier: Timestamp) -> Duration { .nanoseconds(nanoseconds - earlier.nanoseconds) }
}

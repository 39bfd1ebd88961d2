package import MonitorProtocol

/// Why a task could not be launched, reached or told something.
package enum TaskError: Error, Equatable, CustomStringConvertible {
  /// The process could not be made, or an order was refused: the monitor's own words.
  case refused(Failure)
  /// The monitor could not be started or talked to.
  case monitor(String)
  /// The connection to the monitor is gone; whether the process lives is found out by adopting it.
  case lost

  package var description: String {
    switch self {
    case .refused(let failure): failure.text
    case .monitor(let text): text
    case .lost: "the monitor is gone"
    }
  }
}

/// What happened to a task.
package enum TaskEvent: Equatable, Sendable {
  /// So many times since the launch the kernel killed something of it for its memory limit.
  case outOfMemory(count: UInt64)
  case exited(ExitRecord)
  /// The connection ended without an exit; nothing comes after it.
  case lost
}

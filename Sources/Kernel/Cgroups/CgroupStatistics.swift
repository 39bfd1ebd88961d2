package import Linux

/// What a cgroup's processes use and have used, as far as the kernel counts it.
package struct CgroupStatistics: Equatable, Sendable {
  package var cpu: CPU?
  package var memory: Memory?
  package var tasks: Tasks?
  package var blockIO: BlockIO?

  /// Times are in nanoseconds.
  package struct CPU: Equatable, Sendable {
    package var total: UInt64
    package var user: UInt64
    package var system: UInt64
    /// v1 only; else empty.
    package var perProcessor: [UInt64] = []
    /// How many periods of a quota have passed, and in how many it was used up.
    package var periods: UInt64
    package var throttledPeriods: UInt64
    package var throttledTime: UInt64
  }

  /// Sizes are in bytes.
  package struct Memory: Equatable, Sendable {
    package var usage: UInt64
    /// Nil on v2 before Linux 5.19.
    package var peakUsage: UInt64?
    /// Nil when it is unlimited.
    package var limit: UInt64?
    /// How often the limit was met; v1's `failcnt`, v2's `max` event.
    package var limitHits: UInt64
    /// How often an allocation was about to fail for it: v2's `oom` event. v1 does not count that.
    package var limitFailures: UInt64 = 0
    /// How many processes were killed for memory.
    package var oomKills: UInt64
    /// The lines of `memory.stat`, whose names differ between v1 and v2.
    package var details: [String: UInt64]
  }

  /// Processes and threads.
  package struct Tasks: Equatable, Sendable {
    package var current: UInt64
    /// Nil when it is unlimited.
    package var limit: UInt64?
  }

  /// What was read from and written to block devices, below the page cache.
  package struct BlockIO: Equatable, Sendable {
    package var bytes: [Entry]
    package var operations: [Entry]

    /// A counter of one device.
    package struct Entry: Equatable, Sendable {
      package let device: DeviceNumber
      /// v1: `Read`, `Write`, `Sync`, `Async`, `Discard`, `Total`. v2: `read`, `write`.
      package let operation: String
      package let value: UInt64
    }
  }
}

/// Reads `"8:16"`.
func deviceNumber(_ text: Substring) -> DeviceNumber? {
  let parts = text.split(separator: ":")
  guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]) else { return nil }
  return DeviceNumber(major, minor)
}

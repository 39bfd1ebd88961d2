import Glibc
import Linux

/// The time that all processors of the machine have spent together, idle or not: what a container's share is a share of.
package struct ProcessorTime: Equatable, Sendable {
  package let nanoseconds: UInt64
  /// How many processors are online.
  package let processors: Int

  /// Asks the kernel. It blocks, briefly.
  static func read() throws(SyscallError) -> ProcessorTime {
    ProcessorTime(text: try readText("/proc/stat"), ticksPerSecond: UInt64(max(1, sysconf(Int32(_SC_CLK_TCK)))))
  }

  /// Reads proc(5) "/proc/stat": a line `cpu` with the sums, and a line `cpuN` for each processor that is online.
  init(text: String, ticksPerSecond: UInt64) {
    var ticks: UInt64 = 0
    var processors = 0
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let name = words.first, name.hasPrefix("cpu") else { break }
      if name != "cpu" {
        processors += 1
      } else {
        // user, nice, system, idle, iowait, irq, softirq, steal. The guests' time after them is in user already.
        ticks = words.dropFirst().prefix(8).reduce(0) { $0 &+ (UInt64($1) ?? 0) }
      }
    }
    nanoseconds = ticks &* (1_000_000_000 / ticksPerSecond)
    self.processors = processors
  }
}

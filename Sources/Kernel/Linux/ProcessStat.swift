/// What `/proc/PID/stat` tells of a process: proc(5).
package struct ProcessStat: Equatable, Sendable {
  package let parent: Int32
  /// In clock ticks after boot. With the pid it names one process for ever.
  package let startTime: UInt64
  package let isZombie: Bool

  /// Reads it for the process `pid`.
  package init(pid: Int32) throws(SyscallError) {
    let text = try readText("/proc/\(pid)/stat")
    guard let stat = ProcessStat(text) else {
      throw SyscallError("read", "/proc/\(pid)/stat", errno: .invalidArgument)
    }
    self = stat
  }

  /// Reads the line: the name in parentheses may hold anything, so the fields count from the last parenthesis.
  init?(_ text: String) {
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let parent = Int32(fields[1]), let startTime = UInt64(fields[19]) else { return nil }
    self.parent = parent
    self.startTime = startTime
    isZombie = fields[0] == "Z" || fields[0] == "X"
  }
}

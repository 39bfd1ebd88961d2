package import Linux

/// Notices of processes that the kernel kills because their cgroup's memory is used up.
package struct OOMWatch: Sendable {
  /// Polls readable when something may have happened. v1 also wakes it when the cgroup is removed, v2 when memory
  /// meets another boundary: ask `kills`.
  package let descriptor: Descriptor
  let directory: ControlDirectory
  let file: String

  /// How many processes were killed for memory, so far and in all. Zero once the cgroup is gone.
  package func kills() throws(CgroupError) -> UInt64 { try directory.table(file)["oom_kill"] ?? 0 }

  /// Makes `descriptor` unreadable until the next notice.
  package func acknowledge() throws(CgroupError) {
    try system { () throws(SyscallError) in try descriptor.drain() }
  }
}

import CLinux
import Glibc

/// A capability: capabilities(7).
package struct Capability: Hashable, Sendable, CustomStringConvertible {
  /// Its bit's number.
  package let number: UInt8

  /// The capability that the OCI and Docker call `name` (`"CAP_CHOWN"`), or nil if Linux has none of that name.
  package init?(_ name: String) {
    guard let index = Capability.names.firstIndex(of: name) else { return nil }
    number = UInt8(index)
  }

  fileprivate init(number: UInt8) { self.number = number }

  package var description: String { Capability.names[Int(number)] }

  /// Every capability, by number.
  package static let all = names.indices.map { Capability(number: UInt8($0)) }

  /// By number, as in `linux/capability.h`.
  private static let names = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
    "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
  ]
}

/// A set of capabilities, as the kernel's bit mask.
package struct CapabilitySet: Equatable, Sendable {
  package private(set) var mask: UInt64

  /// The set with these bits.
  package init(mask: UInt64 = 0) { self.mask = mask }

  /// The set of `capabilities`.
  package init(_ capabilities: [Capability]) {
    mask = capabilities.reduce(0) { $0 | 1 << UInt64($1.number) }
  }

  /// Says whether `capability` is in the set.
  package func contains(_ capability: Capability) -> Bool { mask & (1 << UInt64(capability.number)) != 0 }

  /// The capabilities that are in both sets.
  package func intersection(_ other: CapabilitySet) -> CapabilitySet { CapabilitySet(mask: mask & other.mask) }

  /// The capabilities that are in either set.
  package func union(_ other: CapabilitySet) -> CapabilitySet { CapabilitySet(mask: mask | other.mask) }
}

/// What the calling thread may at most regain: its bounding set.
package func boundingSet() -> CapabilitySet {
  CapabilitySet(Capability.all.filter { clinux_prctl(PR_CAPBSET_READ, UInt($0.number), 0, 0, 0) == 1 })
}

/// Takes everything that is not in `set` out of the calling thread's bounding set, for good.
package func limitBoundingSet(to set: CapabilitySet) throws(SyscallError) {
  for capability in Capability.all where !set.contains(capability) {
    // Not in the bounding set is what was asked; the kernel may also know fewer capabilities than we do.
    guard clinux_prctl(PR_CAPBSET_READ, UInt(capability.number), 0, 0, 0) == 1 else { continue }
    _ = try syscall("prctl PR_CAPBSET_DROP", capability.description) {
      clinux_prctl(PR_CAPBSET_DROP, UInt(capability.number), 0, 0, 0)
    }
  }
}

/// The calling thread's capabilities.
package func currentCapabilities() throws(SyscallError) -> (effective: CapabilitySet, permitted: CapabilitySet) {
  var caps = clinux_caps()
  _ = try syscall("capget") { clinux_capget(&caps) }
  return (CapabilitySet(mask: caps.effective), CapabilitySet(mask: caps.permitted))
}

/// Sets the calling thread's three sets.
package func setCapabilities(
  effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet
) throws(SyscallError) {
  var caps = clinux_caps(effective: effective.mask, permitted: permitted.mask, inheritable: inheritable.mask)
  _ = try syscall("capset") { clinux_capset(&caps) }
}

/// Makes exactly `set` ambient: kept by a program without file capabilities that an ordinary user executes.
package func setAmbientCapabilities(_ set: CapabilitySet) throws(SyscallError) {
  _ = try syscall("prctl PR_CAP_AMBIENT_CLEAR_ALL") {
    clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
  }
  for capability in Capability.all where set.contains(capability) {
    _ = try syscall("prctl PR_CAP_AMBIENT_RAISE", capability.description) {
      clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_RAISE), UInt(capability.number), 0, 0)
    }
  }
}

/// Keeps permitted capabilities across the next change from root to another user.
package func keepCapabilities(_ on: Bool) throws(SyscallError) {
  _ = try syscall("prctl PR_SET_KEEPCAPS") { clinux_prctl(PR_SET_KEEPCAPS, on ? 1 : 0, 0, 0, 0) }
}

/// No execve from here on can gain privileges, by set-uid bits or file capabilities.
package func setNoNewPrivileges() throws(SyscallError) {
  _ = try syscall("prctl PR_SET_NO_NEW_PRIVS") { clinux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }
}

/// Installs a compiled seccomp program on the calling thread.
///
/// - Parameter program: `struct sock_filter`s, 8 bytes each.
/// - Parameter flags: `SECCOMP_FILTER_FLAG_…`.
package func installSeccompFilter(_ program: [UInt8], flags: UInt32) throws(SyscallError) {
  let size = MemoryLayout<sock_filter>.size
  guard program.count % size == 0, !program.isEmpty, program.count / size <= Int(UInt16.max) else {
    throw SyscallError("seccomp", "program of \(program.count) bytes", errno: .invalidArgument)
  }
  let filters = [sock_filter](unsafeUninitializedCapacity: program.count / size) { buffer, count in
    UnsafeMutableRawBufferPointer(buffer).copyBytes(from: program)
    count = program.count / size
  }
  _ = try syscall("seccomp") { clinux_seccomp_filter(filters, UInt16(filters.count), flags) }
}

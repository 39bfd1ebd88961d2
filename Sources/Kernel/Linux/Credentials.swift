import CLinux
import Glibc

/// Becomes user `uid` and group `gid` with exactly `groups` as supplementary groups, in the only order that works:
/// groups first, while we still may.
package func setCredentials(uid: UInt32, gid: UInt32, groups: [UInt32]) throws(SyscallError) {
  _ = try syscall("setgroups", "\(groups)") { clinux_setgroups(groups.count, groups) }
  _ = try syscall("setresgid", "\(gid)") { clinux_setresgid(gid, gid, gid) }
  _ = try syscall("setresuid", "\(uid)") { clinux_setresuid(uid, uid, uid) }
}

/// A limit on what one process may use: getrlimit(2).
package enum ResourceLimit: String, CaseIterable, Sendable {
  case cpu = "RLIMIT_CPU"
  case fileSize = "RLIMIT_FSIZE"
  case data = "RLIMIT_DATA"
  case stack = "RLIMIT_STACK"
  case core = "RLIMIT_CORE"
  case residentSet = "RLIMIT_RSS"
  case processes = "RLIMIT_NPROC"
  case openFiles = "RLIMIT_NOFILE"
  case lockedMemory = "RLIMIT_MEMLOCK"
  case addressSpace = "RLIMIT_AS"
  case locks = "RLIMIT_LOCKS"
  case pendingSignals = "RLIMIT_SIGPENDING"
  case messageQueues = "RLIMIT_MSGQUEUE"
  case nice = "RLIMIT_NICE"
  case realTimePriority = "RLIMIT_RTPRIO"
  case realTimeTime = "RLIMIT_RTTIME"

  /// The kernel's number: the cases above stand in its order.
  fileprivate var number: __rlimit_resource_t {
    __rlimit_resource_t(rawValue: UInt32(ResourceLimit.allCases.firstIndex(of: self) ?? 0))
  }
}

/// Sets `limit` of the calling process. Raising the hard limit needs CAP_SYS_RESOURCE.
package func setResourceLimit(_ limit: ResourceLimit, soft: UInt64, hard: UInt64) throws(SyscallError) {
  var value = rlimit(rlim_cur: rlim_t(soft), rlim_max: rlim_t(hard))
  _ = try syscall("setrlimit", "\(limit.rawValue) \(soft):\(hard)") { setrlimit(limit.number, &value) }
}

/// The soft and hard value of `limit` of the calling process.
package func resourceLimit(_ limit: ResourceLimit) throws(SyscallError) -> (soft: UInt64, hard: UInt64) {
  var value = rlimit()
  _ = try syscall("getrlimit", limit.rawValue) { getrlimit(limit.number, &value) }
  return (UInt64(value.rlim_cur), UInt64(value.rlim_max))
}

/// Names the calling process as `ps` shows it; the kernel keeps 15 bytes.
package func setProcessName(_ name: String) {
  _ = name.withCString { clinux_prctl(PR_SET_NAME, UInt(bitPattern: $0), 0, 0, 0) }
}

/// Becomes the parent of orphans among our descendants.
package func becomeSubreaper() throws(SyscallError) {
  _ = try syscall("prctl PR_SET_CHILD_SUBREAPER") { clinux_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
}

/// Joins a new, empty session keyring, so that a container sees no key of ours.
///
/// A kernel without keyrings, or an outer seccomp filter that forbids them, leaves nothing to protect.
package func joinNewSessionKeyring(named name: String) throws(SyscallError) {
  do { _ = try syscall("keyctl", name) { clinux_keyctl_join_session(name) } } catch {
    switch error.errno {
    case .notImplemented, .notPermitted: return
    default: throw error
    }
  }
}

/// Sets the host name of the uts namespace.
package func setHostName(_ name: String) throws(SyscallError) {
  _ = try syscall("sethostname", name) { Glibc.sethostname(name, name.utf8.count) }
}

/// Sets the NIS domain name of the uts namespace.
package func setDomainName(_ name: String) throws(SyscallError) {
  _ = try syscall("setdomainname", name) { Glibc.setdomainname(name, name.utf8.count) }
}

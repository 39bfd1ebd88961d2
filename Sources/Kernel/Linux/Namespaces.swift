import CLinux
import Glibc

/// The kinds of namespace: namespaces(7).
package enum NamespaceKind: String, CaseIterable, Sendable {
  case cgroup, ipc, mount, network, pid, time, user, uts

  /// The bit that clone(2), unshare(2) and setns(2) know it by.
  package var flag: Int32 {
    switch self {
    case .cgroup: CLONE_NEWCGROUP
    case .ipc: CLONE_NEWIPC
    case .mount: CLONE_NEWNS
    case .network: CLONE_NEWNET
    case .pid: CLONE_NEWPID
    case .time: CLONE_NEWTIME
    case .user: CLONE_NEWUSER
    case .uts: CLONE_NEWUTS
    }
  }

  /// Its name under `/proc/PID/ns`.
  package var fileName: String {
    switch self {
    case .mount: "mnt"
    case .network: "net"
    default: rawValue
    }
  }
}

/// Moves the calling process into new namespaces of `kinds`. Of a pid or time namespace, its children become the members.
package func unshare(_ kinds: [NamespaceKind]) throws(SyscallError) {
  let flags = kinds.reduce(0) { $0 | $1.flag }
  _ = try syscall("unshare", kinds.map(\.rawValue).joined(separator: ",")) { Glibc.unshare(flags) }
}

extension Descriptor {
  /// Moves the calling process into the namespace that this descriptor of `/proc/PID/ns/…` holds open, or, for a
  /// pidfd, into those `kinds` of that process.
  package func enterNamespaces(_ kinds: [NamespaceKind]) throws(SyscallError) {
    let flags = kinds.reduce(0) { $0 | $1.flag }
    _ = try syscall("setns", kinds.map(\.rawValue).joined(separator: ",")) { setns(raw, flags) }
  }
}

/// Brings the loopback interface of the calling process's network namespace up.
package func bringLoopbackUp() throws(SyscallError) {
  _ = try syscall("ioctl SIOCSIFFLAGS", "lo") { clinux_loopback_up() }
}

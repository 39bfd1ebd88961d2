package import Linux

/// Why a cgroup could not be made, limited, watched or removed.
package enum CgroupError: Error, Equatable, CustomStringConvertible {
  /// No cgroup file system is mounted that has the controllers we need.
  case noHierarchy
  /// A path that is not absolute, is the root, or has empty or dotted components.
  case invalidPath(String)
  /// The cgroup is there already.
  case exists(path: String)
  /// The kernel has no such control: its controller is not built in, not mounted or not delegated to us.
  case missingControl(file: String, limit: String)
  /// The kernel did not take `value`.
  case refused(file: String, value: String, errno: Errno)
  /// A limit which this version of cgroups cannot express.
  case unsupported(limit: String, reason: String)
  /// Processes are where none may be.
  case occupied(path: String)
  case timedOut(path: String, waitingFor: String)
  case system(SyscallError)

  package var description: String {
    switch self {
    case .noHierarchy: "no cgroup file system is mounted\nhint: mount one at /sys/fs/cgroup"
    case .invalidPath(let path): "\"\(path)\" is not a cgroup path: it must be absolute, not the root, without \"..\""
    case .exists(let path): "cgroup \"\(path)\" exists already"
    case .missingControl(let file, let limit): "cannot set \(limit): this host has no \(file)"
    case .refused(let file, let value, let errno): "cannot write \"\(value)\" to \(file): \(errno)"
    case .unsupported(let limit, let reason): "cannot set \(limit): \(reason)"
    case .occupied(let path): "cgroup \"\(path)\" has processes in it"
    case .timedOut(let path, let event): "cgroup \"\(path)\": timed out waiting until \(event)"
    case .system(let error): error.description
    }
  }
}

/// Runs `body` and turns a failed system call into a `CgroupError`.
func system<Value>(_ body: () throws(SyscallError) -> Value) throws(CgroupError) -> Value {
  do { return try body() } catch { throw .system(error) }
}

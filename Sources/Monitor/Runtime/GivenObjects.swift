import Glibc
package import Linux

/// What stands in for things that a spec names by their paths, held open by whoever made sure whose they are: behind a
/// path there may be another one by now.
package struct GivenObjects {
  /// Namespaces of other containers that the new one joins.
  package var network: Descriptor?
  package var process: Descriptor?
  package var ipc: Descriptor?
  /// The mount namespace of the container whose `/dev/shm` is the new one's too.
  package var sharedMemoryOwner: Descriptor?
  /// Detached trees, by the destinations of the mounts whose sources they are.
  package var mountSources: [String: Descriptor] = [:]

  /// Creates one that stands in for nothing.
  package init() {}

  /// The namespace of this kind that is joined.
  subscript(kind: NamespaceKind) -> Descriptor? {
    switch kind {
    case .network: network
    case .pid: process
    case .ipc: ipc
    case .mount, .uts, .user, .cgroup, .time: nil
    }
  }

  /// A clone of the `/dev/shm` that is shared, found inside its owner; nil where none is.
  func sharedMemory() throws(RuntimeError) -> Descriptor? {
    guard let sharedMemoryOwner else { return nil }
    return try during("open the shared memory of another container") {
      let own = try open("/proc/self/ns/mnt", O_RDONLY)
      let ownRoot = try open("/", O_PATH | O_DIRECTORY)
      // Mounts of another namespace can be cloned from inside only. There "/" is the owner's root, so that no path leads
      // out of what it sees anyway.
      try sharedMemoryOwner.enterNamespaces([.mount])
      let clone: Descriptor?
      do {
        let place = try open("dev/shm", below: open("/", O_PATH | O_DIRECTORY), O_PATH, [.beneath, .noSymlinks])
        clone = try cloneMount("", at: .directory(place), isRecursive: false)
      } catch {
        clone = nil
      }
      try own.enterNamespaces([.mount])
      // Our own root need not be that of our namespace: a daemon may live in a chroot.
      try changeRoot(to: ownRoot)
      guard let clone else { throw SyscallError("open_tree", "/dev/shm", errno: .noSuchFile) }
      return clone
    }
  }
}

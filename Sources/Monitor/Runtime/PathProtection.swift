import Glibc
import Linux

/// Hides and protects paths of the kernel's views. Runs in the child, after the mounts and before the root becomes `/`.
struct PathProtection {
  let root: ContainerRootDirectory

  /// Makes `path` unreadable. A missing path is not an error: OCI runtime-spec, config-linux.md "Masked Paths".
  func mask(_ path: String) throws(RuntimeError) {
    try during("mask \"\(path)\"") {
      guard let target = try existing(path) else { return }
      if try target.status().isDirectory {
        let empty = try FileSystemContext("tmpfs")
        try empty.set("source", "tmpfs")
        try empty.set("size", "0")
        try empty.set("nr_inodes", "1")
        try empty.mount([.readOnly, .noSuid, .noDevices, .noExec]).attachMount(on: target, path)
      } else {
        // The host's, not the container's, which could be something else by now (CVE-2025-31133).
        try cloneMount("/dev/null", isRecursive: false).attachMount(on: target, path)
      }
    }
  }

  /// Makes `path` and what is mounted below it read-only; a missing path is not an error.
  func makeReadOnly(_ path: String) throws(RuntimeError) {
    try during("make \"\(path)\" read-only") {
      guard let target = try existing(path) else { return }
      let tree = try cloneMount("", at: .directory(target))
      try tree.setMountAttributes(.readOnly, isRecursive: true)
      try tree.attachMount(on: target, path)
    }
  }

  private func existing(_ path: String) throws(SyscallError) -> Descriptor? {
    do { return try root.open(path) } catch {
      switch error.errno {
      case .noSuchFile, .notDirectory: return nil
      default: throw error
      }
    }
  }
}

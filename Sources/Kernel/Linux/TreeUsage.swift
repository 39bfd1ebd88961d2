import Glibc

/// What a tree takes.
package struct TreeUsage: Equatable, Sendable {
  /// The sizes of its files, links and devices, each inode counted once; what directories take is left out, as in
  /// Docker's figures.
  package var bytes: Int64 = 0
  /// Inodes of all types, the root's included.
  package var inodes: Int64 = 0

  /// Creates it from its members.
  package init(bytes: Int64 = 0, inodes: Int64 = 0) {
    self.bytes = bytes
    self.inodes = inodes
  }
}

/// Measures the tree of the directory `root`, without following links or entering mounts. What vanishes meanwhile is not
/// counted.
package func treeUsage(of root: Descriptor) throws(SyscallError) -> TreeUsage {
  let fileSystem = try root.status().fileSystem
  var usage = TreeUsage(inodes: 1)
  var linked: Set<UInt64> = []
  var pending: [RawPath] = [""]
  while let path = pending.popLast() {
    guard let directory = try openIfThere(path, below: root) else { continue }
    for name in try directory.rawEntries() {
      let found: FileStatus
      do { found = try status(of: name, at: directory) } catch {
        if error.errno == .noSuchFile { continue }
        throw error
      }
      guard found.fileSystem == fileSystem else { continue }
      if found.links > 1, !found.isDirectory, !linked.insert(found.inode).inserted { continue }
      usage.inodes += 1
      if found.isDirectory { pending.append(path.appending(name)) } else { usage.bytes += found.size }
    }
  }
  return usage
}

private func openIfThere(_ path: RawPath, below root: Descriptor) throws(SyscallError) -> Descriptor? {
  let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
  do {
    return path.isEmpty ? try open(".", at: root, flags) : try open(path, below: root, flags, [.beneath, .noSymlinks])
  } catch {
    switch error.errno {
    case .noSuchFile, .notDirectory, .tooManyLinks: return nil
    default: throw error
    }
  }
}

import Glibc

/// Removes the tree `name`, however deep and however its names are spelled, without following links. What is not there
/// is no error.
///
/// Two descriptors are open at a time, whatever the depth. The way up goes through `..`, and only if that is the very
/// directory it came from: somebody who moves directories meanwhile gets an error, not the removal of another tree.
///
/// - Throws: `EXDEV` at another file system that is mounted inside, whose files are not touched.
package func removeTree(_ name: RawPath, at directory: Descriptor) throws(SyscallError) {
  guard !(try isRemoved(name, at: directory)) else { return }
  var current = try openDirectory(name, at: directory)
  let fileSystem = try current.status().fileSystem
  var levels = [Level(name: name, identity: try current.status().inode, names: try current.rawEntries())]
  while let level = levels.last {
    guard let next = level.names.last else {
      levels.removeLast()
      guard let parent = levels.last else { break }
      current = try open("..", at: current, O_RDONLY | O_DIRECTORY)
      let status = try current.status()
      guard status.inode == parent.identity, status.fileSystem == fileSystem else {
        throw SyscallError("open", "..", errno: Errno(ESTALE))
      }
      _ = try isRemoved(level.name, at: current)
      continue
    }
    levels[levels.count - 1].names.removeLast()
    guard !(try isRemoved(next, at: current)) else { continue }
    current = try openDirectory(next, at: current)
    let status = try current.status()
    guard status.fileSystem == fileSystem else { throw SyscallError("open", "\(next)", errno: .crossDevice) }
    levels.append(Level(name: next, identity: status.inode, names: try current.rawEntries()))
  }
  // Somebody who goes on filling it gets an error, not an endless loop.
  guard try isRemoved(name, at: directory) else { throw SyscallError("unlink", "\(name)", errno: .notEmpty) }
}

/// A directory on the way down, with what is still to be removed from it.
private struct Level {
  let name: RawPath
  let identity: UInt64
  var names: [RawPath]
}

private func openDirectory(_ name: RawPath, at directory: Descriptor) throws(SyscallError) -> Descriptor {
  try open(name, at: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
}

/// Removes a file or an empty directory; false if it is a directory that is not empty.
private func isRemoved(_ name: RawPath, at directory: Descriptor) throws(SyscallError) -> Bool {
  do {
    try unlink(name, at: directory)
    return true
  } catch {
    if error.errno == .noSuchFile { return true }
    guard error.errno == .isDirectory || error.errno == .notPermitted else { throw error }
  }
  do {
    try unlink(name, at: directory, isDirectory: true)
    return true
  } catch {
    if error.errno == .noSuchFile { return true }
    guard error.errno == .notEmpty || error.errno == .exists else { throw error }
    return false
  }
}

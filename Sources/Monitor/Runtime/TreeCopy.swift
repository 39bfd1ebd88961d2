import Glibc
import Linux

/// Copies what an image has at a place into the new file system that covers it (`tmpcopyup`).
enum TreeCopy {
  /// Deeper trees are refused: each level holds two descriptors, and no image that means well has this many.
  private static let depthMax = 128

  /// Copies everything in the directory `source` into the directory `target`: files, directories, links and nodes with
  /// their owners and modes. Times and extended attributes are those of new files.
  static func copy(_ source: Descriptor, to target: Descriptor, depth: Int = 0) throws(SyscallError) {
    guard depth < depthMax else { throw SyscallError("copy", "tree of \(depthMax) levels", errno: .tooManyLinks) }
    for name in try source.entries() {
      let found = try status(of: name, at: .directory(source), followLinks: false)
      if found.isDirectory {
        try makeDirectory(name, at: .directory(target))
        let directory = try open(name, at: .directory(source), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        let made = try open(name, at: .directory(target), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        try copy(directory, to: made, depth: depth + 1)
      } else if found.isSymlink {
        try symlink(try readLink(name, at: .directory(source)), name, at: .directory(target))
      } else if found.isRegular {
        try copyFile(name, from: source, to: target)
      } else {
        try makeNode(name, at: .directory(target), mode: found.mode, device: found.device)
      }
      try setOwner(name, at: .directory(target), owner: found.owner, group: found.group)
      // After the owner: a change of owner takes set-uid bits away.
      if !found.isSymlink { try setPermissions(name, at: target, found.permissions) }
    }
  }

  private static func copyFile(_ name: String, from source: Descriptor, to target: Descriptor) throws(SyscallError) {
    let input = try open(name, at: .directory(source), O_RDONLY | O_NOFOLLOW)
    let output = try open(name, at: .directory(target), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    while try syscallCount("sendfile", name, { sendfile(output.raw, input.raw, nil, 1 << 20) }) > 0 {}
  }
}

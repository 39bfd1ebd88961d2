import Glibc
package import Linux

/// Copies what is in one directory into another: a volume filled from an image.
///
/// Owners, permissions with set-id bits, times of modification to the nanosecond, extended attributes, holes
/// and hard links within the tree are those of the source, also of the directory itself. Sockets are left out. No link
/// is followed, on either side.
///
/// The target must be ours alone and empty. After an error its content is undefined: remove it.
package struct TreeCopier {
  private let source: Descriptor
  private let target: Descriptor
  /// The first name of each inode that has several.
  private var names: [Identity: RawPath] = [:]
  /// What directories get at the end, when nothing is made in them any more.
  private var directories: [(path: RawPath, status: FileStatus)] = []
  private var copied = 0

  private struct Identity: Hashable {
    let fileSystem: UInt64
    let inode: UInt64
  }

  /// Copies from `source` to `target`.
  package init(from source: Descriptor, to target: Descriptor) {
    self.source = source
    self.target = target
  }

  /// Copies everything, and says how many files and directories that were, without the root.
  package mutating func copy() throws(ArchiveError) -> Int {
    var pending: [RawPath] = [""]
    while let path = pending.popLast() {
      do { pending.append(contentsOf: try copyDirectory(path)) } catch { throw failure(error, path) }
    }
    for directory in directories.reversed() {
      do { try finish(directory.path, directory.status) } catch { throw failure(error, directory.path) }
    }
    return copied
  }

  private func failure(_ error: any Error, _ path: RawPath) -> ArchiveError {
    ArchiveError(entry: copied + 1, path: path, .init(error))
  }

  private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW

  private func directory(_ path: RawPath, in root: Descriptor) throws(SyscallError) -> Descriptor {
    path.isEmpty
      ? try open(".", at: root, Self.flags) : try open(path, below: root, Self.flags, [.beneath, .noSymlinks])
  }

  /// Copies the files of a directory, makes its subdirectories, and returns them.
  private mutating func copyDirectory(_ path: RawPath) throws -> [RawPath] {
    let from = try directory(path, in: source)
    let to = try directory(path, in: target)
    directories.append((path, try from.status()))
    for name in try from.extendedAttributeNames() where Self.isCopied(name) {
      if let value = try from.extendedAttribute(name) { try to.setExtendedAttribute(name, value) }
    }
    var subdirectories: [RawPath] = []
    for name in try from.rawEntries().sorted() {
      let status = try status(of: name, at: from)
      let full = path.appending(name)
      if status.isDirectory {
        try makeDirectory(name, at: to, mode: 0o700)
        subdirectories.append(full)
      } else {
        do { try copyFile(name, from, to, full, status) } catch { throw failure(error, full) }
      }
      copied += 1
    }
    return subdirectories
  }

  private mutating func copyFile(
    _ name: RawPath, _ from: Descriptor, _ to: Descriptor, _ path: RawPath, _ status: FileStatus
  ) throws {
    let identity = Identity(fileSystem: status.fileSystem, inode: status.inode)
    if status.links > 1 {
      if let first = names[identity] { return try link(first, at: target, to: name, at: to) }
      names[identity] = path
    }
    switch status.mode & S_IFMT {
    case S_IFREG: return try copyContent(name, from, to)
    case S_IFLNK: try symlink(try readLink(name, at: from), name, at: to)
    case S_IFCHR, S_IFBLK, S_IFIFO:
      try makeNode(name, at: to, mode: status.mode & S_IFMT | 0o600, device: status.device)
    default: return
    }
    try setOwner(status.owner, group: status.group, of: name, at: to)
    for attribute in try extendedAttributeNames(of: name, at: from) where Self.isCopied(attribute) {
      guard let value = try extendedAttribute(attribute, of: name, at: from) else { continue }
      try setExtendedAttribute(attribute, value, of: name, at: to)
    }
    if !status.isSymlink { try setPermissions(status.permissions, of: name, at: to) }
    try setTimes(accessed: nil, modified: status.modified, of: name, at: to)
  }

  private func copyContent(_ name: RawPath, _ from: Descriptor, _ to: Descriptor) throws {
    // O_NONBLOCK: if a fifo took its place meanwhile, this must not wait for a writer.
    let source = try open(name, at: from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    let status = try source.status()
    let copy = try open(name, at: to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(min(max(status.size, 1), Self.bufferBytes)), alignment: 4096)
    defer { buffer.deallocate() }
    var offset: Int64 = 0
    while let start = source.nextData(from: offset) {
      offset = start
      let end = source.nextHole(from: start)
      while offset < end {
        let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(end - offset, Int64(buffer.count)))])
        let count = try source.read(into: room, at: offset)
        if count == 0 { break }
        try copy.writeAll(UnsafeRawBufferPointer(rebasing: room[..<count]), at: offset)
        offset += Int64(count)
      }
      if offset < end { break }
    }
    try copy.truncate(to: status.size)
    try copy.setOwner(status.owner, group: status.group)
    for name in try source.extendedAttributeNames() where Self.isCopied(name) {
      if let value = try source.extendedAttribute(name) { try copy.setExtendedAttribute(name, value) }
    }
    try copy.setPermissions(status.permissions)
    try copy.setTimes(accessed: nil, modified: status.modified)
  }

  private static let bufferBytes: Int64 = 256 << 10

  private func finish(_ path: RawPath, _ status: FileStatus) throws(SyscallError) {
    let made = try directory(path, in: target)
    try made.setOwner(status.owner, group: status.group)
    try made.setPermissions(status.permissions)
    try made.setTimes(accessed: nil, modified: status.modified)
  }

  /// What belongs to a file. The others are the overlay's or the host's.
  private static func isCopied(_ attribute: String) -> Bool {
    attribute == "security.capability" || attribute.hasPrefix("system.posix_acl_")
      || attribute.hasPrefix("user.") && !OverlayAttribute.isOne(attribute)
  }
}

extension Descriptor {
  /// Where the next data begin at or behind `offset`; nil if there are none.
  fileprivate func nextData(from offset: Int64) -> Int64? {
    let found = lseek(raw, off_t(offset), SEEK_DATA)
    return found >= 0 ? Int64(found) : nil
  }

  /// Where the data at `offset` end.
  fileprivate func nextHole(from offset: Int64) -> Int64 { Int64(lseek(raw, off_t(offset), SEEK_HOLE)) }
}

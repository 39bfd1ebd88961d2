import Glibc
package import Linux

/// Writes a directory tree into an archive: a layer from an overlay's upper directory, or a whole tree.
///
/// Each directory comes before its content; a directory's files come before its subdirectories, both in the order of
/// their bytes, so that equal trees give equal archives. Names of one inode become hard links to the first. Sockets are
/// left out. Of extended attributes, `user.*` and `security.capability` are kept: the others belong to the host.
///
/// The tree may change meanwhile, as a running container's does: no link in it is followed, what vanishes is left out,
/// a file that grows is cut, and one that shrinks is filled up with zeros.
package struct TreeArchiver {
  private let root: Descriptor
  private let isOverlayUpper: Bool
  /// The first name of each inode that has several.
  private var names: [Identity: RawPath] = [:]

  private struct Identity: Hashable {
    let fileSystem: UInt64
    let inode: UInt64
  }

  /// Walks what is below `root`, without an entry for itself.
  ///
  /// - Parameter isOverlayUpper: turns the overlay's whiteouts into those of layers: image-spec, layer.md "Whiteouts".
  package init(of root: Descriptor, isOverlayUpper: Bool) {
    self.root = root
    self.isOverlayUpper = isOverlayUpper
  }

  /// Writes all entries; the archive is not finished.
  package mutating func write<Sink>(to writer: inout TarWriter<Sink>) throws(ArchiveError) {
    var pending: [RawPath] = [""]
    while let path = pending.popLast() {
      do { pending.append(contentsOf: try writeDirectory(path, to: &writer).reversed()) } catch {
        throw writer.failure(.init(error), at: path)
      }
    }
  }

  /// Writes the one file `name` of the root, which is no directory; the archive is not finished.
  package mutating func write<Sink>(file name: RawPath, to writer: inout TarWriter<Sink>) throws(ArchiveError) {
    do { try writeFile(name, at: root, try status(of: name, at: root), "", to: &writer) } catch {
      throw writer.failure(.init(error), at: name)
    }
  }

  /// Writes the entry of a directory and of its files, and returns its subdirectories.
  private mutating func writeDirectory<Sink>(_ path: RawPath, to writer: inout TarWriter<Sink>) throws -> [RawPath] {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    guard
      let directory = try ifThere({ () throws(SyscallError) in
        path.isEmpty ? try open(".", at: root, flags) : try open(path, below: root, flags, [.beneath, .noSymlinks])
      })
    else { return [] }
    if !path.isEmpty { try writeEntry(ofDirectory: directory, path, to: &writer) }
    var subdirectories: [RawPath] = []
    for name in try directory.rawEntries().sorted() {
      guard let status = try ifThere({ () throws(SyscallError) in try status(of: name, at: directory) }) else {
        continue
      }
      if status.isDirectory {
        subdirectories.append(path.appending(name))
      } else {
        try writeFile(name, at: directory, status, path, to: &writer)
      }
    }
    return subdirectories
  }

  private mutating func writeFile<Sink>(
    _ name: RawPath, at directory: Descriptor, _ status: FileStatus, _ parent: RawPath, to writer: inout TarWriter<Sink>
  ) throws {
    let path = parent.appending(name)
    if isOverlayUpper, status.isWhiteout {
      guard let hidden = RawPath(Whiteout.prefix + name.bytes) else { return }
      return try writer.begin(TarEntry(path: parent.appending(hidden), kind: .file, permissions: 0o600))
    }
    let identity = Identity(fileSystem: status.fileSystem, inode: status.inode)
    if status.links > 1, let first = names[identity] {
      return try writer.begin(Self.entry(path, .hardLink(to: first), status, []))
    }
    guard status.mode & S_IFMT != S_IFSOCK else { return }
    if status.isRegular {
      guard try writeContent(name, at: directory, path, to: &writer) else { return }
    } else {
      guard let kind = try kind(of: name, at: directory, status) else { return }
      let attributes = try kept(
        try ifThere { () throws(SyscallError) in try extendedAttributeNames(of: name, at: directory) } ?? [], path
      ) { attribute throws(SyscallError) in try extendedAttribute(attribute, of: name, at: directory) }
      try writer.begin(Self.entry(path, kind, status, attributes))
    }
    if status.links > 1 { names[identity] = path }
  }

  private func kind(of name: RawPath, at directory: Descriptor, _ status: FileStatus) throws -> TarEntry.Kind? {
    switch status.mode & S_IFMT {
    case S_IFLNK:
      try ifThere { () throws(SyscallError) in try readLink(name, at: directory) }.map { .symlink(to: $0) }
    case S_IFCHR: .characterDevice(status.device)
    case S_IFBLK: .blockDevice(status.device)
    case S_IFIFO: .fifo
    default: nil
    }
  }

  /// Writes a regular file; false if it is none any more.
  private func writeContent<Sink>(
    _ name: RawPath, at directory: Descriptor, _ path: RawPath, to writer: inout TarWriter<Sink>
  ) throws -> Bool {
    // O_NONBLOCK: if a fifo took its place meanwhile, this must not wait for a writer.
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
    guard let file = try ifThere({ () throws(SyscallError) in try open(name, at: directory, flags) }) else {
      return false
    }
    let status = try file.status()
    guard status.isRegular else { return false }
    let attributes = try kept(try file.extendedAttributeNames(), path) { name throws(SyscallError) in
      try file.extendedAttribute(name)
    }
    var entry = Self.entry(path, .file, status, attributes)
    entry.size = status.size
    try writer.begin(entry)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(min(max(status.size, 1), Self.bufferBytes)), alignment: 4096)
    defer { buffer.deallocate() }
    var rest = status.size
    while rest > 0 {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
      var count = try file.read(into: room)
      if count == 0 {
        room.initializeMemory(as: UInt8.self, repeating: 0)
        count = room.count
      }
      try writer.write(UnsafeRawBufferPointer(rebasing: room[..<count]))
      rest -= Int64(count)
    }
    return true
  }

  private static let bufferBytes: Int64 = 256 << 10

  private func writeEntry<Sink>(
    ofDirectory directory: Descriptor, _ path: RawPath, to writer: inout TarWriter<Sink>
  ) throws {
    let status = try directory.status()
    let names = try directory.extendedAttributeNames()
    let attributes = try kept(names, path) { name throws(SyscallError) in try directory.extendedAttribute(name) }
    try writer.begin(Self.entry(path, .directory, status, attributes))
    guard isOverlayUpper, let opaque = RawPath(Whiteout.opaqueName) else { return }
    for namespace in OverlayAttribute.namespaces where names.contains("\(namespace).overlay.opaque") {
      guard try directory.extendedAttribute("\(namespace).overlay.opaque") == Array("y".utf8) else { continue }
      return try writer.begin(TarEntry(path: path.appending(opaque), kind: .file, permissions: 0o600))
    }
  }

  private static func entry(
    _ path: RawPath, _ kind: TarEntry.Kind, _ status: FileStatus, _ attributes: [ExtendedAttribute]
  ) -> TarEntry {
    TarEntry(
      path: path, kind: kind, permissions: status.permissions, owner: status.owner, group: status.group,
      modified: status.modified, attributes: attributes)
  }

  /// The attributes that go into an archive.
  private func kept(
    _ names: [String], _ path: RawPath, _ value: (String) throws(SyscallError) -> [UInt8]?
  ) throws -> [ExtendedAttribute] {
    if isOverlayUpper {
      // With these the upper directory does not hold what the merged one shows. We never mount such an overlay.
      let foreign = OverlayAttribute.namespaces.flatMap { ["\($0).overlay.redirect", "\($0).overlay.metacopy"] }
      if let name = names.first(where: foreign.contains) {
        throw ArchiveError.Reason.invalid("\"\(path)\" has \(name): the layer is not all here")
      }
    }
    return try names.filter { name in
      name == "security.capability" || name.hasPrefix("user.") && !OverlayAttribute.isOne(name)
    }
    .sorted().compactMap { name in try value(name).map { ExtendedAttribute(name, $0) } }
  }

  /// Makes "gone, or something else by now" nil.
  private func ifThere<Result>(_ body: () throws(SyscallError) -> Result) throws(SyscallError) -> Result? {
    do { return try body() } catch {
      switch error.errno {
      case .noSuchFile, .notDirectory, .tooManyLinks: return nil
      default: throw error
      }
    }
  }
}

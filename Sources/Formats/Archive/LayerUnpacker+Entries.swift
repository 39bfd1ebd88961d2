import Glibc
import Linux

// One function for each kind of entry.
extension LayerUnpacker {
  mutating func makeFile<Source>(_ entry: TarEntry, _ place: Place, _ reader: inout TarReader<Source>) throws {
    let file = try occupying(place) { () throws(SyscallError) in
      try open(place.name, at: place.directory, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }
    var end: Int64 = 0
    var written = 0
    try reader.forEachChunk { (bytes, offset) throws(ArchiveError) in
      do throws(SyscallError) { try file.writeAll(bytes, at: offset) } catch {
        throw ArchiveError(entry: summary.entries + 1, path: entry.path, .system(error))
      }
      end = offset + Int64(bytes.count)
      written += bytes.count
    }
    count(bytes: written)
    if end < entry.size { try file.truncate(to: entry.size) }
    try file.setOwner(entry.owner, group: entry.group)
    try setExtendedAttributes(entry) { name, value throws(SyscallError) in try file.setExtendedAttribute(name, value) }
    try file.setPermissions(entry.permissions)
    try file.setTimes(accessed: entry.accessed ?? entry.modified, modified: entry.modified)
  }

  mutating func makeDirectory(_ entry: TarEntry, _ place: Place) throws {
    var isOverWhiteout = false
    do { try Linux.makeDirectory(place.name, at: place.directory, mode: 0o700) } catch {
      guard error.errno == .exists else { throw error }
      let status = try status(of: place.name, at: place.directory)
      if !status.isDirectory {
        isOverWhiteout = status.isWhiteout
        try clear(place, status)
        try Linux.makeDirectory(place.name, at: place.directory, mode: 0o700)
      }
    }
    let made = try open(place.name, at: place.directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    // The layer hides what was below this name, then makes a directory of it: nothing from below may show in that.
    if isOverWhiteout, case .overlay(let namespace) = whiteouts {
      try made.setExtendedAttribute("\(namespace).overlay.opaque", Array("y".utf8))
    }
    try setAttributes(ofDirectory: made, entry, place.path.full)
    cache.insert(made, for: place.path.full)
  }

  mutating func makeHardLink(to target: EntryPath, _ place: Place) throws {
    guard !target.isRoot else { throw ArchiveError.Reason.invalid("a hard link to the root") }
    // A name that links to itself is there already; to replace it would lose it.
    guard target != place.path else { return }
    let directory = try directory(target.parent, mustExist: true)
    // The kernel does not follow the target itself, so a link to a symbolic link is one to that link.
    try occupying(place) { () throws(SyscallError) in
      try link(target.name, at: directory, to: place.name, at: place.directory)
    }
  }

  mutating func makeNode(_ entry: TarEntry, _ place: Place, _ type: UInt32, _ number: DeviceNumber) throws {
    try occupying(place) { () throws(SyscallError) in
      try Linux.makeNode(place.name, at: place.directory, mode: type | 0o600, device: number)
    }
    try setAttributes(ofName: entry, place)
  }

  /// Makes something under a name, after what is there has been removed if need be.
  mutating func occupying<Result>(_ place: Place, _ make: () throws(SyscallError) -> Result) throws -> Result {
    do { return try make() } catch {
      guard error.errno == .exists else { throw error }
      try clear(place, try status(of: place.name, at: place.directory))
      return try make()
    }
  }

  private mutating func clear(_ place: Place, _ status: FileStatus) throws {
    if status.isDirectory || status.isSymlink { cache.forgetAll() }
    try removeTree(place.name, at: place.directory)
  }
}

// Attributes. The owner comes first: the kernel takes set-id bits and capabilities away when it changes.
extension LayerUnpacker {
  mutating func setAttributes(ofDirectory directory: Descriptor, _ entry: TarEntry, _ path: RawPath) throws {
    try directory.setOwner(entry.owner, group: entry.group)
    try setExtendedAttributes(entry) { name, value throws(SyscallError) in
      try directory.setExtendedAttribute(name, value)
    }
    try directory.setPermissions(entry.permissions)
    directoryTimes.append((path, entry.accessed ?? entry.modified, entry.modified))
  }

  /// For what must not be opened: links, devices, fifos.
  mutating func setAttributes(ofName entry: TarEntry, _ place: Place) throws {
    try setOwner(entry.owner, group: entry.group, of: place.name, at: place.directory)
    try setExtendedAttributes(entry) { name, value throws(SyscallError) in
      try setExtendedAttribute(name, value, of: place.name, at: place.directory)
    }
    if case .symlink = entry.kind {
    } else {
      try setPermissions(entry.permissions, of: place.name, at: place.directory)
    }
    try setTimes(
      accessed: entry.accessed ?? entry.modified, modified: entry.modified, of: place.name, at: place.directory)
  }

  /// Sets what the archive says, except the overlay's own: they would make it redirect names to where it likes.
  private mutating func setExtendedAttributes(
    _ entry: TarEntry, _ set: (String, [UInt8]) throws(SyscallError) -> Void
  ) throws {
    for attribute in entry.attributes where !OverlayAttribute.isOne(attribute.name) {
      do { try set(attribute.name, attribute.value) } catch {
        // Not every file system has them, not every kind of file takes them, and not every user may set them.
        guard error.errno == .notSupported || error.errno == .notPermitted else { throw error }
        countLostAttribute()
      }
    }
  }

  /// Sets the times of all directories that are still what they were.
  mutating func setDirectoryTimes() throws {
    for (path, accessed, modified) in directoryTimes {
      do throws(SyscallError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        let directory = try path.isEmpty ? open(".", at: root, flags) : open(path, below: root, flags)
        try directory.setTimes(accessed: accessed, modified: modified)
      } catch {
        guard [.noSuchFile, .notDirectory, .tooManyLinks].contains(error.errno) else { throw error }
      }
    }
    directoryTimes = []
  }
}

/// The extended attributes in which overlayfs keeps its own matters.
enum OverlayAttribute {
  static let namespaces = ["trusted", "user"]

  static func isOne(_ name: String) -> Bool { namespaces.contains { name.hasPrefix("\($0).overlay.") } }
}

extension FileStatus {
  /// Whether it is an overlay's mark for a name that is gone: a character device 0/0.
  var isWhiteout: Bool { mode & S_IFMT == S_IFCHR && device == DeviceNumber(0, 0) }
}

import Glibc
package import Linux

/// Unpacks a layer into a directory.
///
/// Whatever the archive says, nothing outside of the directory is touched: the kernel resolves every parent and every
/// hard link's target within it (`RESOLVE_IN_ROOT`), links that were unpacked before included; the last component is
/// never followed; climbing paths are refused. What is already there under an entry's path is replaced, except that a
/// directory on a directory is kept with its content and gets the entry's attributes.
///
/// Owners, permissions with set-id bits, times to the nanosecond and extended attributes are the archive's, whatever
/// the umask; a time of last access that it does not tell is the time of modification. Directories that it does not
/// mention but needs are root's with mode 0755, or like the directory in `lowers` that they stand over.
///
/// The directory must be ours alone while it is filled. After an error its content is undefined: remove it.
package struct LayerUnpacker {
  let root: Descriptor
  let whiteouts: Whiteouts
  let lowers: [Descriptor]
  var cache = DirectoryCache()
  /// The directories whose times are set when nothing is made in them any more.
  var directoryTimes: [(path: RawPath, accessed: FileTime, modified: FileTime)] = []
  /// With `delete`: the inodes that this archive brought, which its own whiteouts do not hide.
  var own: Set<UInt64> = []
  package private(set) var summary = Summary()

  /// What becomes of whiteouts.
  package enum Whiteouts: Equatable, Sendable {
    /// The directory is the fresh upper layer of an overlay: they become the kernel's, with attributes of the
    /// namespace `trusted`, or `user` for an overlay that is mounted with `userxattr`.
    case overlay(namespace: String)
    /// The directory holds the layers below: what they hide is removed.
    case delete
    /// The archive is no layer: names that start with `.wh.` are names.
    case plain
  }

  /// What an unpacking did.
  package struct Summary: Equatable, Sendable {
    package var entries = 0
    /// Of file contents, without holes.
    package var bytes: Int64 = 0
    /// Extended attributes that the file system does not take.
    package var attributesLost = 0
  }

  /// Unpacks into `root`.
  ///
  /// - Parameter lowers: the layers below, the highest first, for the attributes of unmentioned directories.
  package init(into root: Descriptor, whiteouts: Whiteouts, lowers: [Descriptor] = []) {
    self.root = root
    self.whiteouts = whiteouts
    self.lowers = lowers
  }

  /// Unpacks all entries of `reader`. Its source is not drained.
  ///
  /// - Parameter change: may give an entry another path or owner before anything is done with it.
  package mutating func unpack<Source>(
    _ reader: inout TarReader<Source>, changing change: (inout TarEntry) -> Void = { _ in }
  ) throws(ArchiveError) {
    while var entry = try reader.next() {
      change(&entry)
      do { try unpack(entry, &reader) } catch { throw reader.failure(.init(error)) }
      summary.entries += 1
    }
    do { try setDirectoryTimes() } catch { throw reader.failure(.init(error)) }
  }

  /// Unpacks one entry, whose content `reader` is at.
  private mutating func unpack<Source>(_ entry: TarEntry, _ reader: inout TarReader<Source>) throws {
    let path = try EntryPath(entry.path)
    if whiteouts != .plain {
      if path.isAUFS { return }
      if let meaning = try Whiteout.meaning(of: path.name) { return try apply(meaning, in: path.parent) }
    }
    if path.isRoot {
      guard entry.kind == .directory else { throw ArchiveError.Reason.invalid("the root can only be a directory") }
      return try setAttributes(ofDirectory: open(".", at: root, O_RDONLY | O_DIRECTORY), entry, "")
    }
    let place = Place(directory: try directory(path.parent), path: path)
    switch entry.kind {
    case .file: try makeFile(entry, place, &reader)
    case .directory: try makeDirectory(entry, place)
    case .hardLink(let target): try makeHardLink(to: EntryPath(target), place)
    case .symlink(let target):
      try occupying(place) { () throws(SyscallError) in try symlink(target, path.name, at: place.directory) }
      try setAttributes(ofName: entry, place)
    case .characterDevice(let number): try makeNode(entry, place, S_IFCHR, number)
    case .blockDevice(let number): try makeNode(entry, place, S_IFBLK, number)
    case .fifo: try makeNode(entry, place, S_IFIFO, DeviceNumber(0, 0))
    }
    if whiteouts == .delete { own.insert(try status(of: path.name, at: place.directory).inode) }
  }

  mutating func count(bytes: Int) { summary.bytes += Int64(bytes) }
  mutating func countLostAttribute() { summary.attributesLost += 1 }
}

/// Where an entry goes: an open directory and a name in it.
struct Place {
  let directory: Descriptor
  let path: EntryPath

  var name: RawPath { path.name }
}

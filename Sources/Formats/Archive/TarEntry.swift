package import Linux

/// One member of a tar archive.
package struct TarEntry: Equatable, Sendable {
  /// As the archive has it: it may be absolute, climb with `..`, or end in a slash. Whoever unpacks must judge it.
  package var path: RawPath
  package var kind: Kind
  /// Permission bits with set-id and sticky bits, without type bits.
  package var permissions: UInt32
  package var owner: UInt32
  package var group: UInt32
  /// The bytes of a file's content, with its holes; 0 for all that are no files.
  package var size: Int64
  package var modified: FileTime
  package var accessed: FileTime?
  /// In the order of the archive; the writer sorts them.
  package var attributes: [ExtendedAttribute]

  /// Creates an entry; a root-owned one of the epoch unless said otherwise.
  package init(
    path: RawPath, kind: Kind, permissions: UInt32, owner: UInt32 = 0, group: UInt32 = 0, size: Int64 = 0,
    modified: FileTime = FileTime(seconds: 0, nanoseconds: 0), accessed: FileTime? = nil,
    attributes: [ExtendedAttribute] = []
  ) {
    self.path = path
    self.kind = kind
    self.permissions = permissions
    self.owner = owner
    self.group = group
    self.size = size
    self.modified = modified
    self.accessed = accessed
    self.attributes = attributes
  }

  /// What an entry is.
  package enum Kind: Equatable, Sendable {
    case file
    case directory
    /// Another name of a file that came before, by its path in the archive.
    case hardLink(to: RawPath)
    case symlink(to: RawPath)
    case characterDevice(DeviceNumber)
    case blockDevice(DeviceNumber)
    case fifo
  }
}

/// An extended attribute.
package struct ExtendedAttribute: Equatable, Sendable {
  package let name: String
  package let value: [UInt8]

  /// Pairs `name`, with its namespace, with `value`.
  package init(_ name: String, _ value: [UInt8]) {
    self.name = name
    self.value = value
  }
}

/// Bounds of what an archive may make us remember. An archive beyond one of them is refused, never cut.
package enum ArchiveBounds {
  /// A path or a link's target: what the kernel takes, `PATH_MAX` without its NUL.
  package static let pathBytesMax = 4095
  /// A pax header, of one entry or global; what Go's reader takes as well.
  package static let paxBytesMax = 1 << 20
  /// The extended attributes of one entry, besides what `paxBytesMax` allows them.
  package static let attributesMax = 256
  /// The name of an extended attribute: the kernel's `XATTR_NAME_MAX`.
  package static let attributeNameBytesMax = 255
  /// The pieces of a sparse file: 4 MiB of our memory.
  package static let sparseSegmentsMax = 1 << 18
}

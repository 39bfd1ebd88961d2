extension RuntimeSpec {
  /// Whom a process runs as: config.md "POSIX-platform User". Numbers only; names are resolved before.
  package struct User: Codable, Equatable, Sendable {
    package var uid: UInt32
    package var gid: UInt32
    /// The file mode creation mask; absent leaves the runtime's own.
    package var umask: UInt32?
    @OmitEmpty package var additionalGids: [UInt32]

    /// Creates a user; root without supplementary groups unless said otherwise.
    package init(uid: UInt32 = 0, gid: UInt32 = 0, umask: UInt32? = nil, additionalGids: [UInt32] = []) {
      self.uid = uid
      self.gid = gid
      self.umask = umask
      self.additionalGids = additionalGids
    }

    /// Reads a user whose absent ids are 0, as Go reads them.
    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      uid = try container.decodeIfPresent(UInt32.self, forKey: .uid) ?? 0
      gid = try container.decodeIfPresent(UInt32.self, forKey: .gid) ?? 0
      umask = try container.decodeIfPresent(UInt32.self, forKey: .umask)
      additionalGids = try container.decodeIfPresent([UInt32].self, forKey: .additionalGids) ?? []
    }
  }
}

package import Database
import Glibc
package import Linux

/// The snapshots of a data root:
///
/// ```
/// snapshots/<n>/fs        the layer's files; with the copy backend, everything
/// snapshots/<n>/work      overlayfs's scratch directory
/// ```
///
/// `n` is the row's id, which is never given twice.
package final class SnapshotStore: Snapshotter {
  let database: StateDatabase
  let folder: Descriptor
  let path: String
  let backend: Backend

  /// How layers lie on top of each other.
  package enum Backend: Equatable, Sendable {
    /// Each folder has its layer's files, with the kernel's whiteouts, whose attributes are in `namespace`: `trusted`,
    /// or `user` where the overlay will be mounted with `userxattr`.
    case overlay(namespace: String)
    /// Each folder has all files. For tests, and as a second opinion of what the overlay shows.
    case copy
  }

  /// Keys of layers that are being unpacked begin so. No container's ID and no chain ID does.
  static let unpackPrefix = "unpack-"

  /// Opens the store in `dataRoot`, makes its folder if it is not there, and sweeps what a crash left: unpackings that
  /// nobody will commit, and folders without a row.
  package init(
    dataRoot: String, database: StateDatabase, backend: Backend = .overlay(namespace: "trusted")
  ) throws(SnapshotError) {
    self.database = database
    self.backend = backend
    path = "\(dataRoot)/snapshots"
    do {
      try makeDirectories(path, mode: 0o711)
      folder = try Linux.open(path, O_RDONLY | O_DIRECTORY)
    } catch { throw SnapshotError(error) }
    try inSnapshots { try recover() }
  }

  package func prepare(
    _ key: String, parent: String?, in transaction: Transaction
  ) throws(SnapshotError) -> SnapshotRoot {
    try inSnapshots {
      let row = try make(key, .active, parent: parent, mustBeCommitted: true, in: transaction)
      try Failpoint("snapshots.prepare.made").reach()
      return try root(of: row, in: transaction)
    }
  }

  package func view(_ key: String, parent: String, in transaction: Transaction) throws(SnapshotError) -> SnapshotRoot {
    try inSnapshots {
      try root(of: try make(key, .view, parent: parent, mustBeCommitted: true, in: transaction), in: transaction)
    }
  }

  package func root(of key: String) throws(SnapshotError) -> SnapshotRoot {
    try inSnapshots { try database.read { try root(of: try find(key, in: $0), in: $0) } }
  }

  package func snapshot(_ key: String) throws(SnapshotError) -> Snapshot {
    try inSnapshots {
      try database.read { transaction in
        let row = try find(key, in: transaction)
        let parent = try row.parent.map { try storedKey(of: $0, in: transaction) }
        return Snapshot(key: key, kind: row.kind, parent: parent, created: row.created)
      }
    }
  }

  package func isCommitted(_ name: String, in transaction: Transaction) throws(SnapshotError) -> Bool {
    try inSnapshots {
      try transaction.row("SELECT 1 FROM snapshots WHERE key = ? AND kind = 'committed'", name) != nil
    }
  }

  package func commit(_ key: String, as name: String) throws(SnapshotError) {
    try inSnapshots {
      let row = try database.read { try find(key, in: $0) }
      guard row.kind == .active else { throw SnapshotError.notFound(key) }
      let usage = try treeUsage(of: files(of: row.id))
      try synchronize()
      let layer = UnpackedLayer(id: row.id, key: key, name: name, usage: usage, attributesLost: 0)
      let lost = try database.definitions { try commit([layer], in: $0) }
      try Failpoint("snapshots.commit.recorded").reach()
      try sweep(lost)
    }
  }

  package func synchronize() throws(SnapshotError) {
    try inSnapshots {
      try folder.synchronizeFileSystem()
      try Failpoint("snapshots.files.synchronized").reach()
    }
  }

  package func usage(of key: String) throws(SnapshotError) -> TreeUsage {
    try inSnapshots {
      let row = try database.read { try find(key, in: $0) }
      return row.kind == .committed ? row.usage : try treeUsage(of: files(of: row.id))
    }
  }

  /// Opens the folder `fs` of a snapshot.
  func files(of id: Int64) throws(SyscallError) -> Descriptor {
    try Linux.open("\(id)/fs", at: .directory(folder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  func filesPath(of id: Int64) -> String { "\(path)/\(id)/fs" }

  /// The snapshots below `id`, the topmost first.
  func ancestors(of row: SnapshotRow, in transaction: Transaction) throws(DatabaseError) -> [Int64] {
    var ids: [Int64] = []
    var next = row.parent
    while let id = next {
      ids.append(id)
      guard let parent = try transaction.row("SELECT parent FROM snapshots WHERE id = ?", id) else {
        throw .unexpectedValue("snapshot \(id) is missing below \(row.id)")
      }
      next = parent.isNull("parent") ? nil : try parent.integer("parent")
    }
    return ids
  }

  private func root(of row: SnapshotRow, in transaction: Transaction) throws(DatabaseError) -> SnapshotRoot {
    let own = filesPath(of: row.id)
    guard case .overlay = backend else { return .directory(own, isReadOnly: row.kind != .active) }
    let lowers = try ancestors(of: row, in: transaction).map(filesPath)
    switch row.kind {
    case .committed:
      return lowers.isEmpty ? .directory(own, isReadOnly: true) : .overlay(lowers: [own] + lowers, upper: nil)
    case .view:
      return lowers.count == 1 ? .directory(lowers[0], isReadOnly: true) : .overlay(lowers: lowers, upper: nil)
    case .active:
      // An overlay has at least one lower layer.
      guard !lowers.isEmpty else { return .directory(own, isReadOnly: false) }
      return .overlay(lowers: lowers, upper: .init(path: own, work: "\(path)/\(row.id)/work"))
    }
  }

  private func storedKey(of id: Int64, in transaction: Transaction) throws(DatabaseError) -> String {
    guard let row = try transaction.row("SELECT key FROM snapshots WHERE id = ?", id) else {
      throw .unexpectedValue("snapshot \(id) is missing")
    }
    return try row.text("key")
  }
}

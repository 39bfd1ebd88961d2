import Archive
package import Database
import Glibc
import Linux

// How folders come and go.
extension SnapshotStore {
  /// Inserts a row and makes its folder, which the transaction's commit then makes count.
  func make(
    _ key: String, _ kind: Snapshot.Kind, parent: String?, mustBeCommitted: Bool, in transaction: Transaction
  ) throws -> SnapshotRow {
    let below = try parent.map { name in
      let row = try find(name, in: transaction)
      if mustBeCommitted, row.kind != .committed { throw SnapshotError.notCommitted(name) }
      return row
    }
    do {
      try transaction.execute(
        "INSERT INTO snapshots (key, kind, parent, created, bytes, inodes) VALUES (?, ?, ?, ?, 0, 0)", key,
        kind.rawValue, below?.id, wallClockNanoseconds())
    } catch DatabaseError.constraint { throw SnapshotError.exists(key) }
    let row = try find(key, in: transaction)
    // The number was just given: a folder under it belongs to a transaction that was not committed.
    try removeTree("\(row.id)", at: .directory(folder))
    do { try makeFolder(of: row, below: below) } catch {
      try? removeTree("\(row.id)", at: .directory(folder))
      throw error
    }
    return row
  }

  private func makeFolder(of row: SnapshotRow, below parent: SnapshotRow?) throws {
    try makeDirectory("\(row.id)", at: .directory(folder), mode: 0o711)
    // Of an overlay, the root directory's owner and mode are those of the topmost layer.
    let model = try parent.map { try files(of: $0.id).status() }
    try makeDirectory("\(row.id)/fs", at: .directory(folder), mode: 0o755)
    let made = try files(of: row.id)
    try made.setOwner(model?.owner ?? 0, group: model?.group ?? 0)
    try made.setPermissions(model?.permissions ?? 0o755)
    switch backend {
    case .overlay: try makeDirectory("\(row.id)/work", at: .directory(folder), mode: 0o711)
    case .copy:
      guard let parent else { return }
      var copier = TreeCopier(from: try files(of: parent.id), to: made)
      _ = try copier.copy()
    }
  }

  /// Forgets an active snapshot or a view: see `Snapshotter`.
  package func remove(_ key: String, in transaction: Transaction) throws(SnapshotError) -> SnapshotRemains {
    try inSnapshots {
      let row = try find(key, in: transaction)
      guard row.kind != .committed else { throw SnapshotError.notFound(key) }
      guard try transaction.row("SELECT 1 FROM snapshots WHERE parent = ?", row.id) == nil else {
        throw SnapshotError.hasChildren(key)
      }
      try transaction.execute("DELETE FROM snapshots WHERE id = ?", row.id)
      return SnapshotRemains(ids: [row.id], bytes: row.usage.bytes)
    }
  }

  /// Forgets committed snapshots that nobody needs: see `Snapshotter`.
  package func collect(
    keeping names: Set<String>, in transaction: Transaction
  ) throws(SnapshotError) -> SnapshotRemains {
    try inSnapshots {
      var remains = SnapshotRemains()
      while true {
        let leaves = try transaction.rows(
          """
          SELECT * FROM snapshots WHERE kind = 'committed'
          AND NOT EXISTS (SELECT 1 FROM snapshots AS child WHERE child.parent = snapshots.id)
          """)
        let unwanted = try leaves.filter { row in !names.contains(try row.text("key")) }
        if unwanted.isEmpty { return remains }
        for row in unwanted {
          let id = try row.integer("id")
          try transaction.execute("DELETE FROM snapshots WHERE id = ?", id)
          remains.add(SnapshotRemains(ids: [id], names: [try row.text("key")], bytes: try row.integer("bytes")))
        }
      }
    }
  }

  /// Deletes the folders of what was forgotten: see `Snapshotter`.
  package func sweep(_ remains: SnapshotRemains) throws(SnapshotError) {
    try inSnapshots {
      if remains.ids.isEmpty { return }
      try Failpoint("snapshots.sweep.unrecorded").reach()
      for id in remains.ids { try removeTree("\(id)", at: .directory(folder)) }
    }
  }

  /// Takes away what a crash left.
  func recover() throws {
    let ids = try database.observations { transaction in
      // The youngest first: they stand on the older ones.
      for row in try transaction.rows("SELECT id, key FROM snapshots WHERE kind = 'active' ORDER BY id DESC")
      where try row.text("key").hasPrefix(Self.unpackPrefix) {
        try transaction.execute("DELETE FROM snapshots WHERE id = ?", try row.integer("id"))
      }
      return try transaction.rows("SELECT * FROM snapshots").map { row in try SnapshotRow(row) }
    }
    let known = Set(ids.map { "\($0.id)" })
    for name in try folder.entries() where !known.contains(name) { try removeTree(name, at: .directory(folder)) }
    for row in ids where row.kind == .active { try restore(row) }
  }

  /// A power failure may take the folders of an active snapshot that was just made, but not what somebody synchronised
  /// in them: they are made again.
  private func restore(_ row: SnapshotRow) throws {
    for name in ["\(row.id)", "\(row.id)/fs"] + (backend == .copy ? [] : ["\(row.id)/work"]) {
      do {
        try makeDirectory(name, at: .directory(folder), mode: name.hasSuffix("/fs") ? 0o755 : 0o711)
      } catch { if error.errno != .exists { throw error } }
    }
  }
}

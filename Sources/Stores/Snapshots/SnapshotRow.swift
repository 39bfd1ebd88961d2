import Database
import Linux

/// A snapshot as it is stored.
struct SnapshotRow {
  let id: Int64
  let kind: Snapshot.Kind
  let parent: Int64?
  let created: Int64
  let usage: TreeUsage

  init(_ row: Row) throws(DatabaseError) {
    id = try row.integer("id")
    let kind = try row.text("kind")
    guard let known = Snapshot.Kind(rawValue: kind) else { throw .unexpectedValue("snapshot's kind \"\(kind)\"") }
    self.kind = known
    parent = row.isNull("parent") ? nil : try row.integer("parent")
    created = try row.integer("created")
    usage = TreeUsage(bytes: try row.integer("bytes"), inodes: try row.integer("inodes"))
  }
}

extension SnapshotStore {
  /// The row of `key`, or `notFound`.
  func find(_ key: String, in transaction: Transaction) throws -> SnapshotRow {
    guard let row = try transaction.row("SELECT * FROM snapshots WHERE key = ?", key) else {
      throw SnapshotError.notFound(key)
    }
    return try SnapshotRow(row)
  }
}

package import Database
import Linux
package import OCI

/// What keeps blobs and snapshots that nothing refers to yet from being collected while somebody works with them.
///
/// An operation takes a lease, puts under it what it makes or finds, and drops it in the transaction that refers to all
/// of that. A lease outlives the daemon, so that an interrupted pull finds its layers again, but not its expiry: what an
/// operation forgot is collected some day.
package struct Lease: Hashable, Sendable {
  package let id: String
}

extension ContentStore {
  /// As long as containerd's leases of a pull.
  package static let leaseSecondsDefault: Int64 = 24 * 3600

  /// Takes a new lease.
  package func takeLease(seconds: Int64 = leaseSecondsDefault) throws(ContentError) -> Lease {
    try inContent {
      let lease = Lease(id: try randomName(byteCount: 16))
      let now = wallClockNanoseconds()
      try database.observations { transaction in
        try transaction.execute(
          "INSERT INTO leases (id, created, expires) VALUES (?, ?, ?)", lease.id, now,
          now.addingReportingOverflow(seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue).partialValue)
      }
      return lease
    }
  }

  /// Puts `digest` under `lease`, whether the store has it or not.
  package func keep(blob digest: Digest, under lease: Lease, in transaction: Transaction) throws(ContentError) {
    try keep("blob", digest.description, under: lease, in: transaction)
  }

  /// Puts the snapshot `key` under `lease`.
  package func keep(snapshot key: String, under lease: Lease, in transaction: Transaction) throws(ContentError) {
    try keep("snapshot", key, under: lease, in: transaction)
  }

  private func keep(
    _ kind: String, _ name: String, under lease: Lease, in transaction: Transaction
  ) throws(ContentError) {
    do {
      try transaction.execute(
        "INSERT OR IGNORE INTO lease_items (lease, kind, name) VALUES (?, ?, ?)", lease.id, kind, name)
    } catch DatabaseError.constraint { throw .leaseGone } catch { throw .database(error) }
  }

  /// Ends `lease`, best in the transaction that refers to what it kept. It may be gone already.
  package func drop(_ lease: Lease, in transaction: Transaction) throws(ContentError) {
    try inContent { try transaction.execute("DELETE FROM leases WHERE id = ?", lease.id) }
  }

  /// Ends `lease`, for an operation that did not come to its end.
  package func drop(_ lease: Lease) throws(ContentError) {
    try inContent { try database.observations { transaction in try drop(lease, in: transaction) } }
  }

  /// The snapshots that leases keep, for those who collect snapshots.
  package func leasedSnapshots(in transaction: Transaction) throws(ContentError) -> Set<String> {
    try inContent {
      Set(
        try transaction.rows("SELECT name FROM lease_items WHERE kind = 'snapshot'").map { row in try row.text("name") }
      )
    }
  }

  func dropExpiredLeases(in transaction: Transaction) throws(DatabaseError) {
    try transaction.execute("DELETE FROM leases WHERE expires <= ?", wallClockNanoseconds())
  }
}

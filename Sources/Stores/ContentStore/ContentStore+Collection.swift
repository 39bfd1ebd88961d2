package import Database
import Glibc
import Linux
package import OCI
import Synchronization

// What the store forgets.
extension ContentStore {
  /// What a collection removed.
  package struct Collected: Equatable, Sendable {
    package var blobs: [Blob] = []

    /// Creates it from its members.
    package init(blobs: [Blob] = []) { self.blobs = blobs }

    /// Their bytes on the disk.
    package var bytes: Int64 { blobs.reduce(0) { $0 + $1.size } }
  }

  /// Forgets every blob that is neither kept nor under a lease.
  ///
  /// - Parameter digests: what is referred to, asked for within the same transaction, so that whoever makes a reference
  ///   and drops its lease in one transaction is safe.
  /// - Returns: their files, to be swept once the transaction is committed.
  package func collect(keeping digests: Set<Digest>, in transaction: Transaction) throws(ContentError) -> Collected {
    try inContent {
      try dropExpiredLeases(in: transaction)
      let unleased = try transaction.rows(
        """
        SELECT digest, size FROM blobs
        WHERE NOT EXISTS (SELECT 1 FROM lease_items WHERE kind = 'blob' AND name = blobs.digest) ORDER BY digest
        """)
      let blobs = try unleased.map { row in
        Blob(digest: try Self.digest(row), size: try row.integer("size"))
      }.filter { !digests.contains($0.digest) }
      for blob in blobs { try transaction.execute("DELETE FROM blobs WHERE digest = ?", blob.digest.description) }
      return Collected(blobs: blobs)
    }
  }

  /// Deletes the files of blobs that were forgotten, or were put in place and never recorded; of those that somebody has
  /// stored or leased meanwhile, none. What fails is done by the next start.
  package func sweep(_ blobs: some Sequence<Blob>) throws(ContentError) {
    try inContent {
      for blob in blobs {
        try Failpoint("content.sweep.unrecorded").reach()
        try sweep(blob.digest.hex)
      }
    }
  }

  /// Takes back what an operation put in place under `lease` and did not record, and drops the lease. What somebody else
  /// stored or leased stays.
  package func discard(_ blobs: some Sequence<Blob>, under lease: Lease) throws(ContentError) {
    try inContent {
      // The files first: on a full disk there is no room for the transaction before.
      for blob in blobs { try sweep(blob.digest.hex, unlessLeasedBut: lease) }
      try drop(lease)
    }
  }

  /// Blobs that have a row but not their file, with what is wrong. They are reported, never removed.
  package func damaged() throws(ContentError) -> [(blob: Blob, reason: String)] {
    try inContent {
      let rows = try database.read { try $0.rows("SELECT digest, size FROM blobs ORDER BY digest") }
      return try rows.compactMap { row in
        let blob = Blob(digest: try Self.digest(row), size: try row.integer("size"))
        do { _ = try openFile(of: blob) } catch ContentError.damaged(_, let reason) { return (blob, reason) }
        return nil
      }
    }
  }

  /// The start's part of the collection: nobody is at work yet, so what has no row will never get one.
  func recover() throws {
    let recorded = try database.observations { transaction in
      try dropExpiredLeases(in: transaction)
      return Set(try transaction.rows("SELECT digest FROM blobs").map { row in try Self.digest(row).hex })
    }
    for name in try blobs.entries() where !recorded.contains(name) { try removeTree(name, at: .directory(blobs)) }
    let oldest = wallClockNanoseconds() / 1_000_000_000 - Self.ingestSecondsMax
    for name in try ingests.entries() {
      let modified = try status(of: name, at: .directory(ingests), followLinks: false).modified
      if name.hasPrefix(Self.anonymousPrefix) || modified.seconds < oldest {
        try removeTree(name, at: .directory(ingests))
      }
    }
  }

  /// A pull that nobody took up again for a week is given up.
  static let ingestSecondsMax: Int64 = 7 * 24 * 3600

  /// Removes a file, unless somebody put it under a lease again since its row went.
  private func sweep(_ hex: String, unlessLeasedBut lease: Lease? = nil) throws {
    try placing.withLock { _ in
      let digest = "sha256:\(hex)"
      let wanted = try database.read { transaction in
        try transaction.row(
          """
          SELECT 1 AS wanted FROM blobs WHERE digest = ?
          UNION SELECT 1 FROM lease_items WHERE kind = 'blob' AND name = ? AND lease <> ?
          """, digest, digest, lease?.id ?? "")
      }
      guard wanted == nil else { return }
      try removeTree(hex, at: .directory(blobs))
    }
  }

  private static func digest(_ row: Row) throws -> Digest {
    do { return try Digest(ofContent: try row.text("digest")) } catch let error as DigestError {
      throw DatabaseError.unexpectedValue("digest: \(error)")
    }
  }
}

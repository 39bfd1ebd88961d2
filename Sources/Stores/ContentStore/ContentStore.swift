package import Database
import Glibc
package import Linux
package import OCI
import Synchronization

/// Blobs under their digests, in the data root's `content`:
///
/// ```
/// content/blobs/sha256/<hex>     complete, verified
/// content/ingest/<name>          on their way in
/// ```
///
/// A blob is received by an `Ingest`, whose commit verifies it and puts its file in place. It counts as stored once it
/// has a row, which `record` writes after `synchronize` brought the file to the disk: files before rows. So a blob that
/// has a row is complete whatever happened, and a file without one is swept by the next start.
///
/// All calls block and may come from any thread. Two operations may receive the same blob at once: both succeed.
package final class ContentStore: Sendable {
  let database: StateDatabase
  let blobs: Descriptor
  let ingests: Descriptor
  /// Held while a blob's file is put in place or swept, so that neither happens in the middle of the other.
  let placing = Mutex(())

  /// Opens the store in `dataRoot`, makes its folders if they are not there, and sweeps what a crash left behind:
  /// files without row, receptions that nobody will resume, expired leases.
  package init(dataRoot: String, database: StateDatabase) throws(ContentError) {
    self.database = database
    do {
      try makeDirectories("\(dataRoot)/content/blobs/sha256", mode: 0o700)
      try makeDirectories("\(dataRoot)/content/ingest", mode: 0o700)
      blobs = try Linux.open("\(dataRoot)/content/blobs/sha256", O_RDONLY | O_DIRECTORY)
      ingests = try Linux.open("\(dataRoot)/content/ingest", O_RDONLY | O_DIRECTORY)
    } catch { throw ContentError(error) }
    try inContent { try recover() }
  }

  /// Brings all files of the store to the disk, with everything else in its file system.
  package func synchronize() throws(ContentError) {
    try inContent {
      try blobs.synchronizeFileSystem()
      try Failpoint("content.files.synchronized").reach()
    }
  }

  /// Counts `blobs`, whose files are on the disk, as stored.
  package func record(_ blobs: some Sequence<Blob>, in transaction: Transaction) throws(ContentError) {
    try inContent {
      for blob in blobs {
        try transaction.execute(
          "INSERT OR IGNORE INTO blobs (digest, size, created) VALUES (?, ?, ?)", blob.digest.description, blob.size,
          wallClockNanoseconds())
      }
    }
  }

  /// The blob `digest`, nil if it is not stored, or is damaged and should be received again.
  package func blob(_ digest: Digest) throws(ContentError) -> Blob? {
    do { return try open(digest).blob } catch {
      switch error {
      case .notFound, .damaged: return nil
      default: throw error
      }
    }
  }

  /// Opens the blob `digest` for reading.
  ///
  /// Its length is looked at, its bytes are not: whoever digests them anyway compares, others ask `read`.
  ///
  /// - Throws: `notFound`, or `damaged` when it has a row but not its file.
  package func open(_ digest: Digest) throws(ContentError) -> (blob: Blob, file: Descriptor) {
    try inContent {
      let row = try database.read { transaction in
        try transaction.row("SELECT size FROM blobs WHERE digest = ?", digest.description)
      }
      guard let row else { throw ContentError.notFound(digest) }
      let blob = Blob(digest: digest, size: try row.integer("size"))
      return (blob, try openFile(of: blob))
    }
  }

  /// The whole of a small blob, compared with its digest.
  ///
  /// - Throws: `notFound`, `damaged`, or `tooLarge` beyond `bytesMax`.
  package func read(_ digest: Digest, bytesMax: Int) throws(ContentError) -> [UInt8] {
    let (blob, file) = try open(digest)
    guard blob.size <= bytesMax else { throw .tooLarge(digest, bytesMax: bytesMax) }
    let bytes = try inContent { try file.readAll(limit: bytesMax) }
    guard Digester.digest(of: bytes) == digest else { throw .damaged(digest, reason: "its file holds other bytes") }
    return bytes
  }

  /// Opens the file of a blob that was put in place, recorded or not.
  package func openFile(of blob: Blob) throws(ContentError) -> Descriptor {
    let file: Descriptor
    do { file = try Linux.open(blob.digest.hex, at: .directory(blobs), O_RDONLY | O_NOFOLLOW) } catch {
      if error.errno == .noSuchFile { throw .damaged(blob.digest, reason: "its file is missing") }
      throw ContentError(error)
    }
    let status = try inContent { try file.status() }
    guard status.isRegular, status.size == blob.size else {
      throw .damaged(blob.digest, reason: "its file has \(status.size) bytes, not \(blob.size)")
    }
    return file
  }
}

/// A stored blob.
package struct Blob: Hashable, Sendable {
  package let digest: Digest
  /// In bytes.
  package let size: Int64

  /// Names a blob; whether the store has it is another matter.
  package init(digest: Digest, size: Int64) {
    self.digest = digest
    self.size = size
  }
}

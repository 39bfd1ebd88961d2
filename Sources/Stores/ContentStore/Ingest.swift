import Database
import Glibc
import Linux
package import OCI
import Synchronization

/// A blob on its way in. It belongs to one thread at a time.
///
/// ```
/// let ingest = try store.ingest(named: digest.hex)        // or without a name
/// while let bytes = … from ingest.offset on … { try ingest.write(bytes) }
/// let blob = try ingest.commit(digest: digest, size: size, under: lease)
/// ```
///
/// One with a name can be resumed: what was received is kept until somebody receives under that name again, or a week
/// has passed. One without is removed when it is let go of, or by the next start.
package final class Ingest {
  private let store: ContentStore
  private let name: String
  private let isResumable: Bool
  private let file: Descriptor
  private var digester = Digester()
  /// How many bytes were received: the next is the one at this offset.
  package private(set) var offset: Int64 = 0
  private var isOver = false

  init(_ store: ContentStore, name: String, isResumable: Bool) throws {
    self.store = store
    self.name = name
    self.isResumable = isResumable
    file = try open(name, at: .directory(store.ingests), O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    guard try file.tryLock() else { throw ContentError.ingestInUse(name) }
    // Whoever had the lock before may have moved or removed the file while we opened it.
    guard try file.status().links == 1, try file.status().inode == status(of: name, at: .directory(store.ingests)).inode
    else { throw ContentError.ingestInUse(name) }
    try resume()
  }

  deinit { if !isOver, !isResumable { try? unlink(name, at: .directory(store.ingests)) } }

  /// Receives the next bytes.
  ///
  /// - Throws: `diskFull`, after which the ingest is removed, or `system`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(ContentError) {
    do { try file.writeAll(bytes) } catch {
      let error = ContentError(error)
      if error == .diskFull { discard() }
      throw error
    }
    digester.update(bytes)
    offset += Int64(bytes.count)
  }

  /// Receives the next bytes.
  package func write(_ bytes: [UInt8]) throws(ContentError) {
    try bytes.span.bytes.withUnsafeBytes { buffer throws(ContentError) in try write(buffer) }
  }

  /// Verifies what was received and puts it in place, under `lease`. It is stored once it is recorded.
  ///
  /// What is there already under the digest is replaced by the same bytes.
  ///
  /// - Parameter digest: what it should be; nil takes what it is.
  /// - Throws: `digestMismatch` or `sizeMismatch`, after which the ingest is removed; `leaseGone`.
  package func commit(
    digest expected: Digest? = nil, size: Int64? = nil, under lease: Lease
  ) throws(ContentError) -> Blob {
    if let size, size != offset {
      discard()
      throw .sizeMismatch(expected: size, actual: offset)
    }
    let blob = Blob(digest: digester.digest, size: offset)
    if let expected, expected != blob.digest {
      discard()
      throw .digestMismatch(expected: expected, actual: blob.digest)
    }
    try inContent {
      try file.setPermissions(0o600)
      try store.placing.withLock { _ in
        // The lease first: a sweep between the two would take the file.
        try store.database.observations { try store.keep(blob: blob.digest, under: lease, in: $0) }
        try Failpoint("content.commit.leased").reach()
        try rename(name, at: .directory(store.ingests), to: blob.digest.hex, at: .directory(store.blobs))
      }
      isOver = true
      try Failpoint("content.commit.renamed").reach()
    }
    return blob
  }

  /// Removes what was received.
  package func discard() {
    guard !isOver else { return }
    isOver = true
    // If even this fails, the next start tries again.
    try? unlink(name, at: .directory(store.ingests))
  }

  /// Digests what an earlier reception left: nothing about it is believed but its bytes.
  private func resume() throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return }
      digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      offset += Int64(count)
    }
  }
}

extension ContentStore {
  /// Begins to receive a blob that nobody will resume.
  package func ingest() throws(ContentError) -> Ingest {
    try inContent {
      try Ingest(self, name: Self.anonymousPrefix + randomName(byteCount: 16), isResumable: false)
    }
  }

  /// Begins to receive the blob `digest`, or goes on where an earlier reception of it ended: at the ingest's `offset`.
  ///
  /// - Throws: `ingestInUse` while somebody else receives it.
  package func ingest(_ digest: Digest) throws(ContentError) -> Ingest {
    try inContent { try Ingest(self, name: digest.hex, isResumable: true) }
  }

  static let anonymousPrefix = "anonymous-"
}

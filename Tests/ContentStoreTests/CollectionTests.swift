import ContentStore
import Database
import Glibc
import Linux
import OCI
import Scratch
import Testing

@Suite("content store: what stays and what goes") struct CollectionTests {
  private let fixture: Fixture
  private var store: ContentStore { fixture.store }

  init() throws { fixture = try Fixture() }

  private func path(_ blob: Blob) -> String { "\(fixture.scratch.path)/content/blobs/sha256/\(blob.digest.hex)" }

  @Test("collect: what is neither root nor leased goes, row and file")
  func collects() throws {
    let root = try fixture.add("root")
    let leased = try fixture.add("leased")
    let garbage = try fixture.add("garbage")
    let lease = try store.takeLease()
    try fixture.database.observations { try store.keep(blob: leased.digest, under: lease, in: $0) }

    #expect(try store.collect(keeping: [root.digest], fixture.database).blobs == [garbage])
    #expect(throws: ContentError.notFound(garbage.digest)) { try store.open(garbage.digest) }
    #expect(throws: SyscallError.self) { try status(of: path(garbage)) }
    #expect(try store.open(root.digest).blob == root)
    #expect(try store.open(leased.digest).blob == leased)

    try store.drop(lease)
    #expect(try store.collect(keeping: [root.digest], fixture.database).bytes == 6)
  }

  @Test("collect: an expired lease keeps nothing, and nothing can be put under it")
  func expiry() throws {
    let blob = try fixture.add("short-lived")
    let lease = try store.takeLease(seconds: 0)
    try fixture.database.observations { try store.keep(blob: blob.digest, under: lease, in: $0) }
    #expect(try store.collect(keeping: [], fixture.database).blobs == [blob])
    #expect(throws: ContentError.leaseGone) {
      try fixture.database.observations { try store.keep(blob: blob.digest, under: lease, in: $0) }
    }
  }

  @Test("open: a blob whose file is missing or cut is reported, and can be received again")
  func damaged() throws {
    let missing = try fixture.add("missing")
    let cut = try fixture.add("cut short")
    try unlink(path(missing))
    truncate(path(cut), 3)
    let expected = [
      missing.digest: "its file is missing", cut.digest: "its file has 3 bytes, not 9",
    ]
    for (digest, reason) in expected {
      #expect(throws: ContentError.damaged(digest, reason: reason)) { try store.open(digest) }
      #expect(try store.blob(digest) == nil)
    }
    #expect(Dictionary(uniqueKeysWithValues: try store.damaged().map { ($0.blob.digest, $0.reason) }) == expected)
    try fixture.add("cut short")
    #expect(try store.read(cut.digest, bytesMax: 10) == Array("cut short".utf8))
  }

  @Test("read: a flipped bit is noticed")
  func flipped() throws {
    let blob = try fixture.add("hello")
    try writeExisting(path(blob), "hellO")
    #expect(throws: ContentError.damaged(blob.digest, reason: "its file holds other bytes")) {
      try store.read(blob.digest, bytesMax: 10)
    }
  }
}

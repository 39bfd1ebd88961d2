import ContentStore
import Database
import Glibc
import Linux
import OCI
import Scratch
import Synchronization
import Testing

@Suite("content store: ingests") struct IngestTests {
  private let fixture: Fixture
  private var store: ContentStore { fixture.store }
  private let lease: Lease

  init() throws {
    fixture = try Fixture()
    lease = try fixture.store.takeLease()
  }

  @Test("commit: a blob is read back, under the digest that sha256sum knows")
  func roundTrip() throws {
    let blob = try fixture.add("hello")
    #expect("\(blob.digest)" == "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try store.read(blob.digest, bytesMax: 5) == Array("hello".utf8))
    #expect(throws: ContentError.tooLarge(blob.digest, bytesMax: 4)) { try store.read(blob.digest, bytesMax: 4) }
  }

  @Test("commit: nothing is stored before it is recorded")
  func unrecorded() throws {
    let ingest = try store.ingest()
    try ingest.write(Array("hello".utf8))
    let blob = try ingest.commit(under: lease)
    #expect(throws: ContentError.notFound(blob.digest)) { try store.open(blob.digest) }
    #expect(try store.openFile(of: blob).readAll(limit: 10) == Array("hello".utf8))
  }

  @Test("commit: other bytes than announced are refused and removed")
  func wrongDigest() throws {
    let ingest = try store.ingest(digest("hello"))
    try ingest.write(Array("hullo".utf8))
    #expect(throws: ContentError.digestMismatch(expected: digest("hello"), actual: digest("hullo"))) {
      try ingest.commit(digest: digest("hello"), under: lease)
    }
    #expect(try fixture.listing() == "")
  }

  @Test("commit: another length than announced is refused and removed", arguments: [4, 6] as [Int64])
  func wrongSize(size: Int64) throws {
    let ingest = try store.ingest()
    try ingest.write(Array("hello".utf8))
    #expect(throws: ContentError.sizeMismatch(expected: size, actual: 5)) {
      try ingest.commit(digest: digest("hello"), size: size, under: lease)
    }
    #expect(try fixture.listing() == "")
  }

  @Test("ingest: an interrupted one goes on at its offset")
  func resumes() throws {
    do {
      let first = try store.ingest(digest("hello"))
      try first.write(Array("hel".utf8))
    }
    let second = try store.ingest(digest("hello"))
    #expect(second.offset == 3)
    try second.write(Array("lo".utf8))
    #expect(try second.commit(digest: digest("hello"), size: 5, under: lease).size == 5)
  }

  @Test("ingest: of one blob only one is received at a time")
  func inUse() throws {
    let first = try store.ingest(digest("hello"))
    #expect(throws: ContentError.ingestInUse(digest("hello").hex)) { try store.ingest(digest("hello")) }
    first.discard()
    #expect(try store.ingest(digest("hello")).offset == 0)
  }

  @Test("ingest: one without name leaves nothing when it is let go of")
  func anonymous() throws {
    try store.ingest().write([1, 2, 3])
    #expect(try fixture.listing() == "")
  }

  @Test("commit: the same blob from many threads at once is stored once")
  func concurrent() throws {
    let failures = Mutex<[String]>([])
    onThreads(8) { [store, database = fixture.database] _ in
      do { try Fixture.add("same", store, database) } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try store.read(digest("same"), bytesMax: 10) == Array("same".utf8))
    let hex = digest("same").hex
    #expect(try fixture.listing() == "row sha256:\(hex.prefix(10)) 4\nblobs/sha256/\(hex.prefix(10))")
  }

  @Test("write: a full disk is an error and leaves nothing")
  func fullDisk() throws {
    let full = fixture.scratch.path + "/full"
    try makeDirectory(full)
    #expect(mount("tmpfs", full, "tmpfs", 0, "size=1m") == 0)
    defer { umount2(full, Int32(MNT_DETACH)) }
    let database = try StateDatabase.open(dataRoot: fixture.scratch.path + "/roomy")
    let store = try ContentStore(dataRoot: full, database: database)
    let ingest = try store.ingest(digest("never"))
    #expect(throws: ContentError.diskFull) {
      for _ in 0..<100 { try ingest.write([UInt8](repeating: 7, count: 64 << 10)) }
    }
    #expect(try open("\(full)/content/ingest", O_RDONLY).entries() == [])
  }
}

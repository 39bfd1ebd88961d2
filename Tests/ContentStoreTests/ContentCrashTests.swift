import ContentStore
import Database
import Glibc
import Linux
import OCI
import Scratch
import Testing

@Suite("content store: crashes") struct ContentCrashTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static func open(_ path: String) throws -> (StateDatabase, ContentStore) {
    let database = try StateDatabase.open(dataRoot: path)
    return (database, try ContentStore(dataRoot: path, database: database))
  }

  @Test(
    "commit: a crash before the row leaves nothing",
    arguments: ["content.commit.leased", "content.commit.renamed", "content.files.synchronized"])
  func beforeRow(failpoint: String) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let (database, store) = try Self.open(path)
      Failpoint.die(at: failpoint)
      try Fixture.add("hello", store, database)
    }
    #expect(try Fixture.listing(scratch.path) == "")
  }

  @Test("commit: a crash after the row leaves the whole blob")
  func afterRow() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let (database, store) = try Self.open(path)
      Failpoint.die(at: "database.definitions.committed")
      try Fixture.add("hello", store, database)
    }
    let (_, store) = try Self.open(scratch.path)
    #expect(try store.read(digest("hello"), bytesMax: 10) == Array("hello".utf8))
  }

  @Test("ingest: what was received before a crash is there after it")
  func resumes() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let (_, store) = try Self.open(path)
      let named = try store.ingest(digest("hello"))
      let anonymous = try store.ingest()
      try named.write(Array("hel".utf8))
      try anonymous.write(Array("gone".utf8))
      kill(getpid(), SIGKILL)
      _ = (named, anonymous)
    }
    let (_, store) = try Self.open(scratch.path)
    #expect(try store.ingest(digest("hello")).offset == 3)
    #expect(try Fixture.entries(scratch.path, "ingest") == [digest("hello").hex])
  }

  @Test("collect: a crash between rows and files is finished by the next start")
  func collecting() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let (database, store) = try Self.open(path)
      try Fixture.add("hello", store, database)
      Failpoint.die(at: "content.sweep.unrecorded")
      try store.collect(keeping: [], database)
    }
    #expect(try Fixture.listing(scratch.path) == "")
  }
}

import Database
import Glibc
import Linux
import Scratch
import Synchronization
import Testing

@Suite("database: transactions") struct TransactionTests {
  private let scratch: ScratchFolder
  private let database: StateDatabase

  init() throws {
    scratch = try ScratchFolder()
    database = try Self.open(scratch.path)
  }

  private static func open(_ path: String) throws -> StateDatabase {
    try StateDatabase.open(
      dataRoot: path, migrations: [Migration("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")])
  }

  private static func add(_ text: String, to database: StateDatabase) throws {
    try database.definitions { try $0.execute("INSERT INTO notes (text) VALUES (?)", text) }
  }

  private static func count(_ database: StateDatabase) throws -> Int64? {
    try database.read { try $0.row("SELECT count(*) AS n FROM notes")?.integer("n") }
  }

  @Test("values: what is bound comes back, of each type")
  func values() throws {
    let row = try database.read { transaction in
      try transaction.row(
        "SELECT ? AS text, ? AS number, ? AS truth, ? AS bytes, ? AS void", "äb", Int64.min, true,
        [0, 255] as [UInt8], nil as String?)
    }
    #expect(
      row
        == Row([
          "text": .text("äb"), "number": .integer(.min), "truth": .integer(1), "bytes": .blob([0, 255]),
          "void": .null,
        ]))
  }

  @Test("values: a text with a NUL is refused, since it would come back cut")
  func nul() throws {
    #expect(throws: DatabaseError.unexpectedValue("a text with a NUL")) {
      try database.read { try $0.row("SELECT ? AS text", "a\u{0}b") }
    }
  }

  @Test("row: a column of another type is an error that names it")
  func unexpected() throws {
    let row = Row(["size": .text("big")])
    #expect(throws: DatabaseError.unexpectedValue("size is text(\"big\"), not an integer")) { try row.integer("size") }
    #expect(throws: DatabaseError.unexpectedValue("age is missing, not 0 or 1")) { try row.truth("age") }
  }

  @Test("transaction: what throws leaves nothing behind")
  func rollsBack() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try database.definitions { transaction in
        try transaction.execute("INSERT INTO notes (text) VALUES ('a')")
        throw Stop()
      }
    }
    #expect(try Self.count(database) == 0)
  }

  @Test("transaction: a name that is taken is a constraint's error")
  func constraint() throws {
    try Self.add("a", to: database)
    #expect(throws: DatabaseError.constraint("UNIQUE constraint failed: notes.text")) {
      try Self.add("a", to: database)
    }
  }

  @Test("read: a reading transaction cannot write")
  func readOnly() throws {
    #expect(throws: DatabaseError.self) { try database.read { try $0.execute("DELETE FROM notes") } }
  }

  @Test("definitions: those that come in during a sync share the next one")
  func groupCommit() async throws {
    await #expect(processExitsWith: .success) { [path = scratch.path + "/group" as String] in
      let database = try Self.open(path)
      let syncs = Atomic(0)
      let first = WaitingLock(false)
      Failpoint.install(at: "database.log.synced") { () throws(SyscallError) in
        // The first sync ends only when everybody has committed.
        guard syncs.add(1, ordering: .relaxed).newValue == 1 else { return }
        first.wait { hasAll -> Void? in hasAll ? () : nil }
      }
      let committed = Atomic(0)
      Failpoint.install(at: "database.definitions.committed") { () throws(SyscallError) in
        if committed.add(1, ordering: .relaxed).newValue == 8 { first.withLock { $0 = true } }
      }
      onThreads(8) { number in try? Self.add("\(number)", to: database) }
      #expect(try Self.count(database) == 8)
      #expect((1...2).contains(syncs.load(ordering: .relaxed)))
    }
  }

  @Test("definitions: after a sync failed nothing is written any more")
  func notDurable() async throws {
    await #expect(processExitsWith: .success) { [path = scratch.path + "/failing" as String] in
      let database = try Self.open(path)
      Failpoint.install(at: "database.log.synced") { () throws(SyscallError) in
        throw SyscallError("fdatasync", errno: .inputOutput)
      }
      #expect(throws: DatabaseError.notDurable(.inputOutput)) { try Self.add("a", to: database) }
      #expect(throws: DatabaseError.notDurable(.inputOutput)) {
        try database.observations { try $0.execute("DELETE FROM notes") }
      }
    }
  }
}

import Database
import Glibc
import Linux
import Scratch
import Testing

@Suite("database: crashes") struct DatabaseCrashTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static let migrations = [
    Migration("CREATE TABLE a (x TEXT)"), Migration("CREATE TABLE b (x TEXT)"),
  ]

  @Test("migration: a crash between two of them is finished by the next start")
  func migration() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      Failpoint.die(at: "database.migration.committed")
      _ = try StateDatabase.open(dataRoot: path, migrations: Self.migrations)
    }
    let database = try StateDatabase.open(dataRoot: scratch.path, migrations: Self.migrations)
    #expect(try database.schema() == ["CREATE TABLE a (x TEXT)", "CREATE TABLE b (x TEXT)"])
  }

  @Test(
    "definitions: one that was committed is there after a crash",
    arguments: ["database.definitions.committed", "database.log.synced", "database.definitions.durable"])
  func committed(failpoint: String) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let database = try StateDatabase.open(dataRoot: path, migrations: Self.migrations)
      Failpoint.die(at: failpoint)
      try database.definitions { try $0.execute("INSERT INTO a VALUES ('here')") }
    }
    let database = try StateDatabase.open(dataRoot: scratch.path, migrations: Self.migrations)
    #expect(try database.read { try $0.row("SELECT x FROM a")?.text("x") } == "here")
  }
}

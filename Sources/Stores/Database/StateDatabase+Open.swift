import GRDB
import Glibc
import Linux

extension StateDatabase {
  /// The database's name in the data root.
  package static let fileName = "skiff.db"
  /// What holds state beside it: architecture, "State on disk".
  private static let stateDirectories = ["containers", "content", "snapshots", "volumes"]

  /// Opens the database in `dataRoot`, which is made if it is not there, and brings its schema up to date.
  ///
  /// No other process can open it as long as this one lives. Nothing is ever deleted or made anew here: what cannot be
  /// read is an error, and so is a missing or empty database where there is state that it should know of.
  ///
  /// - Throws: `emptyOverState`, `newer`, `corrupt`, `inUse`, `diskFull`, `system`, `failed`.
  package static func open(
    dataRoot: String, migrations: [Migration] = Migration.all
  ) throws(DatabaseError) -> StateDatabase {
    let path = "\(dataRoot)/\(fileName)"
    do {
      try makeDirectories(dataRoot, mode: 0o711)
      let directory = try Linux.open(dataRoot, O_RDONLY | O_DIRECTORY)
      try protect(fileName, in: directory)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { connection in
        try check(connection, path: path)
        let version = try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
        guard version <= migrations.count else {
          throw DatabaseError.newer(path: path, version: version, known: migrations.count)
        }
        if version == 0 { try checkNoState(in: directory, dataRoot) }
        try migrate(connection, from: version, migrations)
      }
      let log = try Linux.open("\(fileName)-wal", at: .directory(directory), O_RDWR)
      try log.synchronizeData()
      try directory.synchronize()
      return StateDatabase(queue: queue, log: WriteAheadLog(file: log), path: path)
    } catch {
      throw DatabaseError(error, path: path) ?? .failed(code: -1, "\(error)")
    }
  }

  /// Makes the file if it is not there: environments of containers hold secrets, so nobody else may read it, whatever
  /// the umask says. SQLite gives its other files the same mode.
  ///
  /// A file that is there is not opened: closing it would take away the locks that this process has on it.
  private static func protect(_ name: String, in directory: Descriptor) throws(SyscallError) {
    do {
      _ = try Linux.open(name, at: .directory(directory), O_RDONLY | O_CREAT | O_EXCL, mode: 0o600)
    } catch { if error.errno != .exists { throw error } }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = fileName
    configuration.busyMode = .immediateError
    configuration.prepareDatabase { connection in
      // Exclusive: one writer, and no shared memory file. It must be said before the log is opened.
      try connection.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try connection.execute(sql: "PRAGMA journal_mode = WAL")
      try connection.execute(sql: "PRAGMA synchronous = NORMAL")
      try connection.execute(sql: "PRAGMA journal_size_limit = \(logBytesMax)")
    }
    return configuration
  }

  /// What the log keeps of the disk after a checkpoint; it is written over from its start, so it rarely grows beyond.
  private static let logBytesMax = 16 << 20

  private static func check(_ connection: GRDB.Database, path: String) throws {
    let verdict = try String.fetchOne(connection, sql: "PRAGMA quick_check(1)") ?? "no answer"
    guard verdict == "ok" else { throw DatabaseError.corrupt(path: path, reason: verdict) }
  }

  private static func checkNoState(in directory: Descriptor, _ dataRoot: String) throws {
    var found: [String] = []
    for name in stateDirectories {
      if try !entries(of: name, in: directory).isEmpty { found.append(name) }
    }
    guard found.isEmpty else { throw DatabaseError.emptyOverState(root: dataRoot, found: found) }
  }

  private static func entries(of name: String, in directory: Descriptor) throws(SyscallError) -> [String] {
    do { return try Linux.open(name, at: .directory(directory), O_RDONLY | O_DIRECTORY).entries() } catch {
      if error.errno == .noSuchFile { return [] }
      throw error
    }
  }

  private static func migrate(_ connection: GRDB.Database, from version: Int, _ migrations: [Migration]) throws {
    for (index, migration) in migrations.enumerated().dropFirst(version) {
      try connection.inTransaction(.immediate) {
        for statement in migration.statements { try connection.execute(sql: statement) }
        try connection.execute(sql: "PRAGMA user_version = \(index + 1)")
        return .commit
      }
      try Failpoint("database.migration.committed").reach()
    }
  }

  /// The schema as SQLite keeps it, for the golden test.
  package func schema() throws -> [String] {
    try read { transaction in
      try transaction.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").map { row in
        try row.text("sql")
      }
    }
  }
}

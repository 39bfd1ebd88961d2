import GRDB
import Linux

/// All state of a daemon that must outlive it: one SQLite database, `skiff.db` in the data root, with one writer.
///
/// There are two kinds of writes (architecture, rule 4). A *definition* is on the disk when the call returns: create,
/// remove, tag. An *observation* is only in the kernel's hands: it survives the death of the daemon, and a power failure
/// may take the last ones with it, whose subjects that failure ended anyway. Both go through one connection, in the
/// order of their calls, and what is durable includes everything that was written before.
///
/// Every call blocks, and runs on an executor for blocking work. Transactions run one after the other; the wait for the
/// disk is shared by all definitions that come in meanwhile, and does not hold up the others.
///
/// A transaction must not begin another one: SQLite's queue would wait for itself, and GRDB ends the process instead.
package final class StateDatabase: Sendable {
  private let queue: DatabaseQueue
  private let log: WriteAheadLog
  private let path: String

  init(queue: DatabaseQueue, log: WriteAheadLog, path: String) {
    self.queue = queue
    self.log = log
    self.path = path
  }

  /// Writes what must not be lost: when it returns, it is on the disk.
  ///
  /// - Throws: `DatabaseError`, or what `body` throws; the transaction did not happen then, except after `notDurable`.
  package func definitions<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    let (result, position) = try commit(body)
    try Failpoint("database.definitions.committed").reach()
    try log.makeDurable(upTo: position)
    try Failpoint("database.definitions.durable").reach()
    return result
  }

  /// Writes what a power failure may take.
  ///
  /// - Throws: `DatabaseError`, or what `body` throws; the transaction did not happen then.
  package func observations<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    try commit(body).result
  }

  /// Reads one state of the database, between two writes.
  package func read<Result>(_ body: (Transaction) throws -> Result) throws -> Result {
    do { return try queue.read { connection in try body(Transaction(connection: connection, path: path)) } } catch {
      throw DatabaseError(error, path: path) ?? error
    }
  }

  private func commit<Result>(_ body: (Transaction) throws -> Result) throws -> (result: Result, position: UInt64) {
    try log.checkTrust()
    do {
      let result = try queue.write { connection in try body(Transaction(connection: connection, path: path)) }
      return (result, log.advance())
    } catch { throw DatabaseError(error, path: path) ?? error }
  }
}

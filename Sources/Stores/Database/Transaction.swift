import FoundationEssentials
import GRDB

/// One transaction: all of its statements happen, or none.
///
/// It lives as long as the closure it is given to, and belongs to the thread that runs it. Rooms that take part in
/// somebody's transaction take it as an argument; they must not open another one meanwhile.
package struct Transaction {
  let connection: GRDB.Database
  let path: String

  /// Runs a statement; `?` in it stand for `values`, in their order.
  package func execute(_ sql: String, _ values: any Bindable...) throws(DatabaseError) {
    do {
      try connection.cachedStatement(sql: sql).execute(arguments: try Self.arguments(values))
    } catch { throw failure(error) }
  }

  /// The rows that a query answers.
  package func rows(_ sql: String, _ values: any Bindable...) throws(DatabaseError) -> [Row] {
    try allRows(sql, values)
  }

  /// The first row that a query answers.
  package func row(_ sql: String, _ values: any Bindable...) throws(DatabaseError) -> Row? {
    try allRows(sql, values).first
  }

  /// The id that the last insertion got.
  package var lastInsertedID: Int64 { connection.lastInsertedRowID }
  /// How many rows the last statement changed.
  package var changesCount: Int { connection.changesCount }

  private func allRows(_ sql: String, _ values: [any Bindable]) throws(DatabaseError) -> [Row] {
    do {
      let statement = try connection.cachedStatement(sql: sql)
      let found = try GRDB.Row.fetchAll(statement, arguments: try Self.arguments(values))
      return found.map { row in
        Row(Dictionary(row.map { ($0, Value($1)) }, uniquingKeysWith: { first, _ in first }))
      }
    } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> DatabaseError {
    DatabaseError(error, path: path) ?? .failed(code: -1, "\(error)")
  }

  private static func arguments(_ values: [any Bindable]) throws -> StatementArguments {
    StatementArguments(
      try values.map { bindable -> GRDB.DatabaseValue in
        switch bindable.value {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text):
          // SQLite would take it, and give back what stands before the NUL.
          if text.utf8.contains(0) {
            throw DatabaseError.unexpectedValue("a text with a NUL")
          } else {
            text.databaseValue
          }
        case .blob(let bytes): bytes.withUnsafeBytes { Data($0).databaseValue }
        }
      })
  }
}

extension Value {
  init(_ value: GRDB.DatabaseValue) {
    switch value.storage {
    case .null: self = .null
    case .int64(let number): self = .integer(number)
    case .double(let number): self = .real(number)
    case .string(let text): self = .text(text)
    case .blob(let data): self = .blob([UInt8](data))
    }
  }
}

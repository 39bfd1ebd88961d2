/// What a column holds, as SQLite has it.
package enum Value: Equatable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// What can be bound to a statement.
package protocol Bindable {
  /// The value that is stored.
  var value: Value { get }
}

extension Value: Bindable { package var value: Value { self } }
extension String: Bindable { package var value: Value { .text(self) } }
extension Int: Bindable { package var value: Value { .integer(Int64(self)) } }
extension Int64: Bindable { package var value: Value { .integer(self) } }
extension Bool: Bindable { package var value: Value { .integer(self ? 1 : 0) } }
extension Array: Bindable where Element == UInt8 { package var value: Value { .blob(self) } }
extension Optional: Bindable where Wrapped: Bindable { package var value: Value { self?.value ?? .null } }

/// One row of an answer. Columns are named as the statement names them.
package struct Row: Equatable, Sendable {
  private let values: [String: Value]

  /// Creates it from its columns.
  package init(_ values: [String: Value]) { self.values = values }

  /// The text in `column`; anything else throws `unexpectedValue`, and so do the others for theirs.
  package func text(_ column: String) throws(DatabaseError) -> String {
    guard case .text(let text)? = values[column] else { throw unexpected(column, "a text") }
    return text
  }

  /// The integer in `column`.
  package func integer(_ column: String) throws(DatabaseError) -> Int64 {
    guard case .integer(let number)? = values[column] else { throw unexpected(column, "an integer") }
    return number
  }

  /// The truth in `column`: 0 or 1.
  package func truth(_ column: String) throws(DatabaseError) -> Bool {
    switch values[column] {
    case .integer(0): return false
    case .integer(1): return true
    default: throw unexpected(column, "0 or 1")
    }
  }

  /// The bytes in `column`.
  package func blob(_ column: String) throws(DatabaseError) -> [UInt8] {
    guard case .blob(let bytes)? = values[column] else { throw unexpected(column, "bytes") }
    return bytes
  }

  /// Whether `column` is NULL or not there: asked before one of the others where that may be.
  package func isNull(_ column: String) -> Bool { values[column] ?? .null == .null }

  private func unexpected(_ column: String, _ wanted: String) -> DatabaseError {
    .unexpectedValue("\(column) is \(values[column].map { "\($0)" } ?? "missing"), not \(wanted)")
  }
}

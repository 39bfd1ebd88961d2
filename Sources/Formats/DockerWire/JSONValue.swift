/// A JSON value as it was written: members keep their order, numbers their digits.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The digits, checked against JSON's grammar.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and its value. Names may repeat; the last one counts, as in Go.
  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: JSONValue
  }

  /// What Go's decoder calls it in its errors.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// Whether it is what Go takes for nothing: null, false, 0, "", [] or {}.
  package var isEmpty: Bool {
    switch self {
    case .null: true
    case .bool(let value): !value
    case .number(let digits): digits.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    }
  }
}

/// Text that is not the JSON that was expected; the words are Docker's where clients see them.
package struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The whole text for the user.
  package let description: String

  /// Says what is wrong with a text.
  package init(_ description: String) { self.description = description }

  static let truncated = WireError("invalid JSON: unexpected EOF")
  /// There is no text at all.
  package static let empty = WireError("invalid JSON: got EOF while reading request body")
  static let trailing = WireError("unexpected content after JSON")
  static let tooDeep = WireError("invalid JSON: exceeded max depth")
}

/// A JSON document as it was written: members keep their order and numbers their digits.
///
/// The client passes most of what it reads on to the user, so it keeps documents instead of the few fields it knows:
/// `inspect` shows what a newer daemon says too.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The digits, as in the text.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One member of an object.
  package struct Member: Equatable, Sendable {
    package let name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

extension JSONValue {
  /// The member `name` of an object; null where there is none, or this is no object.
  ///
  /// Of two members of one name the last counts, as in Go.
  package subscript(_ name: String) -> JSONValue { members.last { $0.name == name }?.value ?? .null }

  /// The members of an object; none of anything else.
  package var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// The elements of an array; none of anything else, null above all.
  package var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The text of a string; empty for anything else.
  package var text: String {
    if case .string(let text) = self { text } else { "" }
  }

  /// A number without a fraction; 0 for anything else.
  package var integer: Int64 {
    guard case .number(let digits) = self else { return 0 }
    return Int64(digits) ?? Double(digits).flatMap { Int64(exactly: $0.rounded(.towardZero)) } ?? 0
  }

  /// A number that counts something and is never negative; 0 for anything else.
  package var unsigned: UInt64 {
    guard case .number(let digits) = self else { return 0 }
    return UInt64(digits) ?? UInt64(clamping: max(0, integer))
  }

  /// A number; 0 for anything else.
  package var real: Double {
    if case .number(let digits) = self { Double(digits) ?? 0 } else { 0 }
  }

  /// Whether this is `true`.
  package var isTrue: Bool { self == .bool(true) }

  /// Whether this is `null`, which is also what a missing member is.
  package var isNull: Bool { self == .null }

  /// The strings of an array.
  package var strings: [String] { elements.map(\.text) }

  /// An object of strings, by its names.
  package var dictionary: [String: String] {
    Dictionary(members.map { ($0.name, $0.value.text) }, uniquingKeysWith: { $1 })
  }

  /// The value of an integer.
  package init(_ value: some BinaryInteger) { self = .number(String(value)) }

  /// An array of strings.
  package init(_ strings: [String]) { self = .array(strings.map { .string($0) }) }

  /// An object of strings, by name as Go orders them.
  package init(_ strings: [String: String]) {
    self = .object(
      strings.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { Member($0.key, .string($0.value)) })
  }
}

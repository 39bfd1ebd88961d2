/// A value that is written to and read from Docker's JSON.
package protocol WireValue: Sendable, Equatable {
  /// Reads `value`, which is not null unless the type has a place for it.
  init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError)

  /// Writes it as Go would.
  func write(_ json: inout JSONWriter)

  /// Whether Go's `omitempty` leaves it out.
  var isEmpty: Bool { get }

  /// Adds to `names` what in it is not empty, under the name `path`.
  func collectSet(path: String, into names: inout [String])

  /// Whether null is a value of this type, not merely "leave it as it is".
  static var takesNull: Bool { get }
}

extension WireValue {
  /// The value itself, if it is not empty.
  package func collectSet(path: String, into names: inout [String]) { if !isEmpty { names.append(path) } }
  /// It has no place for null.
  package static var takesNull: Bool { false }
}

/// Where in a text a reader is, and what it met that no type knows.
package struct WireReader {
  private var path: [String] = []
  /// Members that the types do not have and that are not empty, as `HostConfig.Something`.
  private(set) var unknown: [String] = []

  mutating func within<Value>(
    _ name: String, _ body: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    path.append(name)
    defer { path.removeLast() }
    return try body(&self)
  }

  mutating func meetUnknown(_ member: JSONValue.Member) {
    if !member.value.isEmpty { unknown.append((path + [member.name]).joined(separator: ".")) }
  }

  func mismatch(_ value: JSONValue, _ type: String) -> WireError {
    let place = path.isEmpty ? "the body" : "\"\(path.joined(separator: "."))\""
    return WireError("invalid JSON: cannot unmarshal \(value.kind) into \(place) of type \(type)")
  }
}

extension Bool: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .bool(let flag) = value else { throw reader.mismatch(value, "bool") }
    self = flag
  }
  package func write(_ json: inout JSONWriter) { json.bool(self) }
  package var isEmpty: Bool { !self }
}

extension WireValue where Self: FixedWidthInteger {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .number(let digits) = value, let number = Self(digits) else { throw reader.mismatch(value, "integer") }
    self = number
  }
  package func write(_ json: inout JSONWriter) { json.integer(self) }
  package var isEmpty: Bool { self == 0 }
}

extension Int: WireValue {}
extension UInt16: WireValue {}
extension UInt32: WireValue {}
extension UInt64: WireValue {}

extension String: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .string(let text) = value else { throw reader.mismatch(value, "string") }
    self = text
  }
  package func write(_ json: inout JSONWriter) { json.string(self) }
}

/// Nil is null where it is written.
extension Optional: WireValue where Wrapped: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    self = if case .null = value { nil } else { try Wrapped(wire: value, &reader) }
  }
  package func write(_ json: inout JSONWriter) {
    if let self { self.write(&json) } else { json.null() }
  }
  /// A present value counts, whatever it is, as behind Go's pointer; a collection only if it has elements.
  package var isEmpty: Bool {
    guard let self else { return true }
    return self is any WireCollection && self.isEmpty
  }
  package func collectSet(path: String, into names: inout [String]) { self?.collectSet(path: path, into: &names) }
  package static var takesNull: Bool { true }
}

/// What Go has as a slice or map, which `omitempty` leaves out when it has no elements.
protocol WireCollection {}

extension Array: WireCollection, WireValue where Element: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .array(let elements) = value else { throw reader.mismatch(value, "array") }
    self = []
    reserveCapacity(elements.count)
    for element in elements { append(try Element(wire: element, &reader)) }
  }
  package func write(_ json: inout JSONWriter) { json.array { json in for element in self { element.write(&json) } } }
}

/// Written in the order of its keys' bytes, as Go writes maps.
extension Dictionary: WireCollection, WireValue where Key == String, Value: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .object(let members) = value else { throw reader.mismatch(value, "object") }
    self.init(minimumCapacity: members.count)
    for member in members {
      self[member.name] = try reader.within(member.name) { reader throws(WireError) in
        try Value(wire: member.value, &reader)
      }
    }
  }
  package func write(_ json: inout JSONWriter) {
    json.object { json in
      let ordered = self.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (key, value) in ordered { json.field(key) { value.write(&$0) } }
    }
  }
}

/// Anything, kept as it came.
extension JSONValue: WireValue {
  package init(wire value: JSONValue, _ reader: inout WireReader) { self = value }
  package func write(_ json: inout JSONWriter) {
    switch self {
    case .null: json.null()
    case .bool(let flag): json.bool(flag)
    case .number(let digits): json.number(digits)
    case .string(let text): json.string(text)
    case .array(let elements): elements.write(&json)
    case .object(let members):
      json.object { json in for member in members { json.field(member.name) { member.value.write(&$0) } } }
    }
  }
  package static var takesNull: Bool { true }
}

/// Names in an object with nothing behind them: `{"80/tcp":{}}`, Go's `map[string]struct{}`.
package struct WireSet: WireValue, WireCollection, ExpressibleByArrayLiteral {
  package var names: [String]

  /// The set of `names`.
  package init(_ names: [String]) { self.names = names }
  package init(arrayLiteral elements: String...) { names = elements }

  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .object(let members) = value else { throw reader.mismatch(value, "object") }
    names = members.map(\.name)
  }
  package func write(_ json: inout JSONWriter) {
    json.object { json in
      for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        json.field(name) { $0.object { _ in } }
      }
    }
  }
  package var isEmpty: Bool { names.isEmpty }
}

/// The words of a command, which may be sent as one string.
package struct CommandWords: WireValue, WireCollection, ExpressibleByArrayLiteral {
  package var words: [String]

  /// The command `words`.
  package init(_ words: [String]) { self.words = words }
  package init(arrayLiteral elements: String...) { words = elements }

  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    if case .string(let word) = value { words = [word] } else { words = try [String](wire: value, &reader) }
  }
  package func write(_ json: inout JSONWriter) { words.write(&json) }
  package var isEmpty: Bool { words.isEmpty }
}

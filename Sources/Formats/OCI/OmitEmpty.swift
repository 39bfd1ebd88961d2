/// A member that JSON may leave out or call `null`, which then is empty, and that is left out again while it is empty:
/// Go's `omitempty`, which every document of the OCI was written with.
@propertyWrapper
package struct OmitEmpty<Value: EmptyValue & Codable & Equatable & Sendable>: Codable, Equatable,
  Sendable
{
  package var wrappedValue: Value

  /// Wraps `wrappedValue`.
  package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  /// Reads the bare value, without any wrapping in the JSON.
  package init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }

  /// Writes the bare value.
  package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

/// A member that is read like `OmitEmpty` but always written: a list that Go has without `omitempty`, and so writes as
/// `null` when nobody filled it.
@propertyWrapper
package struct NullIsEmpty<Value: EmptyValue & Codable & Equatable & Sendable>: Codable, Equatable,
  Sendable
{
  package var wrappedValue: Value

  /// Wraps `wrappedValue`.
  package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  /// Reads the bare value, without any wrapping in the JSON.
  package init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }

  /// Writes the bare value.
  package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

/// A type with one value that says nothing.
package protocol EmptyValue {
  /// The value that an absent member has.
  static var emptyValue: Self { get }
  /// Whether this is that value.
  var isEmptyValue: Bool { get }
}

extension Array: EmptyValue {
  package static var emptyValue: [Element] { [] }
  package var isEmptyValue: Bool { isEmpty }
}

extension Dictionary: EmptyValue {
  package static var emptyValue: [Key: Value] { [:] }
  package var isEmptyValue: Bool { isEmpty }
}

extension String: EmptyValue {
  package static var emptyValue: String { "" }
  package var isEmptyValue: Bool { isEmpty }
}

extension Bool: EmptyValue {
  package static var emptyValue: Bool { false }
  package var isEmptyValue: Bool { !self }
}

// The synthesised `init(from:)` and `encode(to:)` call `decode` and `encode` with the wrapper's type; these overloads are
// more specific than the standard library's, so members with the wrapper come here.
extension KeyedDecodingContainer {
  /// Reads a member that may be absent.
  package func decode<Value>(_: OmitEmpty<Value>.Type, forKey key: Key) throws -> OmitEmpty<Value> {
    OmitEmpty(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? Value.emptyValue)
  }

  /// Reads a member that may be absent.
  package func decode<Value>(_: NullIsEmpty<Value>.Type, forKey key: Key) throws -> NullIsEmpty<Value> {
    NullIsEmpty(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? Value.emptyValue)
  }
}

extension KeyedEncodingContainer {
  /// Writes a member unless it is empty.
  package mutating func encode<Value>(_ member: OmitEmpty<Value>, forKey key: Key) throws {
    if !member.wrappedValue.isEmptyValue { try encode(member.wrappedValue, forKey: key) }
  }
}

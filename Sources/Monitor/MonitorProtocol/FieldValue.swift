import OCI

/// What the value of one field can be.
protocol FieldValue {
  /// Appends the value, without tag and length.
  func write(into writer: inout RecordWriter) throws(RecordError)

  /// Reads all of `bytes`.
  init(field bytes: ArraySlice<UInt8>) throws(RecordError)
}

/// A value that is not written when it says nothing.
protocol DefaultedValue: FieldValue, Equatable {
  /// What a member is that no field was written for.
  static var absent: Self { get }
}

/// An integer: its own size, little endian.
protocol IntegerValue: DefaultedValue, FixedWidthInteger {}

extension IntegerValue {
  static var absent: Self { 0 }

  func write(into writer: inout RecordWriter) { writer.append(self) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    let size = Self.bitWidth / 8
    guard bytes.count == size else { throw RecordError(.wrongSize(bytes.count, expected: size)) }
    self = bytes.reversed().reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
  }
}

extension UInt8: IntegerValue {}
extension UInt16: IntegerValue {}
extension UInt32: IntegerValue {}
extension UInt64: IntegerValue {}
extension Int32: IntegerValue {}
extension Int64: IntegerValue {}
/// Eight bytes.
extension Int: IntegerValue {}

/// One byte, 0 or 1.
extension Bool: DefaultedValue {
  static var absent: Bool { false }

  func write(into writer: inout RecordWriter) { writer.append(self ? 1 as UInt8 : 0) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    let number = try UInt8(field: bytes)
    guard number <= 1 else { throw RecordError(.unknownValue("\(number)")) }
    self = number == 1
  }
}

/// UTF-8. The kernel is given these as C strings, so there is no NUL in them, in either direction.
extension String: DefaultedValue {
  static var absent: String { "" }

  func write(into writer: inout RecordWriter) throws(RecordError) {
    if utf8.contains(0) { throw RecordError(.containsNUL) }
    writer.append(contentsOf: utf8)
  }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw RecordError(.notUTF8) }
    if bytes.contains(0) { throw RecordError(.containsNUL) }
    self = text
  }
}

/// A word of a specification, as that writes it.
extension FieldValue where Self: ClosedSet {
  func write(into writer: inout RecordWriter) throws(RecordError) { try rawValue.write(into: &writer) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    let word = try String(field: bytes)
    guard let value = Self(rawValue: word) else { throw RecordError(.unknownValue(word)) }
    self = value
  }
}

/// A choice that is numbered in one byte.
protocol NumberedChoice: FieldValue, RawRepresentable where RawValue == UInt8 {}

extension NumberedChoice {
  func write(into writer: inout RecordWriter) { writer.append(rawValue) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    let number = try UInt8(field: bytes)
    guard let value = Self(rawValue: number) else { throw RecordError(.unknownValue("\(number)")) }
    self = value
  }
}

/// A choice whose alternatives have members of their own: a record that has exactly one of them.
protocol Alternatives: FieldValue {
  /// The record, in which each alternative is an optional member.
  associatedtype Members: Record
  /// The record with only this alternative.
  var members: Members { get }
  /// The alternative that is there; nil unless it is exactly one.
  init?(_ members: Members)
}

extension Alternatives {
  func write(into writer: inout RecordWriter) throws(RecordError) { try members.write(into: &writer) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    guard let value = Self(try Members(field: bytes)) else { throw RecordError(.notOneAlternative) }
    self = value
  }
}

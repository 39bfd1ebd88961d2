/// Goes through the fields of a record, and hands each to the member whose tag it has.
///
/// Reads what somebody else wrote: memory grows with the bytes only (a list element costs at most some twenty times
/// its field), and depth is that of the structures, not of the bytes.
struct RecordReader: RecordCoder {
  /// All tags that we know are below: one word of bits says which were seen.
  static let tagsMax: UInt16 = 64

  private var rest: ArraySlice<UInt8>
  private var current: (tag: UInt16, value: ArraySlice<UInt8>)?
  private var seen: UInt64 = 0
  private var isRepeated = false
  private var isFinished = false

  /// Reads the fields of `bytes`; before the first `advance` there is no field.
  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Goes to the next field.
  ///
  /// - Returns: false at the end.
  mutating func advance() throws(RecordError) -> Bool {
    current = nil
    guard !rest.isEmpty else { return false }
    guard rest.count >= 6 else { throw RecordError(.truncated) }
    let start = rest.startIndex
    let tag = UInt16(rest[start]) | UInt16(rest[start + 1]) << 8
    let length = (0..<4).reduce(0) { $0 | Int(rest[start + 2 + $1]) << (8 * $1) }
    guard rest.count - 6 >= length else { throw RecordError(.truncated) }
    let end = start + 6 + length
    current = (tag, rest[start + 6..<end])
    rest = rest[end...]
    let bit: UInt64 = tag < RecordReader.tagsMax ? 1 << UInt64(tag) : 0
    isRepeated = seen & bit != 0
    seen |= bit
    return true
  }

  /// From now on members that are required and were not seen are errors.
  mutating func finish() { isFinished = true }

  mutating func field<Value: DefaultedValue>(
    _ tag: UInt16, _ name: String, _ value: inout Value
  ) throws(RecordError) {
    if let bytes = try only(tag, name) { value = try decode(name, bytes) }
  }

  mutating func field<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value?) throws(RecordError) {
    if let bytes = try only(tag, name) { value = try decode(name, bytes) as Value }
  }

  mutating func required<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value) throws(RecordError) {
    if let bytes = try only(tag, name) { value = try decode(name, bytes) }
    if isFinished, seen & (1 << UInt64(tag)) == 0 { throw RecordError(.missing, at: name) }
  }

  mutating func list<Value: FieldValue>(_ tag: UInt16, _ name: String, _ values: inout [Value]) throws(RecordError) {
    if let bytes = any(tag) { values.append(try decode(name, bytes)) }
  }

  mutating func map<Value: FieldValue>(
    _ tag: UInt16, _ name: String, _ values: inout [String: Value]
  ) throws(RecordError) {
    guard let bytes = any(tag) else { return }
    let (key, value): (String, Value)
    do { (key, value) = try RecordReader.pair(bytes) } catch { throw error.inside(name) }
    guard values.updateValue(value, forKey: key) == nil else { throw RecordError(.repeated, at: "\(name).\(key)") }
  }

  mutating func bytes(_ tag: UInt16, _ name: String, _ value: inout [UInt8]) throws(RecordError) {
    if let bytes = try only(tag, name) { value = Array(bytes) }
  }

  mutating func text(_ tag: UInt16, _ name: String, _ value: inout String) throws(RecordError) {
    guard let bytes = try only(tag, name) else { return }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw RecordError(.notUTF8, at: name) }
    value = text
  }

  mutating func refuse(_ name: String, unless isAbsent: Bool) throws(RecordError) {}

  /// The current field if it has this tag.
  private func any(_ tag: UInt16) -> ArraySlice<UInt8>? {
    guard let current, current.tag == tag else { return nil }
    return current.value
  }

  /// The same for a member that can be there once.
  private func only(_ tag: UInt16, _ name: String) throws(RecordError) -> ArraySlice<UInt8>? {
    guard let bytes = any(tag) else { return nil }
    if isRepeated { throw RecordError(.repeated, at: name) }
    return bytes
  }

  private func decode<Value: FieldValue>(_ name: String, _ bytes: ArraySlice<UInt8>) throws(RecordError) -> Value {
    do { return try Value(field: bytes) } catch { throw error.inside(name) }
  }

  private static func pair<Value: FieldValue>(_ bytes: ArraySlice<UInt8>) throws(RecordError) -> (String, Value) {
    var reader = RecordReader(bytes)
    var key: String?
    var value: Value?
    while try reader.advance() {
      try reader.field(1, "key", &key)
      try reader.field(2, "value", &value)
    }
    guard let key else { throw RecordError(.missing, at: "key") }
    guard let value else { throw RecordError(.missing, at: key) }
    return (key, value)
  }
}

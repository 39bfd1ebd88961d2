/// Appends fields to one array; lengths are filled in when the value behind them is complete.
struct RecordWriter: RecordCoder {
  private(set) var bytes: [UInt8]

  /// Continues after `bytes`.
  init(after bytes: [UInt8] = []) { self.bytes = bytes }

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(contentsOf value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

  mutating func field<Value: DefaultedValue>(
    _ tag: UInt16, _ name: String, _ value: inout Value
  ) throws(RecordError) {
    if value != .absent { try put(tag, name, value) }
  }

  mutating func field<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value?) throws(RecordError) {
    if let value { try put(tag, name, value) }
  }

  mutating func required<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value) throws(RecordError) {
    try put(tag, name, value)
  }

  mutating func list<Value: FieldValue>(_ tag: UInt16, _ name: String, _ values: inout [Value]) throws(RecordError) {
    for value in values { try put(tag, name, value) }
  }

  mutating func map<Value: FieldValue>(
    _ tag: UInt16, _ name: String, _ values: inout [String: Value]
  ) throws(RecordError) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      try put(tag, name) { writer throws(RecordError) in
        try writer.put(1, "key", key)
        try writer.put(2, key, value)
      }
    }
  }

  mutating func bytes(_ tag: UInt16, _ name: String, _ value: inout [UInt8]) throws(RecordError) {
    guard !value.isEmpty else { return }
    let content = value
    try put(tag, name) { writer in writer.append(contentsOf: content) }
  }

  mutating func text(_ tag: UInt16, _ name: String, _ value: inout String) throws(RecordError) {
    guard !value.isEmpty else { return }
    let content = value
    try put(tag, name) { writer in writer.append(contentsOf: content.utf8) }
  }

  mutating func refuse(_ name: String, unless isAbsent: Bool) throws(RecordError) {
    if !isAbsent { throw RecordError(.unsupported, at: name) }
  }

  private mutating func put<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: Value) throws(RecordError) {
    try put(tag, name) { writer throws(RecordError) in try value.write(into: &writer) }
  }

  private mutating func put(
    _ tag: UInt16, _ name: String, _ body: (inout RecordWriter) throws(RecordError) -> Void
  ) throws(RecordError) {
    append(tag)
    append(UInt32(0))
    let start = bytes.count
    do { try body(&self) } catch { throw error.inside(name) }
    guard let length = UInt32(exactly: bytes.count - start) else { throw RecordError(.tooLong, at: name) }
    for index in 0..<4 { bytes[start - 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index))) }
  }
}

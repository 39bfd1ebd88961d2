/// One direction of a record: the writer or the reader.
///
/// A structure lists its members once, in `Record.fields`, and the list serves both directions, so nothing is written
/// that is not read. The writer leaves out what has its default; the reader gives what is not there its default, and
/// skips tags that the list does not name. Names are for errors.
///
///     0     2        6
///     ┌─────┬────────┬─────────┐
///     │ tag │ length │ value … │   u16, u32, little endian; a record is any number of these
///     └─────┴────────┴─────────┘
///
/// Tags are below `RecordReader.tagsMax`, are never reused and never change their type.
protocol RecordCoder {
  /// A member with a default.
  mutating func field<Value: DefaultedValue>(
    _ tag: UInt16, _ name: String, _ value: inout Value
  ) throws(RecordError)

  /// A member that may be absent; a present one is written whatever it is.
  mutating func field<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value?) throws(RecordError)

  /// A member that has no default: the reader refuses a record without it.
  mutating func required<Value: FieldValue>(_ tag: UInt16, _ name: String, _ value: inout Value) throws(RecordError)

  /// One field for each element, in their order.
  mutating func list<Value: FieldValue>(_ tag: UInt16, _ name: String, _ values: inout [Value]) throws(RecordError)

  /// One record for each pair, with the key as tag 1 and the value as tag 2; written in the order of the keys.
  mutating func map<Value: FieldValue>(
    _ tag: UInt16, _ name: String, _ values: inout [String: Value]
  ) throws(RecordError)

  /// Bytes without meaning to us; none is the default.
  mutating func bytes(_ tag: UInt16, _ name: String, _ value: inout [UInt8]) throws(RecordError)

  /// Text for people, which unlike other strings may contain NUL.
  mutating func text(_ tag: UInt16, _ name: String, _ value: inout String) throws(RecordError)

  /// A member that has no tag: the writer throws `unsupported` rather than lose it.
  ///
  /// - Parameter isAbsent: whether the value has nothing there.
  mutating func refuse(_ name: String, unless isAbsent: Bool) throws(RecordError)
}

/// A structure of tagged members.
protocol Record: DefaultedValue {
  /// Lists the members by tag. Called for both directions, and by the reader once for each field.
  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError)
}

extension Record {
  func write(into writer: inout RecordWriter) throws(RecordError) {
    var copy = self
    try copy.fields(&writer)
  }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    self = .absent
    var reader = RecordReader(bytes)
    while try reader.advance() { try fields(&reader) }
    // The last pass has no field and looks what is missing.
    reader.finish()
    try fields(&reader)
  }
}

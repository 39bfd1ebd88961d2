/// What one side of a connection says: `docs/monitor-protocol.md`.
package protocol MonitorMessage: Equatable, Sendable {
  /// The message that both sides say first.
  static func hello(_ hello: Hello) -> Self
  /// The greeting, if this is one.
  var greeting: Hello? { get }

  /// Reads a frame; nil is a type that this side is not told, and that it has to ignore.
  init?(_ frame: Frame) throws(ProtocolError)

  /// The frame's bytes.
  ///
  /// - Throws: `malformed` for a value that no record can carry, `tooLong` for one beyond the bound of its type.
  func encoded() throws(ProtocolError) -> [UInt8]
}

/// The first message of each side.
package struct Hello: Equatable, Sendable {
  /// The newest version that the side speaks; it speaks all older ones too.
  package var version: UInt16

  /// Says which version the side speaks.
  package init(version: UInt16 = Hello.currentVersion) { self.version = version }

  /// Frozen: it only gains types and tags, which who does not know them skips.
  package static let currentVersion: UInt16 = 1
}

extension Hello: Record {
  static let absent = Hello(version: 0)

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "version", &version)
  }
}

/// Some of a process's streams.
package struct StreamSet: OptionSet, Sendable {
  package let rawValue: UInt8

  /// Takes any bits: those that we do not know mean nothing.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The client will send input.
  package static let stdin = StreamSet(rawValue: 1)
  /// The client is sent the output.
  package static let stdout = StreamSet(rawValue: 2)
  package static let stderr = StreamSet(rawValue: 4)
  /// The output comes without frames, for a terminal's client: no `lagged` can tell it when it has missed something.
  package static let raw = StreamSet(rawValue: 8)
}

extension StreamSet: DefaultedValue {
  static var absent: StreamSet { [] }

  func write(into writer: inout RecordWriter) { writer.append(rawValue) }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) { self.init(rawValue: try UInt8(field: bytes)) }
}

/// How many bytes of each stream the process had written before: where to go on in the log.
package struct StreamPositions: Equatable, Sendable {
  package var stdout: UInt64
  package var stderr: UInt64

  /// Creates it from its members.
  package init(stdout: UInt64, stderr: UInt64) {
    self.stdout = stdout
    self.stderr = stderr
  }
}

extension StreamPositions: Record {
  static let absent = StreamPositions(stdout: 0, stderr: 0)

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "stdout", &stdout)
    try coder.field(2, "stderr", &stderr)
  }
}

/// A payload without members; tags of later versions are skipped.
struct NoMembers: Record {
  static let absent = NoMembers()

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {}
}

extension Frame {
  /// Reads the payload as a record.
  func record<Payload: Record>(_: Payload.Type = Payload.self) throws(ProtocolError) -> Payload {
    do { return try Payload(field: payload[...]) } catch { throw .malformed(type, error) }
  }

  /// The bytes of a frame with this payload.
  static func encoded(_ type: FrameType, _ payload: some Record) throws(ProtocolError) -> [UInt8] {
    var writer = RecordWriter(after: [UInt8](repeating: 0, count: FrameHeader.bytes))
    do { try payload.write(into: &writer) } catch { throw .malformed(type, error) }
    var bytes = writer.bytes
    let header = try FrameHeader(type: type, length: bytes.count - FrameHeader.bytes)
    withUnsafeBytes(of: header.word.bigEndian) { bytes.replaceSubrange(..<FrameHeader.bytes, with: $0) }
    return bytes
  }

  /// The bytes of a frame of input or output.
  static func encoded(_ type: FrameType, data: [UInt8]) throws(ProtocolError) -> [UInt8] {
    let header = try FrameHeader(type: type, length: data.count)
    return withUnsafeBytes(of: header.word.bigEndian, Array.init) + data
  }
}

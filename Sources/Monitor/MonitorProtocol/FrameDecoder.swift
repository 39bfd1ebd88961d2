/// Cuts a stream of bytes into frames, in whatever pieces it arrives.
///
/// Holds the bytes that were appended and not yet taken, so whoever takes all frames after each append holds less than
/// one frame: at most 4 MiB, and that only for a launch.
package struct FrameDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0

  /// An empty decoder, at the start of a connection.
  package init() {}

  /// What a connection's buffer keeps between frames; a launch's would stay for the life of the monitor.
  private static let keptBytesMax = FrameHeader.bytes + FrameType.dataBytesMax

  /// Takes what was received.
  package mutating func append(_ bytes: some Sequence<UInt8>) {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: buffer.capacity <= FrameDecoder.keptBytesMax)
    } else if start > 0 {
      buffer.removeSubrange(..<start)
    }
    start = 0
    buffer.append(contentsOf: bytes)
  }

  /// Whether nothing of a frame is waiting for its rest: only then may a connection end.
  package var isBetweenFrames: Bool { start == buffer.count }

  /// Takes the next frame, of whatever type; nil until all of it is here.
  ///
  /// - Throws: for a header that breaks the rules, and from then on always, because there is no way back in step.
  package mutating func next() throws(ProtocolError) -> Frame? {
    guard buffer.count - start >= FrameHeader.bytes else { return nil }
    let word = buffer[start..<start + FrameHeader.bytes].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let header = try FrameHeader(word: word)
    let end = start + FrameHeader.bytes + header.length
    guard buffer.count >= end else { return nil }
    defer { start = end }
    return Frame(type: header.type, payload: Array(buffer[start + FrameHeader.bytes..<end]))
  }

  /// Takes the next message for this side; what is none of its types is skipped.
  package mutating func next<Message: MonitorMessage>(_: Message.Type) throws(ProtocolError) -> Message? {
    while let frame = try next() {
      if let message = try Message(frame) { return message }
    }
    return nil
  }
}

/// Docker's framing of a container's output on one connection.
///
/// ```
/// byte   0        1..3   4..7                      8…
///        stream   0      length, big-endian        bytes
/// ```
package enum StreamFrame {
  /// Where bytes come from or go to.
  package enum Stream: UInt8, Sendable {
    /// Docker's readers write it to standard output.
    case input = 0
    case output = 1
    case error = 2
    /// A message of the engine itself: an error that ended the stream.
    case system = 3
  }

  /// The length of a frame's header.
  package static let headerBytes = 8

  /// The most that a frame may hold. Docker cuts output at 32 KiB (16 KiB for log lines) and ours at 64; more means
  /// that this is not a framed stream.
  package static let payloadBytesMax = 16 << 20

  /// The frame header for `count` bytes of `stream`; `count` is at most `payloadBytesMax`.
  package static func header(_ stream: Stream, count: Int) -> [UInt8] {
    let length = UInt32(clamping: count)
    return [stream.rawValue, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
  }

  /// `bytes` in one frame.
  package static func encode(_ stream: Stream, _ bytes: [UInt8]) -> [UInt8] {
    header(stream, count: bytes.count) + bytes
  }

  /// Takes framed bytes apart as they come. It holds at most a header.
  package struct Decoder: Sendable {
    private var header: [UInt8] = []
    private var stream = Stream.output
    private var remaining = 0

    /// Begins at a frame's beginning.
    package init() {}

    /// Whether the stream may end here: between frames.
    package var isBetweenFrames: Bool { header.isEmpty && remaining == 0 }

    /// Gives the payload of `bytes` to `deliver`, piece by piece as far as it has come; a frame may come in several.
    ///
    /// - Throws: for a stream that does not exist and a length beyond `payloadBytesMax`; then nothing that follows
    ///   can be understood.
    package mutating func decode(
      _ bytes: [UInt8], _ deliver: (Stream, ArraySlice<UInt8>) throws -> Void
    ) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        if remaining > 0 {
          let piece = rest.prefix(remaining)
          rest = rest.dropFirst(piece.count)
          remaining -= piece.count
          try deliver(stream, piece)
        } else {
          let piece = rest.prefix(StreamFrame.headerBytes - header.count)
          rest = rest.dropFirst(piece.count)
          header += piece
          if header.count == StreamFrame.headerBytes { try beginFrame() }
        }
      }
    }

    private mutating func beginFrame() throws(WireError) {
      guard let stream = Stream(rawValue: header[0]), header[1...3].allSatisfy({ $0 == 0 }) else {
        throw WireError("unrecognized stream: \(header[0])")
      }
      let length = header[4...].reduce(0) { $0 << 8 | Int($1) }
      guard length <= StreamFrame.payloadBytesMax else {
        throw WireError("stream frame of \(length) bytes is too large")
      }
      header = []
      (self.stream, remaining) = (stream, length)
    }
  }
}

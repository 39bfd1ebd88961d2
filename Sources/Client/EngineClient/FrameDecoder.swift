/// Takes Docker's multiplexed streams apart, wherever the network cut them.
///
/// ```
///  0        1   2   3   4   5   6   7   8
/// +--------+-----------+---------------+----------- -
/// | stream | 0   0   0 | length, BE    | payload…
/// +--------+-----------+---------------+----------- -
/// ```
/// Payloads pass through as they arrive: a frame that announces 4 GiB costs no memory.
package struct FrameDecoder {
  /// Where a payload belongs.
  package enum Stream: UInt8, Sendable {
    case output = 1
    case error = 2
    /// What the engine itself has to complain about.
    case engine = 3
  }

  private var header: [UInt8] = []
  private var stream = Stream.output
  private var payloadLeft = 0

  /// Expects the beginning of a frame.
  package init() {}

  /// Whether the end of the connection would cut a frame in two.
  package var isInsideFrame: Bool { !header.isEmpty || payloadLeft > 0 }

  /// Takes the next part of `bytes`, and says which range of it belongs to which stream; nil when all is taken.
  ///
  /// - Throws: `malformed` for a stream that Docker does not have.
  package mutating func next(
    _ bytes: borrowing [UInt8], from position: inout Int
  ) throws(ClientError) -> (stream: Stream, range: Range<Int>)? {
    while position < bytes.count {
      if payloadLeft > 0 {
        let count = min(payloadLeft, bytes.count - position)
        defer {
          position += count
          payloadLeft -= count
        }
        return (stream, position..<position + count)
      }
      header.append(bytes[position])
      position += 1
      if header.count == 8 { try open() }
    }
    return nil
  }

  private mutating func open() throws(ClientError) {
    defer { header = [] }
    // 0 is stdin, which Docker's decoder sends to the output as well.
    guard let stream = Stream(rawValue: max(header[0], 1)), header[1...3].allSatisfy({ $0 == 0 }) else {
      throw .malformed("stream \(header[0]) in a frame")
    }
    self.stream = stream
    payloadLeft = header[4...].reduce(0) { $0 << 8 | Int($1) }
  }
}

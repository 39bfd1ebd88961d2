internal import Linux

/// The body of an answer, read as it arrives: RFC 9112, section 6.3.
package struct ResponseBody: ByteSource {
  /// How its end is known.
  enum Framing: Equatable {
    case empty
    case length(Int64)
    case chunked
    case untilClose
  }

  /// The bytes of a chunk's size line, which may carry extensions.
  private static let sizeLineBytesMax = 4096
  /// The fields after the last chunk.
  private static let trailerBytesMax = 16 << 10

  private let reader: ByteReader
  private var state: State
  private let action: String

  private enum State {
    /// Bytes that are still to come before the end.
    case length(Int64)
    /// Bytes that are still to come of the open chunk; its CRLF follows.
    case chunk(Int64)
    case betweenChunks
    case untilClose
    case ended
  }

  init(_ reader: ByteReader, _ framing: Framing, during action: String) {
    self.reader = reader
    self.action = action
    state =
      switch framing {
      case .empty, .length(0): .ended
      case .length(let count): .length(count)
      case .chunked: .betweenChunks
      case .untilClose: .untilClose
      }
  }

  /// Whether all of it was read, so that the connection can carry another request.
  var hasEnded: Bool {
    if case .ended = state { true } else { false }
  }

  /// Whether bytes of it were read ahead, which poll(2) does not know of.
  package var hasBuffered: Bool { !reader.isEmpty }

  /// Reads up to `buffer.count` bytes; 0 is the end.
  ///
  /// - Throws: `disconnected` when the connection ends before the body does.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ClientError) -> Int {
    while true {
      switch state {
      case .ended: return 0
      case .untilClose:
        let count = try reader.read(into: buffer)
        if count == 0 { state = .ended }
        return count
      case .length(let rest):
        let count = try readPart(of: rest, into: buffer)
        state = rest == Int64(count) ? .ended : .length(rest - Int64(count))
        return count
      case .chunk(let rest):
        let count = try readPart(of: rest, into: buffer)
        if rest > Int64(count) {
          state = .chunk(rest - Int64(count))
        } else {
          guard let end = try sizeLine() else { throw .disconnected(during: action) }
          guard end.isEmpty else { throw .malformed("a chunk is longer than its size") }
          state = .betweenChunks
        }
        return count
      case .betweenChunks: try startChunk()
      }
    }
  }

  private func readPart(of rest: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ClientError) -> Int {
    let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(rest, Int64(buffer.count)))))
    let count = try reader.read(into: part)
    guard count > 0 else { throw .disconnected(during: action) }
    return count
  }

  private func sizeLine() throws(ClientError) -> [UInt8]? {
    try reader.line(limit: Self.sizeLineBytesMax, "a chunk's size")
  }

  private mutating func startChunk() throws(ClientError) {
    guard let line = try sizeLine() else { throw .disconnected(during: action) }
    let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    // No sign, and not more digits than a positive Int64 has.
    guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
      let size = Int64(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw .malformed("a chunk's size is no hexadecimal number") }
    guard size == 0 else {
      state = .chunk(size)
      return
    }
    var rest = Self.trailerBytesMax
    while let line = try reader.line(limit: rest, "a trailer"), !line.isEmpty { rest = max(0, rest - line.count - 2) }
    state = .ended
  }
}

extension ResponseBody {
  /// Reads all of it.
  ///
  /// - Throws: `tooLarge` beyond `limit` bytes.
  package mutating func readAll(limit: Int) throws(ClientError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try read(into: &chunk)
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge("a body", limit: limit) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Reads up to `chunk.count` bytes into an array; 0 is the end.
  package mutating func read(into chunk: inout [UInt8]) throws(ClientError) -> Int {
    var span = chunk.mutableSpan
    return try span.withUnsafeMutableBytes { buffer throws(ClientError) in try read(into: buffer) }
  }
}

import NIOCore

/// Cuts a connection's bytes into requests: HTTP/1.1 and 1.0 of RFC 9112, strictly.
///
/// It takes from the buffer only what belongs to the current request. The rest stays: the next request of a pipeline,
/// or the first bytes of a connection that is about to be hijacked. That is why this is not NIOHTTP1's decoder, which
/// parses all it is given: it reads stdin that follows a head as another request, and drops it when the client has
/// already half-closed. `HTTPServerTests` holds the two against each other.
///
/// Lines end in CRLF. Refused, because two readers could understand them differently: bare LF, folded headers, space
/// before a colon, `Content-Length` with `Transfer-Encoding`, unequal lengths, any coding but one `chunked`.
struct RequestParser {
  enum Part: Equatable {
    case head(RequestHead)
    /// Never empty.
    case body(ByteBuffer)
    case end
  }

  private var state = State.head
  private var lines = LineScan()

  private enum State {
    case head
    case fixed(remaining: Int)
    case chunkSize
    case chunk(remaining: Int)
    case chunkEnd
    case trailers
    case end
  }

  /// Takes the next part of the request off `buffer`; nil when more bytes are needed.
  ///
  /// After `.end` the next call begins the next request.
  ///
  /// - Throws: what to answer. The bytes that follow mean nothing then, so the connection must be closed.
  mutating func next(from buffer: inout ByteBuffer) throws(APIError) -> Part? {
    while true {
      switch state {
      case .head:
        guard let head = try takeHead(from: &buffer) else { return nil }
        switch head.framing {
        case .none, .length(0): state = .end
        case .length(let count): state = .fixed(remaining: count)
        case .chunked: state = .chunkSize
        }
        return .head(head)
      case .fixed(let remaining):
        guard let piece = takePiece(of: remaining, from: &buffer) else { return nil }
        let rest = remaining - piece.readableBytes
        state = rest == 0 ? .end : .fixed(remaining: rest)
        return .body(piece)
      case .chunkSize:
        guard let line = try takeLine(from: &buffer, bytesMax: Limits.chunkLineBytesMax) else { return nil }
        let size = try chunkSize(line)
        lines = LineScan()
        state = size == 0 ? .trailers : .chunk(remaining: size)
      case .chunk(let remaining):
        guard let piece = takePiece(of: remaining, from: &buffer) else { return nil }
        let rest = remaining - piece.readableBytes
        state = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
        return .body(piece)
      case .chunkEnd:
        guard let line = try takeLine(from: &buffer, bytesMax: 2) else { return nil }
        guard line.isEmpty else { throw APIError(.invalidArgument, "malformed chunked body: chunk without its end") }
        lines = LineScan()
        state = .chunkSize
      case .trailers:
        guard try takeBlock(from: &buffer) != nil else { return nil }
        state = .end
      case .end:
        state = .head
        lines = LineScan()
        return .end
      }
    }
  }

  // MARK: - Bodies

  private func takePiece(of remaining: Int, from buffer: inout ByteBuffer) -> ByteBuffer? {
    let count = min(remaining, buffer.readableBytes)
    return count == 0 ? nil : buffer.readSlice(length: count)
  }

  /// `chunk-size [ chunk-ext ]`, RFC 9112 section 7.1.
  private func chunkSize(_ line: [UInt8]) throws(APIError) -> Int {
    let digits = line.prefix { $0.isHexDigit }
    let rest = line.dropFirst(digits.count).drop { $0 == UInt8.space || $0 == UInt8.tab }
    guard (1...15).contains(digits.count), rest.isEmpty || rest.first == UInt8(ascii: ";"),
      rest.allSatisfy({ $0.isFieldValue })
    else { throw APIError(.invalidArgument, "malformed chunked body: invalid chunk size") }
    return digits.reduce(0) { $0 << 4 | Int($1.hexValue) }
  }

  // MARK: - Lines

  /// How far the search for line ends has come, counted from the buffer's reader index.
  private struct LineScan {
    var scanned = 0
    var lineStart = 0
    var count = 0
  }

  /// One line without its CRLF.
  private mutating func takeLine(from buffer: inout ByteBuffer, bytesMax: Int) throws(APIError) -> [UInt8]? {
    guard let end = try findLineEnd(in: buffer) else {
      if buffer.readableBytes > bytesMax { throw APIError(.invalidArgument, "malformed chunked body: line too long") }
      return nil
    }
    guard end <= bytesMax, let line = buffer.readBytes(length: end) else {
      throw APIError(.invalidArgument, "malformed chunked body: line too long")
    }
    return line.dropLast(2)
  }

  /// The lines up to the blank one, which is taken too. Blank lines before a request are skipped (RFC 9112, 2.2).
  private mutating func takeBlock(from buffer: inout ByteBuffer) throws(APIError) -> [[UInt8]]? {
    let isHead = if case .head = state { true } else { false }
    while let end = try findLineEnd(in: buffer) {
      if end == lines.lineStart + 2 {
        guard let bytes = buffer.readBytes(length: end) else { return nil }
        if isHead && lines.count == 0 {
          lines = LineScan()
          continue
        }
        return splitLines(bytes)
      }
      lines.count += 1
      lines.lineStart = end
      try checkBlock(bytes: end)
    }
    try checkBlock(bytes: buffer.readableBytes)
    return nil
  }

  private func checkBlock(bytes: Int) throws(APIError) {
    if lines.count == 0, bytes > Limits.targetBytesMax { throw .targetTooLong }
    if bytes > Limits.headBytesMax { throw APIError(.headTooLarge, "request header fields too large") }
    if lines.count > Limits.headersMax { throw APIError(.headTooLarge, "too many request header fields") }
  }

  /// The offset after the next CRLF, without taking anything.
  private mutating func findLineEnd(in buffer: ByteBuffer) throws(APIError) -> Int? {
    let view = buffer.readableBytesView.dropFirst(lines.scanned)
    guard let index = view.firstIndex(of: UInt8.lineFeed) else {
      lines.scanned = buffer.readableBytes
      return nil
    }
    let offset = index - buffer.readerIndex
    guard offset > lines.lineStart, buffer.readableBytesView[index - 1] == UInt8.carriageReturn else {
      throw APIError(.invalidArgument, "malformed request: line without carriage return")
    }
    lines.scanned = offset + 1
    return offset + 1
  }

  /// Splits a block that ends in a blank line; every LF in it follows a CR.
  private func splitLines(_ block: [UInt8]) -> [[UInt8]] {
    block.dropLast(2).split(separator: UInt8.lineFeed).map { Array($0.dropLast()) }
  }

  // MARK: - Heads

  private mutating func takeHead(from buffer: inout ByteBuffer) throws(APIError) -> RequestHead? {
    guard let block = try takeBlock(from: &buffer), let requestLine = block.first else { return nil }
    lines = LineScan()
    var headers = Headers()
    for line in block.dropFirst() { try parseField(line, into: &headers) }
    return try RequestHead(requestLine: requestLine, headers: headers)
  }

  /// `field-name ":" OWS field-value OWS`, RFC 9112 section 5.
  private func parseField(_ line: [UInt8], into headers: inout Headers) throws(APIError) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy({ $0.isToken }),
      line[(colon + 1)...].allSatisfy({ $0.isFieldValue })
    else { throw APIError(.invalidArgument, "malformed request: invalid header field") }
    let value = String(decoding: line[(colon + 1)...], as: UTF8.self).trimmed
    headers.append(String(decoding: line[..<colon], as: UTF8.self), String(value))
  }
}

extension APIError {
  static let targetTooLong = APIError(.targetTooLong, "request target too long")
}

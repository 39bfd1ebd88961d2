internal import Linux

/// A body on its way to the engine, which may answer before it has all of it: refuse, or tell how far it is.
///
/// What the engine says meanwhile must be read, or both sides end up waiting for the other's buffer to empty.
package struct Upload: ByteSink {
  private let connection: EngineConnection
  private let request: EngineRequest
  private let onLine: (JSONValue) throws(ClientError) -> Void
  private var lines: LineStream?

  /// What is sent at once: enough to keep the chunks' heads below a thousandth.
  private static let chunkBytesMax = 64 << 10

  init(
    _ connection: EngineConnection, _ request: EngineRequest,
    onLine: @escaping (JSONValue) throws(ClientError) -> Void
  ) throws(ClientError) {
    self.connection = connection
    self.request = request
    self.onLine = onLine
    try setNonblocking(true)
  }

  /// Sends `buffer`, and hands on what the engine says meanwhile.
  ///
  /// - Throws: `refused` as soon as the engine did.
  package mutating func write(_ buffer: UnsafeRawBufferPointer) throws(ClientError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.chunkBytesMax)
      rest = rest.dropFirst(part.count)
      try send(Array("\(String(part.count, radix: 16))\r\n".utf8) + part + Array("\r\n".utf8))
    }
  }

  /// Ends the body and reads the rest of the answer.
  mutating func finish() throws(ClientError) {
    try send(Array("0\r\n\r\n".utf8))
    try setNonblocking(false)
    try hearAll()
  }

  private mutating func send(_ bytes: [UInt8]) throws(ClientError) {
    var sent = 0
    while sent < bytes.count {
      switch try write(bytes[sent...]) {
      case .bytes(let count): sent += count
      case .wouldBlock: if try waitForRoom() { try hear() }
      case .ended:
        try setNonblocking(false)
        try hearAll()
        throw .disconnected(during: "taking the body of \(request.method) \(request.path)")
      }
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Transfer {
    do {
      return try bytes.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in
        try connection.descriptor.writeAvailable(buffer)
      }
    } catch { throw .system(error) }
  }

  /// Waits for room in the socket; true if the engine has something to say before.
  private func waitForRoom() throws(ClientError) -> Bool {
    do {
      let ready = try waitUntilReady([PollRequest(connection.descriptor, reads: true, writes: true)])
      return ready.first?.isReadable == true
    } catch { throw .system(error) }
  }

  /// Hands on the lines that are there; it may be the head alone. An engine writes a line at a time, so a begun one is
  /// soon whole.
  private mutating func hear() throws(ClientError) {
    try setNonblocking(false)
    var lines = try answer()
    while lines.hasBuffered || connection.hasMore, let line = try lines.next() { try onLine(line) }
    self.lines = lines
    try setNonblocking(true)
  }

  private mutating func hearAll() throws(ClientError) {
    var lines = try answer()
    while let line = try lines.next() { try onLine(line) }
    self.lines = lines
  }

  private func answer() throws(ClientError) -> LineStream {
    if let lines { return lines }
    return LineStream(try connection.receive(request).body)
  }

  private func setNonblocking(_ on: Bool) throws(ClientError) {
    do { try connection.descriptor.setNonblocking(on) } catch { throw .system(error) }
  }
}

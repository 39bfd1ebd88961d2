import NIOCore

/// The body of a streamed answer, written by one task.
package struct ResponseWriter: Sendable {
  let connection: Connection
  let isChunked: Bool

  /// Sends `bytes` and returns when the kernel has taken them, so a slow client slows its handler and nothing piles up.
  ///
  /// Each call is one packet to the client; join small pieces that belong together.
  ///
  /// - Throws: `clientGone`. The handler's task is cancelled then, too.
  package func write(_ bytes: [UInt8]) async throws(StreamError) {
    // A chunk of no bytes would be the end.
    guard !bytes.isEmpty else { return }
    guard isChunked else { return try await connection.write(ByteBuffer(bytes: bytes)) }
    var out = connection.channel.allocator.buffer(capacity: bytes.count + 20)
    out.writeString("\(String(bytes.count, radix: 16))\r\n")
    out.writeBytes(bytes)
    out.writeString("\r\n")
    try await connection.write(out)
  }

  func finish() async throws(StreamError) {
    if isChunked { try await connection.write(ByteBuffer(string: "0\r\n\r\n")) }
  }
}

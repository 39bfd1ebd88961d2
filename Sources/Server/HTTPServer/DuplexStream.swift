package import Linux
import NIOCore
import NIOPosix

/// A hijacked connection: bytes both ways, each direction ending by itself.
///
/// The connection is closed when the handler that got it returns.
package struct DuplexStream: Sendable {
  let connection: Connection

  /// The client's next bytes, beginning with those that it sent right after its request; nil when it has ended its
  /// direction and may still be reading.
  ///
  /// Nothing is read from the client before it is asked for.
  ///
  /// - Throws: `clientGone` when the client is gone altogether, which is never the end of its input;
  ///   `CancellationError`, after which it may be read on.
  package func read() async throws -> [UInt8]? { try await connection.read() }

  /// Sends `bytes` and returns when the kernel has taken them.
  package func write(_ bytes: [UInt8]) async throws(StreamError) {
    try await connection.write(ByteBuffer(bytes: bytes))
  }

  /// Ends our direction. The client may go on sending.
  package func endOutput() async throws(StreamError) { try await connection.endOutput() }

  /// Joins the client with the connected unix socket `socket` on the event loop, byte by byte and with back-pressure
  /// both ways, and returns when both directions have ended or either side is gone.
  ///
  /// No task is involved in the bytes: this is how a container's output reaches its client. Bytes that the client sent
  /// already are passed on first. `socket` is not used up: its description is shared, its descriptor stays the caller's.
  ///
  /// - Parameter input: what the client sends goes through it; nil passes it as it is, with its end.
  package func splice(with socket: Descriptor, input: (any InputFilter)? = nil) async throws {
    let copy = try socket.duplicateRaw()
    let eventLoop = connection.channel.eventLoop
    try await connection.performOnLoop { handler in
      let handler = NIOLoopBound(handler, eventLoop: eventLoop)
      return ClientBootstrap(group: eventLoop)
        .channelOption(.autoRead, value: false)
        .channelOption(.allowRemoteHalfClosure, value: true)
        .withConnectedSocket(copy)
        .flatMapThrowing { try SpliceEnd.join(handler.value, with: $0, input: input) }
        .flatMap { $0 }
    }
  }
}

/// Transforms what a client sends on its way to a spliced socket: framing, detach keys.
///
/// It lives on one event loop.
package protocol InputFilter: Sendable {
  /// What to pass on for `bytes`; nil detaches: both sides are closed, after what was passed on before.
  mutating func pass(_ bytes: [UInt8]) -> [UInt8]?

  /// What to pass on when the client ends its direction; nil ends the socket's direction too.
  mutating func end() -> [UInt8]?

  /// What to pass on when the client is gone without having ended its direction; not when it is us who end.
  mutating func vanish() -> [UInt8]
}

extension InputFilter {
  /// Passes on nothing: a client that vanishes ends nothing.
  package mutating func vanish() -> [UInt8] { [] }
}

/// A request that matched a route.
package struct Request: Sendable {
  package let route: Route
  /// The version that the client speaks; the newest when it named none.
  package let version: APIVersion
  /// The whole path, decoded, with its version prefix.
  package let path: String
  /// What the pattern's `{names}` stand for, decoded, never empty.
  let parameters: [String: String]
  package let query: Query
  package let headers: Headers
  package let peer: Peer
  package let body: RequestBody

  /// What `{name}` of the route's pattern stands for; empty for a name that the pattern does not have.
  package func parameter(_ name: String) -> String { parameters[name] ?? "" }
}

/// Who is at the other end of a connection.
package enum Peer: Sendable, Equatable {
  /// A process of this machine, as the kernel saw it when it connected.
  case process(pid: Int32, uid: UInt32, gid: UInt32)
  /// Somebody on the loopback interface, any user of this machine.
  case loopback
}

/// The body of a request, read once, in order, by one task.
///
/// Nothing is read from the client before it is asked for, and no more than a piece at a time is held.
package struct RequestBody: Sendable {
  let connection: Connection
  let declaredLength: Int?

  /// Whether the client sent one at all.
  package var isEmpty: Bool { declaredLength == 0 }

  /// The next piece, of any size but 0; nil at the end.
  ///
  /// - Throws: `StreamError.clientGone` when the client went away before the end, `APIError` when the framing is
  ///   broken, `CancellationError`.
  package func read() async throws -> [UInt8]? { try await connection.read() }

  /// All of it, if that is at most `limit` bytes.
  ///
  /// - Throws: as `read`, and `bodyTooLarge` as soon as it is known.
  package func collect(limit: Int = Limits.jsonBodyBytesMax) async throws -> [UInt8] {
    let tooLarge = APIError(.bodyTooLarge, "request body too large: the limit is \(limit) bytes")
    if let declaredLength, declaredLength > limit { throw tooLarge }
    var bytes: [UInt8] = []
    if let declaredLength { bytes.reserveCapacity(declaredLength) }
    while let piece = try await read() {
      guard piece.count <= limit - bytes.count else { throw tooLarge }
      bytes.append(contentsOf: piece)
    }
    return bytes
  }
}

/// Why a stream to or from a client ended early.
package enum StreamError: Error, Equatable, CustomStringConvertible {
  case clientGone
  /// A second task read while one was waiting.
  case alreadyReading

  package var description: String {
    switch self {
    case .clientGone: "the client went away"
    case .alreadyReading: "the stream is already being read"
    }
  }
}

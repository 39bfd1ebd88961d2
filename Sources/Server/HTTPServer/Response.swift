/// What a handler answers.
package struct Response: Sendable {
  var status: Int
  var headers: [(name: String, value: String)]
  var content: Content

  enum Content: Sendable {
    case bytes([UInt8])
    case stream(@Sendable (ResponseWriter) async throws -> Void)
    case hijack(HijackedStream, @Sendable (DuplexStream) async throws -> Void)
  }

  /// An answer without a body: 204 by default.
  package init(status: Int = 204, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = headers
    content = .bytes([])
  }

  /// A JSON body; Docker ends each with a newline, and so must `bytes`.
  package static func json(_ bytes: [UInt8], status: Int = 200) -> Response {
    .bytes(bytes, contentType: "application/json", status: status)
  }

  /// A body of any type.
  package static func bytes(_ bytes: [UInt8], contentType: String, status: Int = 200) -> Response {
    var response = Response(status: status, headers: [("Content-Type", contentType)])
    response.content = .bytes(bytes)
    return response
  }

  /// A body that is written bit by bit. The head goes out before `body` is called.
  ///
  /// When `body` throws, the connection is closed without the final chunk, so that the client knows that it has not got
  /// everything. Report an error that the user should read in the stream's own format instead.
  package static func stream(
    contentType: String, status: Int = 200, _ body: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) -> Response {
    var response = Response(status: status, headers: [("Content-Type", contentType)])
    response.content = .stream(body)
    return response
  }

  /// Takes the connection over: it becomes a two-way stream for `body`, and is closed when that ends.
  ///
  /// The head says `101 UPGRADED` if the client asked for `Upgrade: tcp`, and `200 OK` otherwise.
  package static func hijack(
    _ stream: HijackedStream, _ body: @escaping @Sendable (DuplexStream) async throws -> Void
  ) -> Response {
    var response = Response(status: 101)
    response.content = .hijack(stream, body)
    return response
  }

  /// The same answer with another header.
  package func adding(_ name: String, _ value: String) -> Response {
    var response = self
    response.headers.append((name, value))
    return response
  }
}

/// What travels on a hijacked connection from us to the client.
package enum HijackedStream: Sendable {
  /// A terminal's bytes.
  case raw
  /// Output and error output in Docker's 8-byte frames.
  case multiplexed
}

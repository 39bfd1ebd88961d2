import NIOCore

/// What all connections share: the routes and the bounds.
final class Service: Sendable {
  let router: Router
  let heads: ResponseHead
  let connections: ConnectionRegistry
  let headTimeout: TimeAmount

  init(router: Router, heads: ResponseHead, connections: ConnectionRegistry, headTimeout: TimeAmount) {
    self.router = router
    self.heads = heads
    self.connections = connections
    self.headTimeout = headTimeout
  }

  /// Runs the handler of one request and sends what it answers.
  static func serve(_ request: Request, _ head: RequestHead, on connection: Connection) async {
    let response: Response
    do { response = try await request.route.handler(request) } catch {
      let error = error as? APIError ?? APIError(.internalError, "\(error)")
      connection.onLoop { $0.respond(Response(error)) }
      return
    }
    switch response.content {
    case .bytes:
      connection.onLoop { $0.respond(response) }
    case .stream(let body):
      await stream(response, body, skipsBody: head.method == .head, on: connection)
    case .hijack(let stream, let body):
      do {
        try await connection.performOnLoop {
          try $0.hijack(stream, version: request.version, further: response.headers)
        }
      } catch {
        let error = error as? APIError ?? APIError(.internalError, "\(error)")
        connection.onLoop { $0.respond(Response(error)) }
        return
      }
      // Whatever ends it, the client sees the end of the stream: there is no other word for it on this road.
      try? await body(DuplexStream(connection: connection))
      connection.onLoop { $0.closeLingering() }
    }
  }

  private static func stream(
    _ response: Response, _ body: @Sendable (ResponseWriter) async throws -> Void, skipsBody: Bool,
    on connection: Connection
  ) async {
    do {
      let framing = try await connection.performOnLoop { try $0.beginStream(response) }
      if !skipsBody {
        let writer = ResponseWriter(connection: connection, isChunked: framing == .chunked)
        try await body(writer)
        try await writer.finish()
      }
      connection.onLoop { $0.endStream() }
    } catch {
      // Without its final chunk the client knows that the body is not complete.
      connection.onLoop { $0.closeLingering() }
    }
  }
}

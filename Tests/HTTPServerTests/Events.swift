import HTTPServer

/// What a handler and its test tell each other, in order, one waiting on each side.
final class Events: Sendable {
  private let said = AsyncStream<String>.makeStream()
  private let answered = AsyncStream<String>.makeStream()

  /// The handler tells the test.
  func say(_ event: String) { said.continuation.yield(event) }

  /// What the handler says next.
  func next() async -> String? {
    var events = said.stream.makeAsyncIterator()
    return await events.next()
  }

  /// The test tells the handler.
  func answer(_ event: String) { answered.continuation.yield(event) }

  /// What the test says next; nil when the handler is cancelled.
  func nextAnswer() async -> String? {
    var events = answered.stream.makeAsyncIterator()
    return await events.next()
  }

  /// A handler that never answers.
  func hang(_ method: HTTPServer.Method) -> Route {
    Route(method, "/hang", access: .read) { [self] _ in
      say("hanging")
      if await nextAnswer() == nil { say("cancelled") }
      return Response()
    }
  }
}

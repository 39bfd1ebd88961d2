import NIOCore

/// What a connection sends: whole answers, streams, and itself.
extension ConnectionHandler {
  /// Sends a whole answer and goes on with the next request.
  func respond(_ response: Response) {
    guard case .exchange(let exchange) = phase else { return }
    // Unread input would be taken for the next request. What a client has yet to send is not waited for.
    let keepsAlive = skipBody() && exchange.head.keepsAlive && !service.connections.isShuttingDown
    send(response, to: exchange.head, keepsAlive: keepsAlive)
  }

  func send(_ response: Response, to head: RequestHead?, keepsAlive: Bool) {
    guard case .bytes(let bytes) = response.content else { return }
    let hasBody = response.status >= 200 && response.status != 204 && response.status != 304
    var out = channel.allocator.buffer(capacity: bytes.count + 512)
    service.heads.render(
      response, to: head, framing: hasBody ? .length(bytes.count) : .none, keepsAlive: keepsAlive, into: &out)
    if hasBody && head?.method != .head { out.writeBytes(bytes) }
    let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
    // The next request waits until this answer is gone: who does not read his answers cannot pile them up here.
    channel.writeAndFlush(out).assumeIsolated().whenSuccess { handler.value.finish(keepsAlive: keepsAlive) }
  }

  private func finish(keepsAlive: Bool) {
    task = nil
    if keepsAlive { awaitHead() } else { closeLingering() }
  }

  /// Sends the head of an answer whose body follows bit by bit, and says how that is framed.
  func beginStream(_ response: Response) throws -> EventLoopFuture<ResponseHead.Framing> {
    guard case .exchange(let exchange) = phase else { throw StreamError.clientGone }
    let isChunked = !exchange.head.isHTTP10
    let framing = isChunked ? ResponseHead.Framing.chunked : .untilClose
    let keepsAlive = isChunked && exchange.head.keepsAlive && !service.connections.isShuttingDown
    var out = channel.allocator.buffer(capacity: 512)
    service.heads.render(response, to: exchange.head, framing: framing, keepsAlive: keepsAlive, into: &out)
    return channel.writeAndFlush(out).map { framing }
  }

  /// Goes on with the next request after a streamed answer.
  func endStream() {
    guard case .exchange(let exchange) = phase else { return }
    let keepsAlive = exchange.head.keepsAlive && !exchange.head.isHTTP10 && !service.connections.isShuttingDown
    finish(keepsAlive: skipBody() && keepsAlive)
  }

  /// Sends the head of a hijacked connection; from now on its bytes are the task's, beginning with those that came
  /// right after the request.
  func hijack(
    _ stream: HijackedStream, version: APIVersion, further: [(name: String, value: String)]
  ) throws -> EventLoopFuture<Void> {
    guard case .exchange(let exchange) = phase else { throw StreamError.clientGone }
    guard skipBody() else { throw APIError(.invalidArgument, "request body not complete") }
    phase = .hijacked
    var out = channel.allocator.buffer(capacity: 512)
    service.heads.renderHijack(stream, to: exchange.head, version: version, further: further, into: &out)
    return channel.writeAndFlush(out)
  }

  /// Closes so that the client gets all that was written.
  func closeLingering() {
    if case .handedOver = phase { return }
    guard channel.isActive else { return }
    handOver(to: LingeringClose(inputEnded: inputClosed, buffered: buffer.readableBytes))
  }

  /// Gives a hijacked connection to `successor`, with the bytes that nobody has taken.
  func handOver(to successor: some ChannelHandler) {
    phase = .handedOver
    serveWaiting()
    let pipeline = channel.pipeline.syncOperations
    // Adding a handler to a pipeline that is alive, and removing one that is in it, cannot fail.
    try? pipeline.addHandler(successor)
    pipeline.removeHandler(self, promise: nil)
  }

  /// Takes the bytes of a hijacked connection that came already, and whether no more can come.
  func takeRest() -> (bytes: ByteBuffer, inputEnded: Bool) {
    defer { buffer = ByteBuffer() }
    return (buffer, inputClosed)
  }

  /// Ends our direction of a hijacked connection, after what was written before.
  func endOutput() -> EventLoopFuture<Void> {
    outputEnded = true
    // A half-close overtakes writes that are still queued, so it waits for them.
    return channel.writeAndFlush(ByteBuffer()).flatMap { [channel] in channel.close(mode: .output) }
  }
}

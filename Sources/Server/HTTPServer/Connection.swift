import NIOCore

/// A connection as the tasks see it that serve its requests: every call hops to its event loop.
final class Connection: Sendable {
  let channel: any Channel
  private let handler: NIOLoopBound<ConnectionHandler>

  /// Made on the connection's event loop.
  init(channel: any Channel, handler: ConnectionHandler) {
    self.channel = channel
    self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
  }

  /// The next bytes of the body or, once hijacked, of the stream; nil at the end.
  func read() async throws -> [UInt8]? {
    let read = PendingRead(on: channel.eventLoop)
    return try await withTaskCancellationHandler {
      onLoop { $0.serve(read) }
      return try await read.result.futureResult.get().map { Array($0.readableBytesView) }
    } onCancel: {
      onLoop { $0.cancel(read) }
    }
  }

  /// Writes `bytes` and returns when the kernel has taken them.
  func write(_ bytes: ByteBuffer) async throws(StreamError) {
    do { try await channel.writeAndFlush(bytes).get() } catch { throw .clientGone }
  }

  /// Tells the client that no more will come. May be called once.
  func endOutput() async throws(StreamError) {
    do { try await performOnLoop { $0.endOutput() } } catch { throw .clientGone }
  }

  /// Runs `body` on the event loop, some time later.
  func onLoop(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
    channel.eventLoop.execute { [handler] in body(handler.value) }
  }

  /// Runs `body` on the event loop and waits for what it starts.
  func performOnLoop<Value: Sendable>(
    _ body: @escaping @Sendable (ConnectionHandler) throws -> EventLoopFuture<Value>
  ) async throws -> Value {
    try await channel.eventLoop.flatSubmit { [handler, eventLoop = channel.eventLoop] in
      do { return try body(handler.value) } catch { return eventLoop.makeFailedFuture(error) }
    }.get()
  }
}

/// A task that waits for input.
final class PendingRead: Sendable {
  let result: EventLoopPromise<ByteBuffer?>
  /// Whether its task gave up, perhaps before the event loop heard of it.
  let isCancelled: NIOLoopBoundBox<Bool?>

  init(on eventLoop: any EventLoop) {
    result = eventLoop.makePromise()
    isCancelled = .makeEmptyBox(eventLoop: eventLoop)
  }
}

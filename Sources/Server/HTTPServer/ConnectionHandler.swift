import NIOCore

/// The state of one connection, on its event loop: one request after the other until it is closed or hijacked.
///
/// Automatic reading is off. Bytes are read only while a head is awaited or a task asks for input, so a body that
/// nobody reads stays in the client, and a pipeline never holds more than one piece. That a client went away is seen
/// all the same: the kernel reports it without being read from.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let service: Service
  private let peer: Peer
  let channel: any Channel

  var phase = Phase.head
  private var parser = RequestParser()
  /// Bytes that nobody has taken yet.
  var buffer = ByteBuffer()
  /// The client has ended its direction, or is gone, which the next turn of the loop will tell.
  var inputClosed = false
  /// The client has ended its direction.
  private var inputEnded = false
  var outputEnded = false
  private var waiting: PendingRead?
  private var headTimer: Scheduled<Void>?
  var task: Task<Void, Never>?

  enum Phase {
    /// Between requests.
    case head
    /// A task serves this request.
    case exchange(Exchange)
    /// The bytes belong to a task that reads them raw.
    case hijacked
    /// No request will follow: the connection is about to be closed, or gone.
    case finished
    /// Another handler has the connection.
    case handedOver
  }

  struct Exchange {
    let head: RequestHead
    var bodyEnded = false
    var sentContinue = false
  }

  init(service: Service, peer: Peer, channel: any Channel) {
    self.service = service
    self.peer = peer
    self.channel = channel
  }

  // MARK: - What the channel says

  func channelActive(context: ChannelHandlerContext) { awaitHead() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if buffer.readableBytes == 0 {
      buffer = bytes
    } else {
      buffer.discardReadBytes()
      buffer.writeBuffer(&bytes)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { advance() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      // A client that vanishes also ends its input; then the channel is inactive within the same turn of the loop.
      // A lost connection must not look like the end of standard input.
      inputClosed = true
      onNextTurn { handler in
        guard handler.channel.isActive else { return }
        handler.inputEnded = true
        // Over TCP one cannot tell a half-close from a client that is gone, and a task that waits would wait for ever.
        if handler.peer == .loopback, case .exchange = handler.phase { handler.task?.cancel() }
        handler.advance()
      }
    case is ShutdownBegan:
      if case .head = phase, buffer.readableBytes == 0 { channel.close(promise: nil) }
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    headTimer?.cancel()
    if case .hijacked = phase, outputEnded {
      // Both directions have ended: NIO closes then. What has come can still be read, up to its end.
      inputEnded = true
    } else {
      phase = .finished
      task?.cancel()
    }
    advance()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func onNextTurn(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
    let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
    channel.eventLoop.execute { body(handler.value) }
  }

  private func advance() {
    switch phase {
    case .head: takeHead()
    case .exchange, .hijacked, .finished, .handedOver: serveWaiting()
    }
  }

  // MARK: - Heads

  func awaitHead() {
    phase = .head
    let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
    headTimer = channel.eventLoop.scheduleTask(in: service.headTimeout) { handler.value.headTimedOut() }
    // Not at once: a pipeline of small requests would be answered in a recursion as deep as it is long.
    if buffer.readableBytes > 0 || inputEnded { onNextTurn { $0.advance() } } else { channel.read() }
  }

  private func takeHead() {
    do {
      guard case .head(let head)? = try parser.next(from: &buffer) else {
        if inputEnded { channel.close(promise: nil) } else { channel.read() }
        return
      }
      headTimer?.cancel()
      phase = .exchange(Exchange(head: head))
      begin(head)
    } catch {
      refuse(error)
    }
  }

  private func headTimedOut() {
    guard case .head = phase else { return }
    guard buffer.readableBytes > 0 else { return closeLingering() }
    refuse(APIError(.requestTimeout, "request head not complete in time"))
  }

  /// Answers what is not a request, and closes.
  private func refuse(_ error: APIError) {
    headTimer?.cancel()
    phase = .finished
    send(Response(error), to: nil, keepsAlive: false)
  }

  private func begin(_ head: RequestHead) {
    do throws(APIError) {
      let match = try service.router.match(head)
      let query = try Query(target: head.target)
      let length: Int? =
        switch head.framing {
        case .none: 0
        case .length(let count): count
        case .chunked: nil
        }
      let connection = Connection(channel: channel, handler: self)
      let request = Request(
        route: match.route, version: match.version, path: match.path, parameters: match.parameters, query: query,
        headers: head.headers, peer: peer, body: RequestBody(connection: connection, declaredLength: length))
      task = Task { await Service.serve(request, head, on: connection) }
    } catch {
      respond(Response(error))
    }
  }

  // MARK: - Input for tasks

  /// Gives the next bytes to `read`, now or when they come.
  func serve(_ read: PendingRead) {
    if read.isCancelled.value == true, channel.isActive {
      read.result.fail(CancellationError())
    } else if waiting != nil {
      read.result.fail(StreamError.alreadyReading)
    } else {
      waiting = read
      serveWaiting()
    }
  }

  func cancel(_ read: PendingRead) {
    read.isCancelled.value = true
    guard waiting === read else { return }
    waiting = nil
    read.result.fail(CancellationError())
  }

  func serveWaiting() {
    guard let read = waiting else { return }
    do {
      guard let bytes = try nextInput() else {
        channel.read()
        return
      }
      waiting = nil
      read.result.succeed(bytes.readableBytes == 0 ? nil : bytes)
    } catch {
      waiting = nil
      read.result.fail(error)
    }
  }

  /// The next bytes, empty at the end, nil when none are there yet.
  private func nextInput() throws -> ByteBuffer? {
    switch phase {
    case .exchange(var exchange):
      if exchange.bodyEnded { return ByteBuffer() }
      defer { phase = .exchange(exchange) }
      switch try parser.next(from: &buffer) {
      case .body(let piece)?: return piece
      case .end?, .head?:
        exchange.bodyEnded = true
        return ByteBuffer()
      case nil:
        if inputEnded { throw StreamError.clientGone }
        if exchange.head.expectsContinue, !exchange.sentContinue {
          exchange.sentContinue = true
          channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), promise: nil)
        }
        return nil
      }
    case .hijacked:
      if buffer.readableBytes > 0 {
        defer { buffer = ByteBuffer() }
        return buffer
      }
      return inputEnded ? ByteBuffer() : nil
    case .head, .finished, .handedOver: throw StreamError.clientGone
    }
  }

  /// Takes what is left of a body that nobody read, as far as it is here, and says whether that was all.
  func skipBody() -> Bool {
    guard case .exchange(let exchange) = phase else { return false }
    if exchange.bodyEnded { return true }
    while let part = try? parser.next(from: &buffer) {
      if case .end = part { return true }
    }
    return false
  }
}

/// Told to every connection when the server stops.
struct ShutdownBegan: Sendable {}

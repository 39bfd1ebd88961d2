import NIOCore

/// One side of two joined channels: reads here only while the other side can take it, and writes there.
///
/// Both sides are on one event loop, so they call each other directly.
final class SpliceEnd: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let channel: any Channel
  private var filter: (any InputFilter)?
  /// Nil before they are joined and after either is gone.
  private var other: SpliceEnd?
  private var inputEnded: Bool
  /// The peer has closed its direction, or everything.
  private var sawPeerClose = false
  /// The server ends, and may close this side at any time.
  private var isEnding = false
  private let done: EventLoopPromise<Void>

  private init(channel: any Channel, filter: (any InputFilter)?, inputEnded: Bool, done: EventLoopPromise<Void>) {
    self.channel = channel
    self.filter = filter
    self.inputEnded = inputEnded
    self.done = done
  }

  /// Joins the hijacked connection of `handler` with `socket`, on the event loop of both.
  ///
  /// - Returns: done when either side is gone, or the filter detached.
  static func join(
    _ handler: ConnectionHandler, with socket: any Channel, input: (any InputFilter)?
  ) throws -> EventLoopFuture<Void> {
    let done = socket.eventLoop.makePromise(of: Void.self)
    let rest = handler.takeRest()
    let client = SpliceEnd(channel: handler.channel, filter: input, inputEnded: rest.inputEnded, done: done)
    let server = SpliceEnd(channel: socket, filter: nil, inputEnded: false, done: done)
    try socket.pipeline.syncOperations.addHandler(server)
    handler.handOver(to: client)
    (client.other, server.other) = (server, client)
    client.start(early: rest.bytes)
    server.start(early: ByteBuffer())
    return done.futureResult
  }

  private func start(early: ByteBuffer) {
    guard other != nil else { return }
    guard channel.isActive else { return peerVanished() }
    if early.readableBytes > 0 {
      pass(early)
      other?.channel.flush()
    }
    if inputEnded { passEnd() } else { readOn() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { pass(unwrapInboundIn(data)) }

  func channelReadComplete(context: ChannelHandlerContext) {
    other?.channel.flush()
    readOn()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) { other?.readOn() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ShutdownBegan { isEnding = true }
    guard case ChannelEvent.inputClosed = event else { return }
    sawPeerClose = true
    let side = NIOLoopBound(self, eventLoop: channel.eventLoop)
    // As in ConnectionHandler: a side that vanishes is inactive within this turn of the loop, and has ended nothing.
    channel.eventLoop.execute {
      guard side.value.channel.isActive, !side.value.inputEnded else { return }
      side.value.inputEnded = true
      side.value.passEnd()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    // At the end of the server it may be our own doing: the client has not left.
    if sawPeerClose || !isEnding, !inputEnded { peerVanished() } else { close() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func readOn() {
    if let other, other.channel.isWritable, !inputEnded { channel.read() }
  }

  private func pass(_ bytes: ByteBuffer) {
    guard filter != nil else {
      other?.channel.write(bytes, promise: nil)
      return
    }
    if let passed = filter?.pass(Array(bytes.readableBytesView)) {
      if !passed.isEmpty { other?.channel.write(ByteBuffer(bytes: passed), promise: nil) }
    } else {
      detach()
    }
  }

  private func passEnd() {
    guard let other else { return }
    if let passed = filter?.end() {
      other.channel.writeAndFlush(ByteBuffer(bytes: passed), promise: nil)
    } else {
      // A half-close overtakes writes that are still queued, so it waits for them.
      let channel = other.channel
      channel.writeAndFlush(ByteBuffer()).whenSuccess { channel.close(mode: .output, promise: nil) }
    }
  }

  private func peerVanished() {
    if let last = filter?.vanish(), !last.isEmpty { other?.channel.write(ByteBuffer(bytes: last), promise: nil) }
    close()
  }

  /// Ends both sides; what was passed on still arrives.
  private func detach() {
    let other = other
    close()
    if other != nil { closeLingering() }
  }

  /// This side is gone: the other one still gets what was passed on.
  private func close() {
    guard let other else { return }
    (self.other, other.other) = (nil, nil)
    other.closeLingering()
    done.succeed()
  }

  private func closeLingering() {
    guard channel.isActive else { return }
    // Adding a handler to a pipeline that is alive, and removing one that is in it, cannot fail.
    try? channel.pipeline.syncOperations.addHandler(LingeringClose(inputEnded: inputEnded, buffered: 0))
    channel.pipeline.syncOperations.removeHandler(self, promise: nil)
  }
}

import NIOCore

/// Closes a connection after all that was written is with the client.
///
/// Closing a socket that has unread input resets it, and the client may then see the reset instead of our last bytes.
/// So: send the rest, end our direction, throw away what still comes until the client has closed too, within bounds.
final class LingeringClose: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let inputEnded: Bool
  private var discarded: Int
  private var timer: Scheduled<Void>?

  init(inputEnded: Bool, buffered: Int) {
    self.inputEnded = inputEnded
    discarded = buffered
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    // However slowly the client reads; the clock runs from then on.
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in handler.value.written(on: channel) }
  }

  private func written(on channel: any Channel) {
    guard !inputEnded else {
      channel.close(promise: nil)
      return
    }
    timer = channel.eventLoop.scheduleTask(in: Limits.lingerTime) { channel.close(promise: nil) }
    channel.close(mode: .output, promise: nil)
    channel.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { discarded += unwrapInboundIn(data).readableBytes }

  func channelReadComplete(context: ChannelHandlerContext) {
    if discarded > Limits.lingerBytesMax { context.close(promise: nil) } else if timer != nil { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event, timer != nil { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) { timer?.cancel() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

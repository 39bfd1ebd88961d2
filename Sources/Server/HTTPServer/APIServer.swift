import Glibc
package import Linux
import NIOCore
import NIOPosix
import Synchronization

/// Serves a table of routes over HTTP/1.1 on any number of addresses.
///
package final class APIServer: Sendable {
  private let service: Service
  private let listeners = Mutex<[Listener]>([])

  private struct Listener {
    let channel: any Channel
    /// What has a name in the file system, to be removed at the end.
    let file: UnixListener?
  }

  /// What an operator may choose.
  package struct Options: Sendable {
    /// The `Server:` field: `Skiff/0.1.0 (linux)`.
    package var serverName: String
    package var connectionsMax = Limits.connectionsMax
    package var headTimeoutSeconds = Limits.headTimeoutSeconds

    /// The bounds of `Limits`, under the name `serverName`.
    package init(serverName: String) { self.serverName = serverName }
  }

  /// Makes the server; it answers nobody before `listen`.
  package init(_ router: Router, options: Options) {
    service = Service(
      router: router, heads: ResponseHead(serverName: options.serverName),
      connections: ConnectionRegistry(limit: options.connectionsMax),
      headTimeout: .milliseconds(Int64(options.headTimeoutSeconds * 1000)))
  }

  /// They live as long as the process: a handler that is still ending after a shutdown needs its loop.
  private static let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: Limits.eventLoopThreads)

  /// Where to listen.
  package enum Address: Sendable {
    /// A unix socket that is made at `path`, for its owner and `group` as far as `mode` says. One that is there is
    /// replaced if nobody answers on it.
    case unix(path: String, mode: UInt32 = 0o660, group: UInt32? = nil)
    /// A unix socket that listens already, as systemd hands it over.
    case descriptor(Descriptor)
    /// TCP on a numeric loopback address; port 0 lets the kernel choose. Never others: who can connect is root.
    case loopback(String = "127.0.0.1", port: Int)
  }

  /// Begins to answer on `address`.
  ///
  /// - Returns: the port of a loopback address.
  /// - Throws: `SyscallError` or NIO's `IOError`; `APIError` (`invalidArgument`) for an address that is not loopback.
  @discardableResult
  package func listen(on address: Address) async throws -> Int? {
    switch address {
    case .unix(let path, let mode, let group):
      let file = try UnixListener(path: path, mode: mode, group: group, backlog: Limits.backlog)
      do { try await adopt(file.socket, file: file) } catch {
        try file.removeName()
        throw error
      }
      return nil
    case .descriptor(let socket):
      try await adopt(socket, file: nil)
      return nil
    case .loopback(let host, let port):
      guard host == "::1" || host.hasPrefix("127."), let address = try? SocketAddress(ipAddress: host, port: port)
      else {
        throw APIError(.invalidArgument, "cannot listen on \"\(host)\": not a loopback address")
      }
      let channel = try await bootstrap(isLocal: false).bind(to: address).get()
      listeners.withLock { $0.append(Listener(channel: channel, file: nil)) }
      return channel.localAddress?.port
    }
  }

  /// Stops: closes the listeners and idle connections at once, lets requests that are being served finish, and closes
  /// what is left after `graceSeconds`, which cancels its handlers. They may end a little later. It may be called again.
  package func shutdown(graceSeconds: Double) async {
    let listeners = listeners.withLock { listeners in
      defer { listeners = [] }
      return listeners
    }
    for listener in listeners {
      try? await listener.channel.close().get()
      // A name that cannot be removed is an abandoned socket, which the next start replaces.
      try? listener.file?.removeName()
    }
    let open = service.connections.beginShutdown()
    let closed = open.map { channel in
      channel.pipeline.fireUserInboundEventTriggered(ShutdownBegan())
      let deadline = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(graceSeconds * 1000))) {
        // Once more, because without grace this runs before the event above is heard.
        channel.pipeline.fireUserInboundEventTriggered(ShutdownBegan())
        channel.close(promise: nil)
      }
      return channel.closeFuture.always { _ in deadline.cancel() }
    }
    for future in closed { try? await future.get() }
  }

  private func adopt(_ socket: Descriptor, file: UnixListener?) async throws {
    // NIO owns and closes what it is given.
    let copy = try socket.duplicateRaw()
    let channel = try await bootstrap(isLocal: true).withBoundSocket(copy).get()
    listeners.withLock { $0.append(Listener(channel: channel, file: file)) }
  }

  private func bootstrap(isLocal: Bool) -> ServerBootstrap {
    ServerBootstrap(group: Self.eventLoops)
      .serverChannelOption(.backlog, value: Limits.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { [service] channel in
        guard service.connections.admit(channel) else {
          return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Refusal(heads: service.heads))
          }
        }
        return Self.peer(of: channel, isLocal: isLocal).flatMapThrowing { peer in
          let handler = ConnectionHandler(service: service, peer: peer, channel: channel)
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
  }

  private static func peer(of channel: any Channel, isLocal: Bool) -> EventLoopFuture<Peer> {
    guard isLocal, let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeSucceededFuture(.loopback)
    }
    let name = NIOBSDSocket.Option(rawValue: SO_PEERCRED)
    return options.unsafeGetSocketOption(level: .socket, name: name).map { (who: ucred) in
      .process(pid: who.pid, uid: who.uid, gid: who.gid)
    }
  }
}

/// Tells a client that there are too many, and closes.
private final class Refusal: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let heads: ResponseHead

  init(heads: ResponseHead) { self.heads = heads }

  func channelActive(context: ChannelHandlerContext) {
    let response = Response(APIError(.unavailable, "too many connections"))
    guard case .bytes(let bytes) = response.content else { return }
    var out = ByteBuffer()
    heads.render(response, to: nil, framing: .length(bytes.count), keepsAlive: false, into: &out)
    out.writeBytes(bytes)
    let channel = context.channel
    channel.writeAndFlush(out).whenComplete { _ in channel.close(promise: nil) }
  }
}

extension Descriptor {
  /// A second descriptor of the same socket that somebody else will own and close.
  func duplicateRaw() throws(SyscallError) -> Int32 {
    try syscall("fcntl F_DUPFD_CLOEXEC") { fcntl(raw, F_DUPFD_CLOEXEC, 3) }
  }
}

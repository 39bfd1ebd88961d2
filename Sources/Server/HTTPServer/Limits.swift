import NIOCore

/// The bounds of the door. Whatever a client sends beyond one of them gets a clear answer or a closed connection.
package enum Limits {
  /// Request line, headers and trailers together. Registry credentials travel in a header (`X-Registry-Config` holds
  /// those of every registry a user logged in to), a few KiB each.
  package static let headBytesMax = 64 << 10

  /// Header lines of one request; stock clients send about ten.
  package static let headersMax = 100

  /// The request target. Filters travel in it as JSON: Compose's label filters take about 1 KiB.
  package static let targetBytesMax = 16 << 10

  /// A JSON body. The largest known is a create request with a long environment: `execve` takes at most 2 MiB of that.
  package static let jsonBodyBytesMax = 4 << 20

  /// A chunk's size line with its extensions, which we ignore: 16 hex digits are enough for any size.
  package static let chunkLineBytesMax = 256

  /// How long a head may take from the first chance to send it, so also how long an idle connection is kept.
  /// Docker's own server allows a head five minutes; clients that pool connections reopen them quietly.
  package static let headTimeoutSeconds = 300.0

  /// Connections open at once over all listeners. Each `logs -f`, `events` and attach holds one.
  package static let connectionsMax = 4096

  /// What is read and thrown away before a connection with unread input is closed; closing at once would reset it,
  /// and the client might lose our last bytes.
  package static let lingerBytesMax = 16 << 20

  /// How long that reading may take.
  static let lingerTime = TimeAmount.seconds(2)

  /// Threads that parse and copy: two move more than 2 GB/s, and handlers run elsewhere.
  static let eventLoopThreads = 2

  /// Connections that wait in a listener's queue; the kernel cuts it to `net.core.somaxconn`.
  package static let backlog: Int32 = 1024
}

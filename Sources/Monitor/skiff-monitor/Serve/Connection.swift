import Linux
import MonitorProtocol

/// A client's connection, as the event loop holds it: bytes in, requests out, and replies that wait to be taken.
final class Connection {
  let socket: Descriptor
  private var decoder = FrameDecoder()
  private var outgoing = ByteQueue()
  /// What it was attached to; nil for a connection that gives orders and hears news.
  var attachment: Attachment?
  /// Nothing more is read or queued; it closes when what waits is written.
  private(set) var isClosing = false
  /// The peer is gone.
  private(set) var isBroken = false

  /// What an attached client wants, and what it is promised.
  struct Attachment {
    let streams: StreamSet
    /// Attached before the start: it misses nothing, and the process waits for it as it would for a pipe.
    let isLossless: Bool
  }

  /// A client that was attached later has this much patience of ours: what it does not read in time it finds in the log.
  static let laggingBytesMax = 1 << 20
  /// A lossless client's process waits from here on: as much again as the pipe itself holds.
  static let losslessBytesMax = 64 << 10

  /// Takes over `socket`.
  init(_ socket: Descriptor, attachment: Attachment? = nil) throws(SyscallError) {
    try socket.setNonblocking(true)
    self.socket = socket
    self.attachment = attachment
  }

  var hasOutgoing: Bool { !outgoing.isEmpty }

  /// Whether the process must wait until this client has read.
  var holdsOutput: Bool {
    guard let attachment, attachment.isLossless, !isBroken else { return false }
    return outgoing.count >= Connection.losslessBytesMax
  }

  /// Queues `reply`. What cannot be encoded is a mistake of ours and only costs the reply.
  func send(_ reply: MonitorReply) {
    guard !isClosing, !isBroken, let bytes = try? reply.encoded() else { return }
    outgoing.append(bytes)
  }

  /// Queues output of the process, if the client wants it.
  ///
  /// - Parameter before: the positions where `bytes` start.
  func sendOutput(_ bytes: UnsafeRawBufferPointer, _ type: FrameType, before: MonitorProtocol.StreamPositions) {
    guard let attachment, !isClosing, !isBroken else { return }
    guard attachment.streams.contains(type == .stdout ? .stdout : .stderr) else { return }
    if !attachment.isLossless, outgoing.count + bytes.count > Connection.laggingBytesMax {
      if !attachment.streams.contains(.raw) { send(.lagged(before)) }
      isClosing = true
      return
    }
    if !attachment.streams.contains(.raw) {
      guard let header = try? FrameHeader(type: type, length: bytes.count) else { return }
      withUnsafeBytes(of: header.word.bigEndian) { outgoing.append($0) }
    }
    outgoing.append(bytes)
  }

  /// Writes what waits.
  func flush() {
    guard !isBroken else { return }
    if (try? outgoing.write(to: socket)) != true { isBroken = true }
    if isClosing, outgoing.isEmpty { isBroken = true }
  }

  /// Closes the connection when everything queued is written.
  func finish() {
    isClosing = true
    if outgoing.isEmpty { isBroken = true }
  }

  /// Reads what is there and hands each request to `take`. A peer that breaks the protocol is dropped; the process
  /// lives on.
  func receive(into buffer: inout [UInt8], _ take: (MonitorRequest) -> Void) {
    guard !isBroken else { return }
    do {
      switch try buffer.withUnsafeMutableBytes({ try socket.readAvailable(into: $0) }) {
      case .bytes(let count):
        decoder.append(buffer[..<count])
        while let request = try decoder.next(MonitorRequest.self) { take(request) }
      case .wouldBlock: return
      case .ended: isBroken = true
      }
    } catch { isBroken = true }
  }
}

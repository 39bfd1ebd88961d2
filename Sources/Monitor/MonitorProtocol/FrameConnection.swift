package import Linux

/// The client's end of a connection.
package typealias ClientConnection = FrameConnection<MonitorRequest, MonitorReply>
/// The monitor's end of a connection.
package typealias MonitorConnection = FrameConnection<MonitorReply, MonitorRequest>

/// A connection over a blocking unix socket.
///
/// For whoever waits for one thing only. An event loop reads its sockets itself and uses `FrameDecoder`.
package struct FrameConnection<Sent: MonitorMessage, Received: MonitorMessage> {
  package let socket: Descriptor
  private var decoder = FrameDecoder()
  private var descriptors: [Descriptor] = []

  /// Uses `socket`, on which nothing was said yet.
  package init(_ socket: Descriptor) { self.socket = socket }

  /// Says hello and waits for the peer's.
  ///
  /// - Returns: the version that both speak.
  package mutating func greet() throws(ProtocolError) -> UInt16 {
    try send(.hello(Hello()))
    guard let message = try receive() else { throw .ended }
    guard let hello = message.greeting else { throw .noHello }
    guard hello.version >= 1 else { throw .unknownVersion(hello.version) }
    return min(hello.version, Hello.currentVersion)
  }

  /// Sends `message`, with `descriptors` attached to its first byte.
  package func send(_ message: Sent, _ descriptors: [Descriptor] = []) throws(ProtocolError) {
    let bytes = try message.encoded()
    do {
      try bytes.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in
        var sent = try socket.send(buffer, descriptors)
        while sent < buffer.count {
          sent += try socket.send(UnsafeRawBufferPointer(rebasing: buffer[sent...]))
        }
      }
    } catch { throw .system(error) }
  }

  /// Waits for the next message.
  ///
  /// - Returns: nil when the peer ended the connection between two frames.
  package mutating func receive() throws(ProtocolError) -> Received? {
    while true {
      if let message = try decoder.next(Received.self) { return message }
      guard try readMore() else {
        guard decoder.isBetweenFrames else { throw .ended }
        return nil
      }
    }
  }

  /// Hands over the descriptors that came since the last call; they belong to the launch that was received with them.
  package mutating func takeDescriptors() -> [Descriptor] {
    defer { descriptors = [] }
    return descriptors
  }

  /// Reads what is there; false at the end.
  private mutating func readMore() throws(ProtocolError) -> Bool {
    let arrived: (bytes: [UInt8], descriptors: [Descriptor])
    do { arrived = try socket.receivePiece() } catch { throw .system(error) }
    descriptors += arrived.descriptors
    guard descriptors.count <= LaunchRecord.descriptorsMax else { throw .tooManyDescriptors }
    decoder.append(arrived.bytes)
    return !arrived.bytes.isEmpty
  }
}

extension Descriptor {
  /// Receives up to 16 KiB, a usual launch record in one piece.
  fileprivate func receivePiece() throws(SyscallError) -> (bytes: [UInt8], descriptors: [Descriptor]) {
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    var span = bytes.mutableSpan
    let (count, descriptors) = try span.withUnsafeMutableBytes { buffer throws(SyscallError) in
      try receive(into: buffer)
    }
    bytes.removeSubrange(count...)
    return (bytes, descriptors)
  }
}

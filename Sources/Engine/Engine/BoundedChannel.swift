package import Linux

/// Elements from one side to another, of which one may block a thread and the other is asynchronous: how a request's
/// body gets to an archive reader, and an archive to a response.
///
/// At most `limit` elements wait in it; then the sender does. Each side is used by one task or thread at a time.
package final class BoundedChannel<Element: Sendable>: Sendable {
  private let limit: Int
  private let state = WaitingLock(State())

  private struct State {
    var elements: [Element] = []
    var end: End?
    /// Nobody will receive any more.
    var isAbandoned = false
    var sender: CheckedContinuation<Void, Never>?
    var receiver: CheckedContinuation<Void, Never>?
  }

  private enum End {
    case complete
    case broken
  }

  /// What came out of it.
  package enum Received: Sendable {
    case element(Element)
    /// The sender said that this was all.
    case end
    /// The sender went away before its end.
    case broken
  }

  /// Makes an empty one.
  package init(limit: Int) { self.limit = limit }

  // MARK: - Sending

  /// Sends `element`, waiting for room; false when nobody will receive it.
  package func send(_ element: Element) async -> Bool {
    while true {
      if let isSent = attempt({ Self.put(element, limit, &$0) }) { return isSent }
      await withCheckedContinuation { waiter in
        let isReady = state.withLock { state in
          if state.isAbandoned || state.elements.count < limit { return true }
          state.sender = waiter
          return false
        }
        if isReady { waiter.resume() }
      }
    }
  }

  /// As `send`, on a thread that may block.
  package func sendBlocking(_ element: Element) -> Bool {
    let (isSent, waiter) = state.wait { state -> (Bool, CheckedContinuation<Void, Never>?)? in
      guard let isSent = Self.put(element, limit, &state) else { return nil }
      return (isSent, Self.take(&state.receiver))
    }
    waiter?.resume()
    return isSent
  }

  /// Ends the stream: what is in it is still received. Of several calls the first counts.
  ///
  /// - Parameter isComplete: whether that was all there is.
  package func finish(isComplete: Bool = true) {
    _ = attempt { state -> Bool? in
      if state.end == nil { state.end = isComplete ? .complete : .broken }
      return true
    }
  }

  // MARK: - Receiving

  /// The next element, when there is one.
  package func receive() async -> Received {
    while true {
      if let received = attempt(Self.get) { return received }
      await withCheckedContinuation { waiter in
        let isReady = state.withLock { state in
          if state.end != nil || !state.elements.isEmpty || state.isAbandoned { return true }
          state.receiver = waiter
          return false
        }
        if isReady { waiter.resume() }
      }
    }
  }

  /// As `receive`, on a thread that may block.
  package func receiveBlocking() -> Received {
    let (received, waiter) = state.wait { state -> (Received, CheckedContinuation<Void, Never>?)? in
      guard let received = Self.get(&state) else { return nil }
      return (received, Self.take(&state.sender))
    }
    waiter?.resume()
    return received
  }

  /// Lets both sides go: what is in it is lost, what is sent is refused, who receives gets `broken`.
  package func abandon() {
    _ = attempt { state -> Bool? in
      state.isAbandoned = true
      state.elements = []
      return true
    }
  }

  // MARK: - State

  /// Changes the state, and lets whoever waits on an asynchronous side look again.
  private func attempt<Result>(_ body: (inout State) -> Result?) -> Result? {
    let (result, waiters) = state.withLock { state in
      (body(&state), [Self.take(&state.sender), Self.take(&state.receiver)])
    }
    for waiter in waiters { waiter?.resume() }
    return result
  }

  private static func put(_ element: Element, _ limit: Int, _ state: inout State) -> Bool? {
    if state.isAbandoned || state.end != nil { return false }
    guard state.elements.count < limit else { return nil }
    state.elements.append(element)
    return true
  }

  private static func get(_ state: inout State) -> Received? {
    if state.isAbandoned { return .broken }
    if !state.elements.isEmpty { return .element(state.elements.removeFirst()) }
    switch state.end {
    case .complete: return .end
    case .broken: return .broken
    case nil: return nil
    }
  }

  private static func take(
    _ waiter: inout CheckedContinuation<Void, Never>?
  ) -> CheckedContinuation<Void, Never>? {
    defer { waiter = nil }
    return waiter
  }
}

/// The bytes of a channel, for a thread that may block.
package struct ChannelSource: ByteSource, Sendable {
  private let channel: BoundedChannel<[UInt8]>
  private var piece: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// Reads what is sent into `channel`.
  package init(_ channel: BoundedChannel<[UInt8]>) { self.channel = channel }

  /// - Throws: `ECONNRESET` when the sender went away before its end.
  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
    while position == piece.count, !isAtEnd {
      switch channel.receiveBlocking() {
      case .element(let next): (piece, position) = (next, 0)
      case .end: isAtEnd = true
      case .broken: throw SyscallError("read", "request body", errno: .connectionReset)
      }
    }
    let count = min(buffer.count, piece.count - position)
    piece.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
    }
    position += count
    return count
  }
}

/// Bytes into a channel, from a thread that may block, in pieces that are worth a packet.
package final class ChannelSink {
  private let channel: BoundedChannel<[UInt8]>
  private var piece: [UInt8] = []

  /// Large enough that the cost of a hand-over does not count.
  private static let pieceBytes = 256 << 10

  /// Writes into `channel`.
  package init(_ channel: BoundedChannel<[UInt8]>) { self.channel = channel }

  /// Sends what was kept for a larger piece.
  package func flush() throws(SyscallError) {
    guard !piece.isEmpty else { return }
    let full = piece
    piece = []
    guard channel.sendBlocking(full) else { throw SyscallError("write", "response", errno: .brokenPipe) }
  }
}

extension ChannelSink: ByteSink {
  /// - Throws: `EPIPE` when nobody receives any more.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) {
    piece.append(contentsOf: buffer)
    if piece.count >= Self.pieceBytes { try flush() }
  }
}

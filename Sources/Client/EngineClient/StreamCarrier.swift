package import Linux

/// Carries the streams of one process between a hijacked connection and this program's descriptors, in one poll loop.
///
/// The end of the input is passed on as a half-close, so that the process sees it and can still answer. Nothing is
/// read from the engine while our output has no room: whoever reads us slowly slows the process down, as in a pipe.
package struct StreamCarrier {
  /// The descriptors that take part. A missing one is neither read nor written.
  package struct Ends {
    package var input: Descriptor?
    package var output: Descriptor?
    package var error: Descriptor?

    /// Takes what is given.
    package init(input: Descriptor? = nil, output: Descriptor? = nil, error: Descriptor? = nil) {
      self.input = input
      self.output = output
      self.error = error
    }
  }

  /// How a session ends.
  package enum Outcome: Equatable, Sendable {
    /// The engine ended the connection: the process did, or the engine is gone.
    case ended
    /// The user typed the detach keys.
    case detached
  }

  /// How many bytes of each stream have come, so that another connection can go on from there.
  package struct Delivered: Equatable, Sendable {
    package var output = 0
    package var error = 0

    /// Nothing has come.
    package init() {}
  }

  private let connection: Descriptor
  private let ends: Ends
  private let isTerminal: Bool
  private var decoder = FrameDecoder()
  private var watcher: DetachWatcher?
  private var output = OutputQueue()
  /// What has come on this connection and those before.
  package private(set) var delivered = Delivered()
  /// What comes again on this connection and was delivered before.
  private var repeated = Delivered()
  /// Input on its way to the engine, and whether more may come.
  private var pendingInput: [UInt8] = []
  private var inputIsOpen: Bool
  /// The write direction is closed once the input has ended and all of it was sent.
  private var sendingHasEnded = false

  private static let bufferBytes = 64 << 10

  /// - Parameter isTerminal: the process has a terminal, so its one output comes without frames.
  /// - Parameter detachKeys: nil when the input is no terminal, where no key is special.
  /// - Parameter skipping: what earlier connections delivered, where this one repeats from the beginning.
  package init(
    _ connection: HijackedConnection, _ ends: Ends, isTerminal: Bool, detachKeys: DetachKeys?,
    skipping: Delivered = Delivered()
  ) throws(ClientError) {
    delivered = skipping
    repeated = skipping
    self.connection = connection.descriptor
    self.ends = ends
    self.isTerminal = isTerminal
    watcher = detachKeys.map(DetachWatcher.init)
    inputIsOpen = ends.input != nil
    do { try connection.descriptor.setNonblocking(true) } catch { throw .system(error) }
    try distribute(connection.received)
  }

  /// Carries until the session ends.
  ///
  /// - Parameter signals: this program's signals; `onSignal` is called for each.
  package mutating func run(
    signals: SignalDescriptor?, onSignal: (Int32) throws(ClientError) -> Void
  ) throws(ClientError) -> Outcome {
    while true {
      let ready = try poll(signals)
      if ready.signals, let signals { try handle(signals, onSignal) }
      if ready.output { try output.flush() }
      if ready.input, try takeInput() { return .detached }
      if ready.writable { try sendInput() }
      if ready.readable, try takeOutput() == .ended {
        try output.flushAll()
        return .ended
      }
    }
  }

  private struct Ready {
    var input = false
    var output = false
    var signals = false
    var readable = false
    var writable = false
  }

  /// Waits for whatever can be done next; what cannot make progress now is not asked for, or poll would spin.
  private func poll(_ signals: SignalDescriptor?) throws(ClientError) -> Ready {
    let input = inputIsOpen && pendingInput.isEmpty ? ends.input : nil
    var requests = [PollRequest(connection, reads: output.isEmpty, writes: !pendingInput.isEmpty)]
    let target = output.next
    for extra in [input, signals?.descriptor] { if let extra { requests.append(PollRequest(extra, reads: true)) } }
    if let target { requests.append(PollRequest(target, writes: true)) }
    let results: [PollResult]
    do { results = try waitUntilReady(requests) } catch { throw .system(error) }
    var rest = results[...]
    let first = rest.removeFirst()
    var ready = Ready(
      readable: output.isEmpty && first.isReadable, writable: !pendingInput.isEmpty && first.isWritable)
    if input != nil { ready.input = rest.removeFirst().isReadable }
    if signals != nil { ready.signals = rest.removeFirst().isReadable }
    if target != nil { ready.output = rest.removeFirst().isWritable }
    return ready
  }

  private func handle(
    _ signals: SignalDescriptor, _ onSignal: (Int32) throws(ClientError) -> Void
  ) throws(ClientError) {
    while true {
      let next: Int32?
      do { next = try signals.next() } catch { throw .system(error) }
      guard let signal = next else { return }
      try onSignal(signal)
    }
  }

  /// Reads what was typed; true when it was the detach keys.
  private mutating func takeInput() throws(ClientError) -> Bool {
    guard let input = ends.input else { return false }
    switch try Self.read(input) {
    case nil, []?:
      inputIsOpen = false
      try sendInput()
    case let bytes?:
      if watcher == nil {
        pendingInput = bytes
      } else {
        guard let passed = watcher?.pass(bytes[...]) else { return true }
        pendingInput = passed
      }
      try sendInput()
    }
    return false
  }

  private mutating func sendInput() throws(ClientError) {
    do {
      while !pendingInput.isEmpty {
        let transfer = try pendingInput.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in
          try connection.writeAvailable(buffer)
        }
        switch transfer {
        case .bytes(let count): pendingInput.removeFirst(count)
        case .wouldBlock: return
        case .ended:
          // Nobody takes input any more; output may still come.
          pendingInput = []
          inputIsOpen = false
        }
      }
      guard !inputIsOpen, ends.input != nil, !sendingHasEnded else { return }
      sendingHasEnded = true
      try connection.endSending()
    } catch {
      if error.errno == Errno.notConnected { return }
      throw .system(error)
    }
  }

  private mutating func takeOutput() throws(ClientError) -> Transfer {
    var bytes = [UInt8](repeating: 0, count: Self.bufferBytes)
    let transfer: Transfer
    do {
      var span = bytes.mutableSpan
      transfer = try span.withUnsafeMutableBytes { buffer throws(SyscallError) in
        try connection.readAvailable(into: buffer)
      }
    } catch { throw .system(error) }
    if case .bytes(let count) = transfer {
      bytes.removeLast(bytes.count - count)
      try distribute(bytes)
    }
    return transfer
  }

  private mutating func distribute(_ bytes: [UInt8]) throws(ClientError) {
    if isTerminal {
      deliver(bytes[...], isError: false)
      return
    }
    var position = 0
    while let (stream, range) = try decoder.next(bytes, from: &position) {
      deliver(bytes[range], isError: stream != .output)
    }
  }

  private mutating func deliver(_ bytes: ArraySlice<UInt8>, isError: Bool) {
    let path: WritableKeyPath<Delivered, Int> = isError ? \.error : \.output
    let fresh = bytes.dropFirst(repeated[keyPath: path])
    repeated[keyPath: path] -= bytes.count - fresh.count
    delivered[keyPath: path] += fresh.count
    output.add(fresh, to: isError ? ends.error : ends.output)
  }

  /// Reads once; nil at the end. A terminal whose other side is gone has ended.
  private static func read(_ input: Descriptor) throws(ClientError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: bufferBytes)
    do {
      var span = bytes.mutableSpan
      let transfer = try span.withUnsafeMutableBytes { buffer throws(SyscallError) in
        try input.readAvailable(into: buffer)
      }
      guard case .bytes(let count) = transfer else { return nil }
      bytes.removeLast(bytes.count - count)
      return bytes
    } catch { throw .system(error) }
  }
}

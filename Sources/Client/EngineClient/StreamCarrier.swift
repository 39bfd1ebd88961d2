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

    /// Reads `OUTPUT,ERROR`.
    init?(parsing text: String) {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let output = parts[0], let error = parts[1], output >= 0, error >= 0 else { return nil }
      self.output = output
      self.error = error
    }
  }

  /// What takes the input and, without a log, gives the output.
  private let connection: Descriptor?
  /// What gives the output instead.
  private var log: LogFeed?
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
    log = nil
    self.ends = ends
    self.isTerminal = isTerminal
    watcher = detachKeys.map(DetachWatcher.init)
    inputIsOpen = ends.input != nil
    do { try connection.descriptor.setNonblocking(true) } catch { throw .system(error) }
    try distribute(connection.received)
  }

  /// Goes on with a process whose connection was lost: its output comes from its log.
  ///
  /// - Parameter delivered: what earlier connections delivered, and whether the log repeats that.
  /// - Parameter connection: takes the input; nil where there is none, or nobody to take it any more.
  package init(
    _ connection: HijackedConnection?, log: LogFeed, _ ends: Ends, isTerminal: Bool, detachKeys: DetachKeys?,
    delivered: (count: Delivered, isRepeated: Bool)
  ) throws(ClientError) {
    self.connection = connection?.descriptor
    self.log = log
    self.ends = ends
    self.isTerminal = isTerminal
    self.delivered = delivered.count
    if delivered.isRepeated { repeated = delivered.count }
    watcher = detachKeys.map(DetachWatcher.init)
    inputIsOpen = ends.input != nil && connection != nil
    do { try connection?.descriptor.setNonblocking(true) } catch { throw .system(error) }
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
    let wantsOutput = output.isEmpty
    let hasBuffered = wantsOutput && log?.body.hasBuffered == true
    let wanted: [(WritableKeyPath<Ready, Bool>, PollRequest?)] = [
      (\.readable, (log?.descriptor ?? connection).map { PollRequest($0, reads: wantsOutput) }),
      (\.writable, connection.map { PollRequest($0, writes: !pendingInput.isEmpty) }),
      (\.input, inputIsOpen && pendingInput.isEmpty ? ends.input.map { PollRequest($0, reads: true) } : nil),
      (\.signals, signals.map { PollRequest($0.descriptor, reads: true) }),
      (\.output, output.next.map { PollRequest($0, writes: true) }),
    ]
    // One that asks for nothing would still report a hang-up, again and again.
    let asked = wanted.compactMap { path, request in
      request.flatMap { $0.reads || $0.writes ? (path: path, request: $0) : nil }
    }
    let results: [PollResult]
    do { results = try waitUntilReady(asked.map(\.request), milliseconds: hasBuffered ? 0 : -1) } catch {
      throw .system(error)
    }
    var ready = Ready()
    for (entry, result) in zip(asked, results) {
      ready[keyPath: entry.path] = entry.request.reads && result.isReadable || entry.request.writes && result.isWritable
    }
    if hasBuffered { ready.readable = true }
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
    guard let connection else { return pendingInput = [] }
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
    if log != nil {
      transfer = try readLog(into: &bytes)
    } else {
      transfer = try readConnection(into: &bytes)
    }
    if case .bytes(let count) = transfer {
      bytes.removeLast(bytes.count - count)
      try distribute(bytes)
    }
    return transfer
  }

  /// An engine that dies ends the log in the middle. What came until then was delivered, and is counted.
  private mutating func readLog(into bytes: inout [UInt8]) throws(ClientError) -> Transfer {
    do {
      let count = try log?.body.read(into: &bytes) ?? 0
      return count == 0 ? .ended : .bytes(count)
    } catch {
      guard error.isDisconnection else { throw error }
      return .ended
    }
  }

  private func readConnection(into bytes: inout [UInt8]) throws(ClientError) -> Transfer {
    guard let connection else { return .ended }
    var span = bytes.mutableSpan
    do {
      return try span.withUnsafeMutableBytes { buffer throws(SyscallError) in
        try connection.readAvailable(into: buffer)
      }
    } catch { throw .system(error) }
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

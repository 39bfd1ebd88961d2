import EngineClient
import Glibc
import Linux

/// The user's side of a process that somebody watches: streams, terminal, signals, window size.
///
/// It is begun before the process starts, so that no signal is lost and no key is echoed twice, and ended on every
/// way out: the terminal gets the mode back that it had.
struct TerminalSession {
  /// What is attached.
  struct Wishes {
    var input = false
    var output = false
    var error = false
    /// The process has a terminal.
    var hasTerminal = false
    var detachKeys = ""
    /// Signals that we get are for the process.
    var passesSignals = true
  }

  let wishes: Wishes
  private let detachKeys: DetachKeys
  private let rawTerminal: RawTerminal?
  private let signals: SignalDescriptor

  private static let terminationsMax = 3

  /// All that a user or a program may send, but not what stops a job that reads or writes in the background.
  private static let passed = [
    SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGCONT, SIGTSTP, SIGIO, SIGPWR, SIGVTALRM, SIGXCPU,
    SIGXFSZ,
  ]

  /// Begins: takes the terminal over if the process has one too.
  ///
  /// - Throws: `CommandError` when the process shall have a terminal as its input and we have none.
  init(_ wishes: Wishes) throws {
    self.wishes = wishes
    if wishes.input, wishes.hasTerminal, !StandardStreams.input.isTerminal {
      throw CommandError("the input device is not a TTY")
    }
    detachKeys = (try? DetachKeys(wishes.detachKeys)) ?? .standard
    let isRaw = wishes.hasTerminal && wishes.input
    // In raw mode keys are no signals. Those that others send to us are the process's still.
    signals = try SignalDescriptor((wishes.passesSignals ? Self.passed : []) + (wishes.hasTerminal ? [SIGWINCH] : []))
    rawTerminal = isRaw ? try RawTerminal(StandardStreams.input) : nil
  }

  /// Gives the terminal back. Once or more often.
  func end() { rawTerminal?.restore() }

  /// Carries the streams until the process or the user ends the session.
  ///
  /// - Parameter isJoining: the process has run before. A program draws its screen when its window changes, so the
  ///   window does.
  /// - Parameter resize: tells the engine the size of the window, now and whenever it changes.
  /// - Parameter pass: sends a signal to the process.
  /// - Returns: how it ended, and how much output came, so that another connection can go on from there.
  func carry(
    _ connection: HijackedConnection, isJoining: Bool = false, resize: (WindowSize) -> Void, pass: (String) -> Void
  ) throws -> (outcome: StreamCarrier.Outcome, delivered: StreamCarrier.Delivered) {
    var carrier = try StreamCarrier(
      connection, ends, isTerminal: wishes.hasTerminal, detachKeys: rawTerminal == nil ? nil : detachKeys)
    if isJoining, let size = windowSize { resize(WindowSize(rows: size.rows + 1, columns: size.columns + 1)) }
    return (try run(&carrier, resize: resize, pass: pass), carrier.delivered)
  }

  /// Goes on after the connection was lost, with the byte of the log that comes next.
  func goOn(
    _ connection: HijackedConnection?, log: LogFeed,
    after delivered: (count: StreamCarrier.Delivered, isRepeated: Bool),
    resize: (WindowSize) -> Void, pass: (String) -> Void
  ) throws -> (outcome: StreamCarrier.Outcome, delivered: StreamCarrier.Delivered) {
    var carrier = try StreamCarrier(
      connection, log: log, ends, isTerminal: wishes.hasTerminal, detachKeys: rawTerminal == nil ? nil : detachKeys,
      delivered: delivered)
    return (try run(&carrier, resize: resize, pass: pass), carrier.delivered)
  }

  private var ends: StreamCarrier.Ends {
    StreamCarrier.Ends(
      input: wishes.input ? StandardStreams.input : nil, output: wishes.output ? StandardStreams.output : nil,
      error: wishes.error ? StandardStreams.error : nil)
  }

  private func run(
    _ carrier: inout StreamCarrier, resize: (WindowSize) -> Void, pass: (String) -> Void
  ) throws -> StreamCarrier.Outcome {
    tellSize(resize)
    var terminations = 0
    return try carrier.run(signals: signals) { (signal) throws(ClientError) in
      if signal == SIGWINCH { return tellSize(resize) }
      if signal == SIGINT || signal == SIGTERM { terminations += 1 }
      // Who asks a third time wants us to end, whatever the process makes of it.
      guard terminations < Self.terminationsMax else { throw .interrupted(times: terminations) }
      pass("\(signal)")
    }
  }

  /// The window that the process's terminal shall be like; nil without one.
  private var windowSize: WindowSize? {
    guard wishes.hasTerminal, let size = try? StandardStreams.output.windowSize() else { return nil }
    return (1..<UInt16.max).contains(size.rows) && size.columns < .max ? size : nil
  }

  private func tellSize(_ resize: (WindowSize) -> Void) {
    if let size = windowSize { resize(size) }
  }
}

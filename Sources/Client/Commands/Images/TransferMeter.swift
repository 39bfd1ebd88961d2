import EngineClient
import Linux

/// Says on the terminal how much has been read or written, in one line that changes in place; elsewhere nothing.
struct TransferMeter {
  private let verb: String
  private let isShown: Bool
  private var bytes: Int64 = 0
  private var shown = ContinuousClock.now

  /// Between two changes of the line: the eye sees no more.
  private static let pause = Duration.milliseconds(100)

  /// - Parameter verb: what is being done: `Saving`.
  init(_ verb: String) {
    self.verb = verb
    isShown = StandardStreams.error.isTerminal
  }

  /// Counts `count` more bytes.
  mutating func add(_ count: Int) {
    bytes += Int64(count)
    guard isShown, ContinuousClock.now - shown >= Self.pause else { return }
    shown = .now
    try? StandardStreams.error.writeAll("\r\u{1B}[2K\(verb) \(Sizes.decimal(bytes))")
  }

  /// Takes the line away.
  func end() {
    if isShown { try? StandardStreams.error.writeAll("\r\u{1B}[2K") }
  }
}

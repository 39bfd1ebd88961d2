import Engine

/// The keys by which a client leaves a terminal and lets its program go on.
///
/// The first keys of a sequence are held back until it is known whether it is one.
struct DetachKeys: Equatable, Sendable {
  private let sequence: [UInt8]
  private var matched = 0

  /// Longer ones nobody types.
  private static let keysMax = 64

  /// Reads Docker's words: `ctrl-p,ctrl-q`, which is also what empty means, single characters, `DEL`.
  ///
  /// - Parameter name: what Docker calls them in its text: not the same everywhere.
  /// - Throws: `invalid` with Docker's text.
  init(_ text: String, called name: String = "escape") throws(EngineError) {
    let words = text.isEmpty ? ["ctrl-p", "ctrl-q"] : text.split(separator: ",", omittingEmptySubsequences: false)
    let keys = words.map { Self.key(String($0)) }
    guard keys.count <= Self.keysMax, !keys.contains(nil) else {
      throw EngineError(.invalid, "Invalid \(name) keys (\(text)) provided")
    }
    sequence = keys.compactMap { $0 }
  }

  /// Control characters: those of the letters, and `@ [ \ ] ^ _`, which follow them in ASCII.
  private static func key(_ word: String) -> UInt8? {
    if word == "DEL" { return 0x7f }
    let bytes = Array(word.utf8)
    if bytes.count == 1 { return bytes[0] }
    guard word.hasPrefix("ctrl-"), bytes.count == 6 else { return nil }
    switch bytes[5] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return bytes[5] - UInt8(ascii: "a") + 1
    case UInt8(ascii: "@"), UInt8(ascii: "[")...UInt8(ascii: "_"): return bytes[5] - UInt8(ascii: "@")
    default: return nil
    }
  }

  /// What of `bytes`, and of what was held back, is input; nil in `rest` when they end in the sequence.
  mutating func pass(_ bytes: [UInt8]) -> (input: [UInt8], isDetached: Bool) {
    var input: [UInt8] = []
    for byte in bytes {
      if byte != sequence[matched] {
        input += sequence[..<matched]
        matched = 0
      }
      if byte == sequence[matched] {
        matched += 1
        if matched == sequence.count { return (input, true) }
      } else {
        input.append(byte)
      }
    }
    return (input, false)
  }
}

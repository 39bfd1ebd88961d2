/// One start of a task: 128 random bits, written as 32 hex digits. Makes reports of its exit unambiguous.
package struct LaunchID: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes one that nobody else has.
  package static func random() -> LaunchID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// Makes one of 128 bits of `generator`.
  package static func random(using generator: inout some RandomNumberGenerator) -> LaunchID {
    LaunchID(high: generator.next(), low: generator.next())
  }

  /// Reads 32 lower-case hex digits; anything else is nil.
  package init?(_ hex: String) {
    guard hex.utf8.count == 32, hex.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }),
      let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// The 32 digits.
  package var description: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

/// Sixteen bytes, in the order of the digits.
extension LaunchID: FieldValue {
  static let none = LaunchID(high: 0, low: 0)

  func write(into writer: inout RecordWriter) {
    writer.append(high.bigEndian)
    writer.append(low.bigEndian)
  }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    guard bytes.count == 16 else { throw RecordError(.wrongSize(bytes.count, expected: 16)) }
    func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: word(bytes.prefix(8)), low: word(bytes.suffix(8)))
  }
}

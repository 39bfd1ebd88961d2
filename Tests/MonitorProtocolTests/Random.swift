/// A seeded source of numbers, so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  // SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// Any value of the type, the extremes more often than by chance.
  mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type = Integer.self) -> Integer {
    switch next() % 4 {
    case 0: [Integer.min, .max, 0, 1].randomElement(using: &self) ?? 0
    case 1: Integer(next() % 100)
    default: Integer(truncatingIfNeeded: next())
    }
  }

  mutating func bool() -> Bool { next() & 1 == 0 }

  /// Text of up to twelve characters, one to four bytes each.
  mutating func string() -> String {
    let alphabet = Array("abz/=:. \n\"é€🜁\u{7f}\u{1}")
    return String((0..<next() % 12).map { _ in alphabet[Int(next() % UInt64(alphabet.count))] })
  }

  mutating func bytes(max: UInt64 = 40) -> [UInt8] { (0..<next() % max).map { _ in UInt8(truncatingIfNeeded: next()) } }

  mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { bool() ? make(&self) : nil }

  mutating func list<Value>(_ make: (inout Self) -> Value) -> [Value] { (0..<next() % 4).map { _ in make(&self) } }

  mutating func map<Value>(_ make: (inout Self) -> Value) -> [String: Value] {
    Dictionary(list { ($0.string(), make(&$0)) }) { first, _ in first }
  }

  mutating func one<Value>(of values: [Value]) -> Value { values[Int(next() % UInt64(values.count))] }
}

/// Damages the bytes of a good input.
struct Mutation {
  /// What the format knows: words, separators, numbers at the edge.
  let words: [[UInt8]]
  /// No input is longer, so that one costs milliseconds at most.
  static let bytesMax = 256 << 10
  private static let changesMax = 6
  private static let edges: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x0a, 0x30, 0x39]

  /// One input out of `seeds`: changed at a few places, or the front of one and the back of another.
  func input(from seeds: [[UInt8]], _ random: inout Random) -> [UInt8] {
    var bytes = random.pick(seeds)
    if random.below(8) == 0 {
      let other = random.pick(seeds)
      bytes = Array(bytes.prefix(random.below(bytes.count + 1)) + other.suffix(random.below(other.count + 1)))
    }
    for _ in 0...random.below(Self.changesMax) { change(&bytes, random.below(bytes.count + 1), &random) }
    return Array(bytes.prefix(Self.bytesMax))
  }

  private func change(_ bytes: inout [UInt8], _ place: Int, _ random: inout Random) {
    let end = min(bytes.count, place + random.below(32))
    switch random.below(9) {
    case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2 where place < bytes.count: bytes[place] = random.pick(Self.edges)
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 5 where !words.isEmpty: bytes.insert(contentsOf: random.pick(words), at: place)
    case 6 where !words.isEmpty:
      let word = random.pick(words)
      bytes.replaceSubrange(place..<min(bytes.count, place + word.count), with: word)
    case 7: bytes.removeSubrange(place...)
    default:
      // A run of one byte: deep nesting, long numbers, endless lines.
      let byte = place < bytes.count ? bytes[place] : random.pick(Self.edges)
      bytes.insert(contentsOf: repeatElement(byte, count: random.below(300)), at: place)
    }
  }
}

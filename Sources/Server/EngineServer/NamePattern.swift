/// A regular expression of a filter, as Docker's `name=^web-[0-9]+$`.
///
/// It takes the part of RE2's language that names can meet: literals, `.`, classes, `\d \w \s` and their opposites,
/// anchors, groups, `|`, `*`, `+`, `?`, `{m,n}`, and `(?i)` at the beginning. It is tried at all places at once, so it
/// takes time in proportion to pattern and text, whatever the pattern: a client that only lists must not be able to hold
/// a thread.
struct NamePattern: Sendable {
  private let program: [Instruction]

  /// A pattern that needs more is refused. RE2 has a bound too.
  static let instructionsMax = 2000

  private enum Instruction {
    case byte(ByteSet)
    /// Goes on at both places.
    case split(Int, Int)
    case start
    case end
    case match
  }

  /// Compiles `text`; nil for what is no such pattern, which matches nothing.
  init?(_ text: String) {
    guard let node = PatternParser.parse(text) else { return nil }
    var program: [Instruction] = []
    guard NamePattern.compile(node, &program) else { return nil }
    self.program = program + [.match]
  }

  // MARK: Compiling

  private static func compile(_ node: PatternNode, _ program: inout [Instruction]) -> Bool {
    guard program.count < instructionsMax else { return false }
    switch node {
    case .byte(let set): program.append(.byte(set))
    case .start: program.append(.start)
    case .end: program.append(.end)
    case .sequence(let nodes):
      for node in nodes where !compile(node, &program) { return false }
    case .either(let left, let right):
      let split = reserve(&program)
      guard compile(left, &program) else { return false }
      let jump = reserve(&program)
      program[split] = .split(split + 1, program.count)
      guard compile(right, &program) else { return false }
      program[jump] = .split(program.count, program.count)
    case .repeated(let node, let least, let most):
      for _ in 0..<least where !compile(node, &program) { return false }
      guard let most else { return compileLoop(node, &program) }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(reserve(&program))
        guard compile(node, &program) else { return false }
      }
      for split in splits { program[split] = .split(split + 1, program.count) }
    }
    return true
  }

  private static func compileLoop(_ node: PatternNode, _ program: inout [Instruction]) -> Bool {
    let split = reserve(&program)
    guard compile(node, &program) else { return false }
    program.append(.split(split, split))
    program[split] = .split(split + 1, program.count)
    return true
  }

  private static func reserve(_ program: inout [Instruction]) -> Int {
    program.append(.match)
    return program.count - 1
  }

  // MARK: Matching

  /// Whether it matches somewhere in `text`.
  func matches(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var active: [Int] = []
    for position in 0...bytes.count {
      var seen = [Bool](repeating: false, count: program.count)
      var next: [Int] = []
      // A match may begin here as well.
      for place in active + [0] {
        if follow(place, isAtStart: position == 0, isAtEnd: position == bytes.count, &seen, &next) { return true }
      }
      guard position < bytes.count else { break }
      active = next.compactMap { place in
        if case .byte(let set) = program[place], set.contains(bytes[position]) { place + 1 } else { nil }
      }
    }
    return false
  }

  /// Adds to `next` the bytes that may come at `place`; true when the pattern ends there.
  private func follow(
    _ place: Int, isAtStart: Bool, isAtEnd: Bool, _ seen: inout [Bool], _ next: inout [Int]
  ) -> Bool {
    var pending = [place]
    while let place = pending.popLast() {
      guard !seen[place] else { continue }
      seen[place] = true
      switch program[place] {
      case .match: return true
      case .byte: next.append(place)
      case .split(let first, let second): pending += [second, first]
      case .start: if isAtStart { pending.append(place + 1) }
      case .end: if isAtEnd { pending.append(place + 1) }
      }
    }
    return false
  }
}

/// A set of bytes, 64 to a word.
struct ByteSet: Equatable, Sendable {
  private var words: [UInt64] = [0, 0, 0, 0]

  /// Every byte of `ranges`.
  init(_ ranges: ClosedRange<UInt8>...) {
    for byte in ranges.joined() { insert(byte) }
  }

  mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0 }

  mutating func formUnion(_ other: ByteSet) { for index in words.indices { words[index] |= other.words[index] } }

  var inverted: ByteSet {
    var set = self
    for index in words.indices { set.words[index] = ~words[index] }
    return set
  }

  /// With the other case of each letter.
  var withBothCases: ByteSet {
    var set = self
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(letter) || contains(letter - 32) {
      set.insert(letter)
      set.insert(letter - 32)
    }
    return set
  }
}

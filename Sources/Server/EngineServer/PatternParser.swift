/// A pattern, taken apart.
indirect enum PatternNode: Sendable {
  case byte(ByteSet)
  case start
  case end
  case sequence([PatternNode])
  case either(PatternNode, PatternNode)
  case repeated(PatternNode, least: Int, most: Int?)
}

/// Reads the patterns that `NamePattern` describes.
struct PatternParser {
  private var rest: ArraySlice<UInt8>
  private var ignoresCase = false
  private var depth = 0

  /// As RE2 has it.
  private static let repeatMax = 1000
  /// Groups within groups; more are no name's.
  private static let depthMax = 100

  /// Nil for what is no pattern.
  static func parse(_ text: String) -> PatternNode? {
    var parser = PatternParser(rest: Array(text.utf8)[...])
    if parser.take("(?i)") { parser.ignoresCase = true }
    guard let node = parser.alternatives(), parser.rest.isEmpty else { return nil }
    return node
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private mutating func alternatives() -> PatternNode? {
    guard var node = sequence() else { return nil }
    while take("|") {
      guard let other = sequence() else { return nil }
      node = .either(node, other)
    }
    return node
  }

  private mutating func sequence() -> PatternNode? {
    var nodes: [PatternNode] = []
    while let byte = rest.first, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      guard let node = atom(), let whole = repetition(of: node) else { return nil }
      nodes.append(whole)
    }
    return .sequence(nodes)
  }

  private mutating func repetition(of node: PatternNode) -> PatternNode? {
    let repeated: PatternNode
    if take("*") {
      repeated = .repeated(node, least: 0, most: nil)
    } else if take("+") {
      repeated = .repeated(node, least: 1, most: nil)
    } else if take("?") {
      repeated = .repeated(node, least: 0, most: 1)
    } else if rest.first == UInt8(ascii: "{"), let (least, most) = bounds() {
      guard least <= Self.repeatMax, (most ?? least) <= Self.repeatMax, most.map({ $0 >= least }) ?? true else {
        return nil
      }
      repeated = .repeated(node, least: least, most: most)
    } else {
      return node
    }
    // Lazy or not, the same texts match.
    _ = take("?")
    guard let next = rest.first, [UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?")].contains(next) else {
      return repeated
    }
    return nil
  }

  /// Reads `{2}`, `{2,}`, `{2,5}`; anything else is literal, and nil.
  private mutating func bounds() -> (least: Int, most: Int?)? {
    guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let text = String(decoding: rest[rest.startIndex + 1..<close], as: UTF8.self)
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let least = Int(parts[0]), least >= 0, !parts[0].hasPrefix("+") else { return nil }
    var most: Int? = least
    if parts.count > 1 {
      most = Int(parts[1])
      guard parts[1].isEmpty || (most ?? -1) >= 0 else { return nil }
    }
    rest = rest[(close + 1)...]
    return (least, most)
  }

  private mutating func atom() -> PatternNode? {
    guard let byte = rest.popFirst() else { return nil }
    switch byte {
    case UInt8(ascii: "^"): return .start
    case UInt8(ascii: "$"): return .end
    case UInt8(ascii: "."): return .byte(ByteSet(10...10).inverted)
    case UInt8(ascii: "("): return group()
    case UInt8(ascii: "["): return bracket().map { .byte(ignoresCase ? $0.withBothCases : $0) }
    case UInt8(ascii: "\\"): return escape().map { .byte(ignoresCase ? $0.withBothCases : $0) }
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"): return nil
    default: return .byte(ignoresCase ? ByteSet(byte...byte).withBothCases : ByteSet(byte...byte))
    }
  }

  private mutating func group() -> PatternNode? {
    if rest.first == UInt8(ascii: "?"), !take("?:") { return nil }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax, let node = alternatives(), take(")") else { return nil }
    return node
  }

  /// What comes after a backslash.
  private mutating func escape() -> ByteSet? {
    guard let byte = rest.popFirst() else { return nil }
    let digits = ByteSet(48...57)
    let words = ByteSet(48...57, 65...90, 95...95, 97...122)
    let spaces = ByteSet(9...10, 12...13, 32...32)
    switch byte {
    case UInt8(ascii: "d"): return digits
    case UInt8(ascii: "D"): return digits.inverted
    case UInt8(ascii: "w"): return words
    case UInt8(ascii: "W"): return words.inverted
    case UInt8(ascii: "s"): return spaces
    case UInt8(ascii: "S"): return spaces.inverted
    default: return words.contains(byte) || byte >= 128 ? nil : ByteSet(byte...byte)
    }
  }

  private mutating func bracket() -> ByteSet? {
    let isInverted = take("^")
    var set = ByteSet()
    var isFirst = true
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "]"), !isFirst { return isInverted ? set.inverted : set }
      isFirst = false
      // `[[:alpha:]]` is not for names.
      if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") { return nil }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = escape() else { return nil }
        set.formUnion(escaped)
        continue
      }
      var last = byte
      if rest.count > 1, rest.first == UInt8(ascii: "-"), rest[rest.startIndex + 1] != UInt8(ascii: "]") {
        last = rest[rest.startIndex + 1]
        rest = rest.dropFirst(2)
        guard last >= byte, last != UInt8(ascii: "\\") else { return nil }
      }
      set.formUnion(ByteSet(byte...last))
    }
    return nil
  }
}

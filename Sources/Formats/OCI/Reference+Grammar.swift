// The grammar of `Reference`, one function a rule. They look at bytes: everything the grammar allows is ASCII.
extension Reference {
  static func isImageID(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy(Digest.isHexDigit)
  }

  static func isDomain(_ text: Substring) -> Bool {
    var host = text
    let afterHost = text.lastIndex(of: "]") ?? text.startIndex
    if let colon = text[afterHost...].firstIndex(of: ":") {
      let port = text[text.index(after: colon)...]
      guard !port.isEmpty, port.utf8.allSatisfy(isDigit) else { return false }
      host = text[..<colon]
    }
    if host.hasPrefix("[") {
      guard host.hasSuffix("]"), host.utf8.count > 2 else { return false }
      return host.dropFirst().dropLast().utf8.allSatisfy { isAnyHexDigit($0) || $0 == UInt8(ascii: ":") }
    }
    return host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
      guard let first = label.first, let last = label.last else { return false }
      return isAlphanumeric(first) && isAlphanumeric(last)
        && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
  }

  static func isPath(_ text: Substring) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isComponent)
  }

  private static func isComponent(_ text: Substring.UTF8View.SubSequence) -> Bool {
    guard let first = text.first, let last = text.last, isLower(first), isLower(last) else { return false }
    var separator: [UInt8] = []
    for byte in text {
      if isLower(byte) {
        guard isSeparator(separator) else { return false }
        separator.removeAll(keepingCapacity: true)
      } else {
        separator.append(byte)
      }
    }
    return true
  }

  private static func isSeparator(_ bytes: [UInt8]) -> Bool {
    switch bytes {
    case [], [UInt8(ascii: ".")], [UInt8(ascii: "_")], [UInt8(ascii: "_"), UInt8(ascii: "_")]: true
    default: bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
  }

  static func isTag(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= tagCountMax else { return false }
    return isWord(first)
      && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// Whether `text` has the shape of a digest of any algorithm; what does not is a malformed reference, and what does is
  /// judged as a digest.
  static func looksLikeDigest(_ text: Substring) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    let hex = text[text.index(after: colon)...]
    guard hex.utf8.count >= 32, hex.utf8.allSatisfy(isAnyHexDigit) else { return false }
    let separators = Array("+.-_".utf8)
    return text[..<colon].utf8.split(omittingEmptySubsequences: false, whereSeparator: separators.contains).allSatisfy {
      guard let first = $0.first, !isDigit(first) else { return false }
      return $0.allSatisfy(isAlphanumeric)
    }
  }

  private static func isAnyHexDigit(_ byte: UInt8) -> Bool {
    Digest.isHexDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLower(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
}

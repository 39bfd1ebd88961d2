/// Splits Swift (or C) source into tokens, so that no rule ever mistakes a comment or a string for code.
///
/// It knows nested comments, strings of every form and the code within their interpolations; not regex literals.
struct Lexer {
  private(set) var tokens: [Token] = []
  private(set) var comments: [Int: Comment] = [:]
  private let bytes: [UInt8]
  private let isC: Bool
  private var position = 0
  private var line = 1
  private var lastTokenLine = 0
  private var sawSpace = true

  init(_ text: String, isC: Bool = false) {
    bytes = Array(text.utf8)
    self.isC = isC
    lexCode(untilParenthesis: false)
  }

  private func peek(_ distance: Int = 0) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  private func starts(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { wanted in
      position + wanted.count <= bytes.count && wanted.indices.allSatisfy { bytes[position + $0] == wanted[$0] }
    }
  }

  private mutating func advance() {
    if peek() == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  private mutating func emit(_ kind: Token.Kind, _ text: String, line tokenLine: Int) {
    let startsLine = tokenLine != lastTokenLine
    tokens.append(
      Token(kind: kind, text: text, line: tokenLine, followsSpace: sawSpace || startsLine, startsLine: startsLine))
    lastTokenLine = tokenLine
    sawSpace = false
  }

  private mutating func lexCode(untilParenthesis: Bool) {
    var depth = 0
    while position < bytes.count {
      let byte = peek()
      if Self.isSpace(byte) {
        sawSpace = true
        advance()
      } else if starts("//") {
        lexLineComment()
      } else if starts("/*") {
        lexBlockComment()
      } else if let hashes = stringStart() {
        lexString(hashes: hashes)
      } else if isC && byte == UInt8(ascii: "'") {
        lexCharacter()
      } else if Self.isWordByte(byte) {
        lexWord()
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        emit(.punctuation, String(UnicodeScalar(byte)), line: line)
        advance()
        if untilParenthesis && depth == 0 && byte == UInt8(ascii: ")") { return }
      }
    }
  }

  private mutating func lexWord() {
    let start = position
    let isNumber = Self.isDigit(peek())
    while Self.isWordByte(peek()) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    emit(isNumber ? .number : .word, text, line: line)
  }

  private mutating func lexLineComment() {
    let start = position
    while position < bytes.count && peek() != UInt8(ascii: "\n") { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    note(text, isDocumentation: text.hasPrefix("///"), line: line)
    sawSpace = true
  }

  private mutating func lexBlockComment() {
    let isDocumentation = starts("/**") && !starts("/**/")
    var depth = 0
    var start = position
    repeat {
      if starts("/*") {
        depth += isC && depth > 0 ? 0 : 1
        position += 2
      } else if starts("*/") {
        depth -= 1
        position += 2
      } else {
        if peek() == UInt8(ascii: "\n") {
          note(String(decoding: bytes[start..<position], as: UTF8.self), isDocumentation: isDocumentation, line: line)
          start = position + 1
        }
        advance()
      }
    } while depth > 0 && position < bytes.count
    note(String(decoding: bytes[start..<position], as: UTF8.self), isDocumentation: isDocumentation, line: line)
    sawSpace = true
  }

  private mutating func note(_ text: String, isDocumentation: Bool, line: Int) {
    comments[line, default: Comment(text: "", isDocumentation: isDocumentation)].text += text
  }

  /// The number of `#` before a quote when a string starts here.
  private func stringStart() -> Int? {
    var hashes = 0
    while peek(hashes) == UInt8(ascii: "#") { hashes += 1 }
    return peek(hashes) == UInt8(ascii: "\"") ? hashes : nil
  }

  private mutating func lexCharacter() {
    position += 1
    while position < bytes.count && peek() != UInt8(ascii: "'") {
      if peek() == UInt8(ascii: "\\") { position += 1 }
      advance()
    }
    position += 1
    emit(.string, "", line: line)
  }

  private mutating func lexString(hashes: Int) {
    let startLine = line
    position += hashes
    let isMultiline = starts("\"\"\"")
    position += isMultiline ? 3 : 1
    let slot = tokens.count
    emit(.string, "", line: startLine)
    var text: [UInt8] = []
    while position < bytes.count {
      if closesString(hashes: hashes, isMultiline: isMultiline) {
        position += (isMultiline ? 3 : 1) + hashes
        break
      }
      if peek() == UInt8(ascii: "\\") && followsHashes(hashes, at: 1) {
        position += 1 + hashes
        if peek() == UInt8(ascii: "(") && !isC {
          lexCode(untilParenthesis: true)
          continue
        }
      }
      text.append(peek())
      advance()
    }
    let opening = tokens[slot]
    tokens[slot] = Token(
      kind: .string, text: String(decoding: text, as: UTF8.self), line: startLine,
      followsSpace: opening.followsSpace, startsLine: opening.startsLine)
    lastTokenLine = line
  }

  private func closesString(hashes: Int, isMultiline: Bool) -> Bool {
    isMultiline
      ? starts("\"\"\"") && followsHashes(hashes, at: 3)
      : peek() == UInt8(ascii: "\"") && followsHashes(hashes, at: 1)
  }

  private func followsHashes(_ count: Int, at distance: Int) -> Bool {
    (0..<count).allSatisfy { peek(distance + $0) == UInt8(ascii: "#") }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 || byte >= 128
  }
}

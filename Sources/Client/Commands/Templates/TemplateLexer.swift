/// Cuts a template into text and the tokens between `{{` and `}}`.
struct TemplateLexer {
  enum Token: Equatable {
    case text(String)
    /// Where the action begins, in bytes of the template.
    case open(at: Int)
    case close
    case word(String)
    /// `.Name`; with `isTight` it follows its left neighbour without a space.
    case field(String, isTight: Bool)
    case variable(String)
    case string(String)
    case number(String)
    case symbol(Character)
    /// `:=`
    case declare
  }

  private var rest: Substring

  /// Lexes `text`, whose `\t` and `\n` are what they look like.
  static func tokens(_ text: String) throws(TemplateError) -> [Token] {
    var lexer = TemplateLexer(rest: text[...])
    var tokens: [Token] = []
    var trims = false
    while true {
      guard let open = lexer.rest.firstRange(of: "{{") else {
        tokens.append(.text(Self.trimmed(lexer.rest, trims)))
        return tokens
      }
      var before = lexer.rest[..<open.lowerBound]
      lexer.rest = lexer.rest[open.upperBound...]
      let trimsBefore = lexer.take(marker: "- ")
      if trimsBefore { while before.last?.isWhitespace == true { before.removeLast() } }
      tokens.append(.text(Self.trimmed(before, trims)))
      trims = try lexer.action(&tokens)
    }
  }

  private static func trimmed(_ text: Substring, _ trims: Bool) -> String {
    String(trims ? text.drop(while: \.isWhitespace) : text)
  }

  private mutating func take(marker: String) -> Bool {
    guard rest.hasPrefix(marker) else { return false }
    rest = rest.dropFirst(marker.count)
    return true
  }

  /// Up to `}}`; true if the white space after it goes.
  private mutating func action(_ tokens: inout [Token]) throws(TemplateError) -> Bool {
    if rest.hasPrefix("/*") {
      guard let end = rest.firstRange(of: "*/") else { throw TemplateError(": unclosed comment") }
      rest = rest[end.upperBound...]
      let trims = take(marker: " -")
      guard take(marker: "}}") else { throw TemplateError(": comment ends before closing delimiter") }
      return trims
    }
    tokens.append(.open(at: rest.base.utf8.distance(from: rest.base.startIndex, to: rest.startIndex)))
    var isTight = false
    while true {
      guard let character = rest.first else { throw TemplateError(": unclosed action") }
      if rest.hasPrefix("}}") || rest.hasPrefix(" -}}") {
        let trims = take(marker: " -")
        rest = rest.dropFirst(2)
        tokens.append(.close)
        return trims
      }
      if character.isWhitespace {
        rest.removeFirst()
        isTight = false
        continue
      }
      tokens.append(try token(character, isTight: isTight))
      isTight = true
    }
  }

  private mutating func token(_ character: Character, isTight: Bool) throws(TemplateError) -> Token {
    switch character {
    case "\"": return .string(try quoted())
    case "`":
      rest.removeFirst()
      let text = rest.prefix { $0 != "`" }
      rest = rest.dropFirst(text.count)
      guard rest.popFirst() != nil else { throw TemplateError(": unterminated raw quoted string") }
      return .string(String(text))
    case ".":
      rest.removeFirst()
      return .field(word(), isTight: isTight)
    case "$":
      rest.removeFirst()
      return .variable(word())
    case ":" where rest.hasPrefix(":="):
      rest = rest.dropFirst(2)
      return .declare
    case "|", "(", ")", ",", "=":
      rest.removeFirst()
      return .symbol(character)
    case "-", "+", "0"..."9":
      let digits = rest.prefix { $0.isHexDigit || "+-.xob_".contains($0) }
      rest = rest.dropFirst(digits.count)
      guard Double(digits) != nil else { throw TemplateError(": bad number syntax: \"\(digits)\"") }
      return .number(String(digits.first == "+" ? digits.dropFirst() : digits))
    default:
      let word = word()
      guard !word.isEmpty else { throw TemplateError(": \(Self.unexpected(character))") }
      return .word(word)
    }
  }

  private static func unexpected(_ character: Character) -> String {
    let scalar = character.unicodeScalars.first.map(\.value) ?? 0
    let hex = String(scalar, radix: 16, uppercase: true)
    return "bad character U+\(String(repeating: "0", count: max(0, 4 - hex.count)))\(hex) '\(character)'"
  }

  private mutating func word() -> String {
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private mutating func quoted() throws(TemplateError) -> String {
    rest.removeFirst()
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\n": throw TemplateError(": unterminated quoted string")
      case "\\":
        switch rest.popFirst() {
        case "n": text += "\n"
        case "t": text += "\t"
        case "r": text += "\r"
        case let other?: text.append(other)
        case nil: throw TemplateError(": unterminated quoted string")
        }
      default: text.append(character)
      }
    }
    throw TemplateError(": unterminated quoted string")
  }
}

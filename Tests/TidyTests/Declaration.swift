/// A declaration at file level or in a type, found by keywords and braces.
struct Declaration: Sendable {
  enum Kind: String { case type, `protocol`, `extension`, function, storedProperty, computedProperty, other }

  let kind: Kind
  let name: String
  let modifiers: Set<String>
  /// Lines from its first attribute or modifier to its last brace.
  let lines: ClosedRange<Int>
  /// Stored properties that it declares: `let a: Int, b: Int` are two.
  var propertyCount = 0
  /// Of a type or extension: it names a protocol or superclass.
  var conforms = false
  /// The line of a type's opening brace.
  var bodyLine = 0
  var members: [Declaration] = []

  var isShared: Bool { !modifiers.isDisjoint(with: ["public", "package", "open"]) }

  /// Itself and everything declared within it.
  var flattened: [Declaration] { [self] + members.flatMap(\.flattened) }
}

/// Finds the declarations of a file. A heuristic: it relies on sources that swift-format has laid out, and does not
/// look into function bodies.
struct DeclarationParser {
  private let tokens: [Token]
  private let closers: [Int: Int]

  static func declarations(in tokens: [Token]) -> [Declaration] { DeclarationParser(tokens).parse(0..<tokens.count) }

  private init(_ tokens: [Token]) {
    self.tokens = tokens
    var closers: [Int: Int] = [:]
    var open: [Int] = []
    for (index, token) in tokens.enumerated() where token.kind == .punctuation {
      if "([{".contains(token.text) { open.append(index) }
      if ")]}".contains(token.text), let opener = open.popLast() { closers[opener] = index }
    }
    self.closers = closers
  }

  private static let modifiers: Set = [
    "public", "package", "internal", "private", "fileprivate", "open", "static", "final", "mutating", "nonmutating",
    "override", "required", "convenience", "lazy", "weak", "unowned", "indirect", "nonisolated", "consuming",
    "borrowing", "dynamic", "isolated", "prefix", "postfix", "infix",
  ]
  private static let types: Set = ["struct", "class", "actor", "enum", "protocol", "extension"]
  private static let functions: Set = ["func", "init", "deinit", "subscript"]
  private static let others: Set = ["case", "typealias", "associatedtype", "import", "operator", "macro"]

  private func parse(_ range: Range<Int>) -> [Declaration] {
    var found: [Declaration] = []
    var modifiers: Set<String> = []
    var first: Int?
    var index = range.lowerBound
    while index < range.upperBound {
      let token = tokens[index]
      if token.isPunctuation("@") {
        first = first ?? index
        index = afterAttribute(index)
      } else if isModifier(index) {
        first = first ?? index
        modifiers.insert(token.text)
        index = afterParentheses(index + 1)
      } else if isKeyword(token) {
        let (declaration, end) = declaration(at: index, from: first ?? index, modifiers, limit: range.upperBound)
        found.append(declaration)
        modifiers = []
        first = nil
        index = max(end, index + 1)
      } else {
        modifiers = []
        first = nil
        index = (closers[index] ?? index) + 1
      }
    }
    return found
  }

  private func isKeyword(_ token: Token) -> Bool {
    token.kind == .word
      && (Self.types.contains(token.text) || Self.functions.contains(token.text) || Self.others.contains(token.text)
        || token.text == "let" || token.text == "var")
  }

  private func isModifier(_ index: Int) -> Bool {
    let token = tokens[index]
    guard token.kind == .word else { return false }
    if Self.modifiers.contains(token.text) { return true }
    // `class func` is a modifier, `class Name` is not.
    return token.text == "class" && index + 1 < tokens.count
      && ["func", "var", "let", "subscript"].contains(tokens[index + 1].text)
  }

  private func afterAttribute(_ index: Int) -> Int {
    var end = index + 2
    while end + 1 < tokens.count && tokens[end].isPunctuation(".") { end += 2 }
    return afterParentheses(end)
  }

  private func afterParentheses(_ index: Int) -> Int {
    guard index < tokens.count, tokens[index].isPunctuation("("), !tokens[index].followsSpace else { return index }
    return (closers[index] ?? index) + 1
  }

  private func declaration(
    at keyword: Int, from first: Int, _ modifiers: Set<String>, limit: Int
  ) -> (Declaration, end: Int) {
    let word = tokens[keyword].text
    let name = self.name(after: keyword)
    func make(_ kind: Declaration.Kind, end: Int) -> (Declaration, end: Int) {
      let lines = tokens[first].line...tokens[max(end - 1, first)].line
      return (Declaration(kind: kind, name: name, modifiers: modifiers, lines: lines), end)
    }
    if Self.types.contains(word) {
      let (body, end) = body(from: keyword + 1, limit: limit)
      let kind: Declaration.Kind = word == "protocol" ? .protocol : word == "extension" ? .extension : .type
      var made = make(kind, end: end)
      if let body {
        made.0.conforms = tokens[keyword..<body.lowerBound].contains { $0.isPunctuation(":") }
        made.0.bodyLine = tokens[body.lowerBound - 1].line
        made.0.members = parse(body)
      }
      return made
    }
    if Self.functions.contains(word) {
      let (_, end) = body(from: keyword + 1, limit: limit)
      return make(.function, end: end)
    }
    if Self.others.contains(word) {
      let (_, end) = body(from: keyword + 1, limit: limit)
      return make(.other, end: end)
    }
    let (count, isStored, end) = property(from: keyword + 1, limit: limit)
    var made = make(isStored ? .storedProperty : .computedProperty, end: end)
    made.0.propertyCount = count
    return made
  }

  private func name(after keyword: Int) -> String {
    if tokens[keyword].isWord("init") { return "init" + label(after: keyword) }
    if ["deinit", "subscript"].contains(tokens[keyword].text) { return tokens[keyword].text }
    guard keyword + 1 < tokens.count else { return "" }
    if tokens[keyword + 1].kind == .word { return tokens[keyword + 1].text }
    // An operator: its marks up to a space or the parameters.
    let marks = tokens[(keyword + 1)...].prefix { !$0.isPunctuation("(") && $0.kind == .punctuation }
    return marks.map(\.text).joined()
  }

  /// `(from:)` of `init(from decoder: …)`; nothing where the first parameter has no label.
  private func label(after keyword: Int) -> String {
    guard keyword + 2 < tokens.count, tokens[keyword + 1].isPunctuation("("), tokens[keyword + 2].kind == .word,
      tokens[keyword + 2].text != "_"
    else { return "" }
    return "(\(tokens[keyword + 2].text):)"
  }

  /// Whether a declaration that began earlier is over, because the next one begins here.
  private func beginsNext(_ index: Int) -> Bool {
    let token = tokens[index]
    guard token.startsLine else { return false }
    return isKeyword(token) || isModifier(index) || token.isPunctuation("@") || token.isPunctuation("#")
      || token.isPunctuation("}")
  }

  /// The tokens between the braces of what is declared from `start` on, and where it ends.
  private func body(from start: Int, limit: Int) -> (Range<Int>?, end: Int) {
    var index = start
    while index < limit {
      if index > start && beginsNext(index) { return (nil, index) }
      if tokens[index].isPunctuation("{") {
        let close = closers[index] ?? limit
        return (index + 1..<max(close, index + 1), min(close + 1, limit))
      }
      index = (closers[index] ?? index) + 1
    }
    return (nil, limit)
  }

  private func property(from start: Int, limit: Int) -> (count: Int, isStored: Bool, end: Int) {
    var count = 1
    var angle = 0
    var hasValue = false
    var index = start
    while index < limit {
      if index > start && beginsNext(index) { return (count, true, index) }
      let token = tokens[index]
      if token.isPunctuation("{") && !hasValue {
        let observes = index + 1 < limit && ["didSet", "willSet"].contains(tokens[index + 1].text)
        return (count, observes, (closers[index] ?? index) + 1)
      }
      if token.isPunctuation("=") { hasValue = true }
      if token.isPunctuation("<") && !token.followsSpace { angle += 1 }
      if token.isPunctuation(">") && angle > 0 { angle -= 1 }
      if token.isPunctuation(",") && angle == 0 { count += 1 }
      index = (closers[index] ?? index) + 1
    }
    return (count, true, limit)
  }
}

/// What must be said beside the code.
enum CommentRules {
  /// Members whose contract is that of the protocol of the standard library that they fulfil.
  private static let witnesses: Set = [
    "description", "debugDescription", "==", "<", "hash", "encode", "rawValue", "next", "makeIterator", "deinit",
    "init(from:)", "init(rawValue:)", "init(arrayLiteral:)", "init(dictionaryLiteral:)", "init(stringLiteral:)",
    "init(integerLiteral:)", "init(stringValue:)", "init(intValue:)", "init(wrappedValue:)",
  ]

  /// The names of what our own protocols require: who conforms need not explain them again.
  static func requirements(of files: [SourceFile]) -> Set<String> {
    let protocols = files.flatMap(\.declarations).flatMap(\.flattened).filter { $0.kind == .protocol }
    return Set(protocols.flatMap(\.members).map(\.name))
  }

  /// Reports what other targets can see and nobody explained.
  ///
  /// A paragraph of properties and their initialiser, without a blank line between, shares the comment of its first;
  /// the paragraph that opens a type shares the type's.
  static func documentation(_ file: SourceFile, requirements: Set<String>) -> [Finding] {
    guard file.room != nil else { return [] }
    return undocumented(file.declarations, of: nil, file, requirements)
  }

  private static func undocumented(
    _ siblings: [Declaration], of parent: Declaration?, _ file: SourceFile, _ requirements: Set<String>
  ) -> [Finding] {
    var findings: [Finding] = []
    let exempt = parent?.conforms == true && parent?.kind != .protocol ? witnesses.union(requirements) : witnesses
    let requiresAll = parent?.kind == .protocol && parent?.isShared == true
    // The last line of the paragraph that is open; only the first of a paragraph is reported.
    var paragraphEnd = parent?.kind == .type ? parent?.bodyLine ?? 0 : 0
    for declaration in siblings {
      let line = declaration.lines.lowerBound
      let isProperty = [.storedProperty, .computedProperty].contains(declaration.kind)
      let continues = (isProperty || declaration.name.hasPrefix("init")) && paragraphEnd == line - 1
      if isProperty && (continues || isDocumented(line, file) || declaration.isShared) {
        paragraphEnd = declaration.lines.upperBound
      }
      let isWanted = declaration.isShared || requiresAll && declaration.kind != .other
      if isWanted && !continues && !isDocumented(line, file) && !isImport(declaration, file)
        && !exempt.contains(declaration.name)
      {
        findings.append(file.finding(line, "\(declaration.name) has no doc comment"))
      }
      findings += undocumented(declaration.members, of: declaration, file, requirements)
    }
    return findings
  }

  private static func isImport(_ declaration: Declaration, _ file: SourceFile) -> Bool {
    declaration.kind == .other
      && file.tokens.contains { $0.line == declaration.lines.lowerBound && $0.isWord("import") }
  }

  private static func isDocumented(_ line: Int, _ file: SourceFile) -> Bool {
    var above = line - 1
    while let comment = file.comments[above], !file.codeLines.contains(above) {
      if comment.isDocumentation { return true }
      above -= 1
    }
    return false
  }

  /// Reports work left undone without an issue that will do it.
  static func unfinished(_ file: SourceFile) -> [Finding] {
    file.comments.keys.sorted().compactMap { line in
      guard let text = file.comments[line]?.text,
        let word = ["TODO", "FIXME", "XXX", "HACK"].first(where: { text.contains($0) })
      else { return nil }
      let hasIssue = text.split(separator: "#").dropFirst().contains { $0.first?.isNumber == true }
      return hasIssue ? nil : file.finding(line, "\(word) without an issue: #n")
    }
  }

  /// Reports what can crash or race unless somebody proves that it cannot: `!`, `try!`, `as!`, `fatalError`,
  /// `preconditionFailure`, `@unchecked Sendable`, `nonisolated(unsafe)`.
  ///
  /// The proof is a comment on the line or directly above; a doc comment tells the caller something else.
  static func proofs(_ file: SourceFile) -> [Finding] {
    guard file.path.hasSuffix(".swift") else { return [] }
    return file.tokens.indices.compactMap { index in
      guard let claim = claim(at: index, file.tokens), !hasProof(file.tokens[index].line, file) else { return nil }
      return file.finding(file.tokens[index].line, "\(claim) without a comment that proves it")
    }
  }

  private static func claim(at index: Int, _ tokens: [Token]) -> String? {
    let token = tokens[index]
    let previous = index > 0 ? tokens[index - 1] : nil
    let next = index + 1 < tokens.count ? tokens[index + 1] : nil
    if token.isWord("fatalError") || token.isWord("preconditionFailure") { return token.text }
    if token.isWord("unchecked"), previous?.isPunctuation("@") == true { return "@unchecked" }
    if token.isWord("unsafe"), previous?.isPunctuation("(") == true, index >= 2, tokens[index - 2].isWord("nonisolated")
    {
      return "nonisolated(unsafe)"
    }
    guard token.isPunctuation("!"), !token.followsSpace, let previous else { return nil }
    if let next, next.isPunctuation("="), !next.followsSpace { return nil }
    switch previous.kind {
    case .word: return ["try", "as"].contains(previous.text) ? "\(previous.text)!" : "!"
    case .string, .number: return "!"
    case .punctuation: return ")]}>?".contains(previous.text) ? "!" : nil
    }
  }

  private static func hasProof(_ line: Int, _ file: SourceFile) -> Bool {
    if let comment = file.comments[line], !comment.isDocumentation { return true }
    guard let above = file.comments[line - 1] else { return false }
    return !above.isDocumentation && !file.codeLines.contains(line - 1)
  }
}

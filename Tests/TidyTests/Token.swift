/// A word, number, string or single punctuation byte of Swift or C source.
struct Token: Equatable, Sendable {
  enum Kind { case word, number, string, punctuation }

  let kind: Kind
  /// Of a string: what is between the quotes, without its interpolations, whose code follows as tokens of its own.
  let text: String
  let line: Int
  let followsSpace: Bool
  let startsLine: Bool

  func isWord(_ word: String) -> Bool { kind == .word && text == word }
  func isPunctuation(_ mark: String) -> Bool { kind == .punctuation && text == mark }
}

/// The comments that a line carries.
struct Comment: Equatable, Sendable {
  var text: String
  let isDocumentation: Bool
}

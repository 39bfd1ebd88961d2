import Testing

@Suite("tidy: lexer") struct LexerTests {
  private func words(_ text: String, isC: Bool = false) -> String {
    Lexer(text, isC: isC).tokens.filter { $0.kind == .word }.map(\.text).joined(separator: " ")
  }

  @Test("comments are not code, also nested ones")
  func comments() {
    #expect(words("a // b\nc /* d /* e */ f */ g") == "a c g")
  }

  @Test("strings are not code, in any of their forms")
  func strings() {
    #expect(words(#"a "b" c"#) == "a c")
    #expect(words(#"a "b \" c" d"#) == "a d")
    #expect(words("a #\"b \" c\"# d") == "a d")
    #expect(words("a \"\"\"\n b \" c\n \"\"\" d") == "a d")
  }

  @Test("the code in an interpolation is code, also with a string within")
  func interpolations() {
    #expect(words(#"a "b \(c(d, "e \(f) g")) h" i"#) == "a c d f i")
    #expect(words("a #\"b \\(c) \\#(d)\"# e") == "a d e")
  }

  @Test("a character literal of C may hold a quote")
  func characters() {
    #expect(words("a = '\"'; b = '\\''; c", isC: true) == "a b c")
  }

  @Test("lines are counted through comments and strings of many lines")
  func lines() {
    let lexer = Lexer("/*\n\n*/ a\n\"\"\"\n\n\"\"\"\nb")
    #expect(lexer.tokens.filter { $0.kind == .word }.map(\.line) == [3, 7])
  }
}

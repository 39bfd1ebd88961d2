@testable import EngineServer
import Testing

@Suite struct NamePatternTests {
  @Test(
    "a pattern matches as RE2 has it, anywhere in the text",
    arguments: [
      ("web", "my-web-1", true), ("^web", "my-web-1", false), ("^/web$", "/web", true), ("web$", "web-1", false),
      ("^web-[0-9]+$", "web-12", true), ("^web-[^0-9]$", "web-1", false), ("w.b", "wxb", true), ("w\\.b", "wxb", false),
      ("^(a|bc)*$", "abcbca", true), ("^(a|bc)*$", "abcb", false), ("^a{2,3}$", "aaa", true),
      ("^a{2,3}$", "aaaa", false),
      ("^a{2,}$", "a", false), ("a{,3}", "a{,3}", true), ("^\\w+-\\d$", "web-1", true), ("(?i)WEB", "web", true),
      ("", "web", true), ("^(?:web)?$", "", true), ("[]a]", "]", true), ("[a-]", "-", true), ("()*x", "x", true),
      ("a|b|c", "c", true),
    ])
  func matches(pattern: String, text: String, isMatch: Bool) throws {
    let compiled = try #require(NamePattern(pattern))
    #expect(compiled.matches(text) == isMatch)
  }

  @Test(
    "what is no pattern is none",
    arguments: ["[(", "(", ")", "*a", "a**", "a{2,1}", "a{1001}", "[b-a]", "\\", "\\b", "(?=a)", "[[:alpha:]]", "["])
  func invalid(pattern: String) { #expect(NamePattern(pattern) == nil) }

  @Test("a pattern that would be a machine of a million states is refused")
  func bounded() {
    #expect(NamePattern("((a{1000}){1000}){1000}") == nil)
    #expect(NamePattern(String(repeating: "(", count: 100_000)) == nil)
  }

  @Test("a pattern on which backtracking takes for ever takes no time")
  func linear() throws {
    let pattern = try #require(NamePattern("^(a+)+$"))
    #expect(!pattern.matches(String(repeating: "a", count: 255) + "b"))
  }
}

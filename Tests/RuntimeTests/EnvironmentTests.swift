import Testing

@testable import Runtime

@Suite("Environment") struct EnvironmentTests {
  @Test("of two entries of one name the last counts, at the place of the first")
  func lastCounts() {
    #expect(Environment(["A=1", "B=2", "A=3"]).entries == ["A=3", "B=2"])
  }

  @Test("a name ends at the first byte =, whatever follows it")
  func names() {
    // U+0301 makes one character with the sign before it.
    let environment = Environment(["PATH=\u{301}/bin", "EMPTY=", "NONE"])
    #expect(environment.value(of: "PATH") == "\u{301}/bin")
    #expect(environment.value(of: "EMPTY") == "")
    #expect(environment.value(of: "NONE") == "")
    #expect(environment.value(of: "OTHER") == nil)
  }

  @Test("a HOME that is there stays, an empty one does not")
  func home() {
    #expect(Environment(["HOME=/x"]).completed(for: 0) == ["HOME=/x"])
    // No user of this host has this number.
    #expect(Environment(["HOME=", "A=1"]).completed(for: 1_987_654_321) == ["HOME=/", "A=1"])
  }
}

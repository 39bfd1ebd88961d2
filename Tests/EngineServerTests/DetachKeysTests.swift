import Testing

@testable import EngineServer

@Suite("Detach keys") struct DetachKeysTests {
  @Test("the sequence detaches, also in pieces, and what came before it is input")
  func detaches() throws {
    var keys = try DetachKeys("")
    #expect(keys.pass([97, 0x10]) == ([97], false))
    #expect(keys.pass([0x11, 98]) == ([], true))
  }

  @Test("keys that turn out not to be the sequence are input, in their order")
  func heldBack() throws {
    var keys = try DetachKeys("ctrl-p,ctrl-q")
    #expect(keys.pass([0x10, 97]) == ([0x10, 97], false))
    #expect(keys.pass([0x10]) == ([], false))
    #expect(keys.pass([0x10]) == ([0x10], false))
    #expect(keys.pass([0x11]) == ([], true))
  }

  @Test(
    "Docker's names of keys",
    arguments: [
      ("a", [UInt8(ascii: "a")]), ("ctrl-a", [1]), ("ctrl-Z", nil), ("ctrl-@", [0]), ("ctrl-_", [31]),
      ("ctrl-^", [30]), ("DEL", [127]), ("a,b", [97, 98]), ("ctrl-", nil), ("xx", nil), ("a,", nil), ("ctrl-ab", nil),
    ] as [(String, [UInt8]?)])
  func names(text: String, sequence: [UInt8]?) throws {
    guard let sequence else {
      #expect(throws: (any Error).self) { try DetachKeys(text) }
      return
    }
    var keys = try DetachKeys(text)
    #expect(keys.pass(sequence) == ([], true))
  }
}

private func == (left: (input: [UInt8], isDetached: Bool), right: ([UInt8], Bool)) -> Bool {
  left.input == right.0 && left.isDetached == right.1
}

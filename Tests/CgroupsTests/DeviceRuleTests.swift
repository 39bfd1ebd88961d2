@testable import Cgroups
import Linux
import Testing

@Suite("Device rules") struct DeviceRuleTests {
  @Test("the program of a list reads from the last rule to the first and ends at the one on everything")
  func program() throws {
    let program = DeviceProgram([
      DeviceRule(isAllowed: true, subject: .block(major: 8, minor: 1)),
      DeviceRule(isAllowed: false, subject: .everything),
      DeviceRule(isAllowed: true, subject: .character(major: nil, minor: nil), access: .makeNode),
      DeviceRule(isAllowed: true, subject: .character(major: 1, minor: 3)),
      DeviceRule(isAllowed: false, subject: .block(major: 8, minor: nil), access: [.read, .write]),
    ])
    #expect(
      program.description == """
        0: w2 = *(u32 *)(r1 + 0)
        1: w3 = w2
        2: w3 >>= 16
        3: w2 &= 65535
        4: w4 = *(u32 *)(r1 + 4)
        5: w5 = *(u32 *)(r1 + 8)
        6: if w2 != 1 goto 13
        7: w1 = w3
        8: w1 &= 6
        9: if w1 == 0 goto 13
        10: if w4 != 8 goto 13
        11: r0 = 0
        12: exit
        13: if w2 != 2 goto 18
        14: if w4 != 1 goto 18
        15: if w5 != 3 goto 18
        16: r0 = 1
        17: exit
        18: if w2 != 2 goto 24
        19: w1 = w3
        20: w1 &= 6
        21: if w1 != 0 goto 24
        22: r0 = 1
        23: exit
        24: r0 = 0
        25: exit
        """)
  }

  @Test(
    "the kernel's verifier takes the programs",
    arguments: [
      [],
      [DeviceRule(isAllowed: false, subject: .everything)],
      [DeviceRule(isAllowed: true, subject: .character(major: 0xffff_ffff, minor: 0), access: .read)],
      (0..<200).map { DeviceRule(isAllowed: $0 % 2 == 0, subject: .block(major: $0, minor: nil), access: .write) },
    ])
  func verifies(rules: [DeviceRule]) throws { _ = try loadDeviceFilter(DeviceProgram(rules).bytes) }

  @Test("a program that the verifier refuses comes back with its reasons")
  func verifierLog() throws {
    // One `exit` without a result.
    let error = #expect(throws: DeviceFilterError.self) { try loadDeviceFilter([0x95, 0, 0, 0, 0, 0, 0, 0]) }
    #expect(try #require(error).verifierLog.contains("R0 !read_ok"))
  }

  @Test("reading for rules and writing for rules on one device add up; a decision between them keeps them apart")
  func simplifies() {
    func rule(_ isAllowed: Bool, _ minor: UInt32, _ access: DeviceAccess) -> DeviceRule {
      DeviceRule(isAllowed: isAllowed, subject: .character(major: 1, minor: minor), access: access)
    }
    let list = [
      rule(true, 1, .read), rule(true, 2, .read), rule(true, 1, .write), rule(false, 1, .read),
      rule(true, 1, .makeNode),
    ]
    #expect(
      list.simplified().map { "\($0.isAllowed ? "allow" : "deny") \($0.legacyText)" }
        == ["allow c 1:1 rw", "allow c 1:2 r", "deny c 1:1 r", "allow c 1:1 m"])
  }

  @Test("the OCI's spelling is read, and what it does not mean is refused")
  func reads() throws {
    func text(_ type: String?, _ major: Int64?, _ minor: Int64?, _ access: String?) -> String {
      do {
        return try DeviceRule.rules(isAllowed: true, type: type, major: major, minor: minor, access: access)
          .map(\.legacyText).joined(separator: ", ")
      } catch { return error.description }
    }
    #expect(text(nil, nil, nil, "rwm") == "a *:* rwm")
    #expect(text("a", -1, -1, nil) == "a *:* rwm")
    #expect(text("a", nil, nil, "m") == "c *:* m, b *:* m")
    #expect(text("c", 10, nil, "rw") == "c 10:* rw")
    #expect(text("u", 4, 0, "r") == "c 4:0 r")
    #expect(text("b", 8, 0, "w") == "b 8:0 w")
    #expect(text("p", nil, nil, "r") == "cannot set a device rule: there is no device type \"p\"")
    #expect(text("c", 1, 1, "x") == "cannot set a device rule: access \"x\" has other letters than \"rwm\"")
    #expect(text("c", 1 << 40, 1, "r") == "cannot set a device rule: there is no device number 1099511627776")
  }
}

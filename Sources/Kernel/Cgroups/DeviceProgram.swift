/// A list of device rules as the BPF program that cgroup v2 asks before every access to a device.
///
/// The kernel calls it with `struct bpf_cgroup_dev_ctx`, and 1 means that the access may go on:
///
///     0                     4       8       12
///     ┌─────────────────────┬───────┬───────┐
///     │ access << 16 | type │ major │ minor │   u32 each; type: block 1, character 2; access as in DeviceAccess
///     └─────────────────────┴───────┴───────┘
///
/// Rules are tried from the last to the first, and the first that fits decides. An allowing rule fits when it allows
/// all that is asked; a denying one when it denies any of it. When none fits the access is allowed, as in a fresh v1
/// cgroup: a list that shall be an allow list starts with "deny everything".
package struct DeviceProgram: Equatable, CustomStringConvertible {
  private var instructions: [Instruction] = []

  /// Compiles `rules`.
  package init(_ rules: [DeviceRule]) {
    instructions = [
      .load(.type, offset: 0), .copyAccess, .shiftAccess, .maskType,
      .load(.major, offset: 4), .load(.minor, offset: 8),
    ]
    for rule in rules.simplified().reversed() {
      append(rule)
      if rule.subject == .everything { return }
    }
    instructions += [.answer(1), .exit]
  }

  /// Appends the tests of `rule`, each of which jumps past its end when it fails, and the answer.
  private mutating func append(_ rule: DeviceRule) {
    var tests: [Instruction] = []
    func test(_ type: Int32, _ major: UInt32?, _ minor: UInt32?) {
      tests.append(.skipUnless(.type, equals: type))
      if rule.access != .all {
        let bits = rule.isAllowed ? DeviceAccess.all.subtracting(rule.access) : rule.access
        tests += [.copyToScratch, .maskScratch(Int32(bits.rawValue))]
        tests.append(rule.isAllowed ? .skipUnless(.scratch, equals: 0) : .skipIfScratchIsZero)
      }
      if let major { tests.append(.skipUnless(.major, equals: Int32(bitPattern: major))) }
      if let minor { tests.append(.skipUnless(.minor, equals: Int32(bitPattern: minor))) }
    }
    switch rule.subject {
    case .everything: break
    case .block(let major, let minor): test(1, major, minor)
    case .character(let major, let minor): test(2, major, minor)
    }
    tests += [.answer(rule.isAllowed ? 1 : 0), .exit]
    for index in tests.indices where tests[index].isJump { tests[index].offset = Int16(tests.count - index - 1) }
    instructions += tests
  }

  /// The program as `struct bpf_insn`s.
  package var bytes: [UInt8] { instructions.flatMap(\.bytes) }

  /// The program as text, one numbered instruction a line.
  package var description: String {
    instructions.enumerated().map { index, instruction in "\(index): \(instruction.text(at: index))" }
      .joined(separator: "\n")
  }
}

/// The instructions that are needed, of those in `linux/bpf.h`:
///
///     0        1           2        4           8
///     ┌────────┬─────┬─────┬────────┬───────────┐
///     │ opcode │ dst │ src │ offset │ immediate │   u8, 4 bits each, s16, s32
///     └────────┴─────┴─────┴────────┴───────────┘
private struct Instruction: Equatable {
  let opcode: UInt8
  let destination: Register
  var source = Register.result
  var offset: Int16 = 0
  var immediate: Int32 = 0

  enum Register: UInt8 {
    case result = 0
    /// The context at first; scratch once everything is loaded.
    case scratch = 1
    /// The whole first word, until the access is taken out of it.
    case type = 2
    case access = 3
    case major = 4
    case minor = 5
  }

  static func load(_ register: Register, offset: Int16) -> Instruction {
    Instruction(opcode: 0x61, destination: register, source: .scratch, offset: offset)
  }
  static let copyAccess = Instruction(opcode: 0xbc, destination: .access, source: .type)
  static let shiftAccess = Instruction(opcode: 0x74, destination: .access, immediate: 16)
  static let maskType = Instruction(opcode: 0x54, destination: .type, immediate: 0xffff)
  static let copyToScratch = Instruction(opcode: 0xbc, destination: .scratch, source: .access)
  static func maskScratch(_ bits: Int32) -> Instruction {
    Instruction(opcode: 0x54, destination: .scratch, immediate: bits)
  }
  /// 32-bit comparison (5.1): a major number above 2³¹ must not be sign-extended.
  static func skipUnless(_ register: Register, equals value: Int32) -> Instruction {
    Instruction(opcode: 0x56, destination: register, immediate: value)
  }
  static let skipIfScratchIsZero = Instruction(opcode: 0x16, destination: .scratch, immediate: 0)
  static func answer(_ value: Int32) -> Instruction {
    Instruction(opcode: 0xb7, destination: .result, immediate: value)
  }
  static let exit = Instruction(opcode: 0x95, destination: .result)

  var isJump: Bool { opcode == 0x56 || opcode == 0x16 }

  var bytes: [UInt8] {
    let isLittleEndian = 1.littleEndian == 1
    let (low, high) = isLittleEndian ? (destination, source) : (source, destination)
    let registers = low.rawValue | high.rawValue << 4
    return [opcode, registers] + withUnsafeBytes(of: offset, Array.init) + withUnsafeBytes(of: immediate, Array.init)
  }

  /// In the notation of the kernel's verifier.
  func text(at index: Int) -> String {
    let (left, right) = (destination.rawValue, source.rawValue)
    let target = index + Int(offset) + 1
    switch opcode {
    case 0x61: return "w\(left) = *(u32 *)(r\(right) + \(offset))"
    case 0xbc: return "w\(left) = w\(right)"
    case 0x74: return "w\(left) >>= \(immediate)"
    case 0x54: return "w\(left) &= \(immediate)"
    case 0x56: return "if w\(left) != \(immediate) goto \(target)"
    case 0x16: return "if w\(left) == \(immediate) goto \(target)"
    case 0xb7: return "r\(left) = \(immediate)"
    default: return "exit"
    }
  }
}

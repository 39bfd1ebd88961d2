import Seccomp

/// A system call as a filter sees it: `struct seccomp_data`.
struct SystemCall {
  var number: UInt32
  var architecture: UInt32 = 0xc000_003e
  var arguments: [UInt64] = []

  /// x86-64's numbers of the calls that the tests ask about.
  static let read: UInt32 = 0
  static let socket: UInt32 = 41
  static let clone: UInt32 = 56
  static let personality: UInt32 = 135
  static let keyctl: UInt32 = 250
  static let unshare: UInt32 = 272
  static let clone3: UInt32 = 435

  fileprivate func word(at offset: UInt32) -> UInt32? {
    switch offset {
    case 0: return number
    case 4: return architecture
    case 16..<64:
      let index = Int(offset - 16) / 8
      let value = index < arguments.count ? arguments[index] : 0
      return UInt32(truncatingIfNeeded: offset % 8 == 0 ? value : value >> 32)
    default: return 0
    }
  }
}

/// Runs `program` on `call` as the kernel would: the instructions that libseccomp uses, of bpf(4).
///
/// - Returns: the decision in words, or what was wrong with the program.
func decision(_ program: [UInt8], _ call: SystemCall) -> String {
  var accumulator: UInt32 = 0
  var position = 0
  func long(_ at: Int) -> UInt32 { program[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
  while position * 8 + 8 <= program.count {
    let at = position * 8
    let code = UInt16(program[at]) | UInt16(program[at + 1]) << 8
    let (whenTrue, whenFalse, value) = (Int(program[at + 2]), Int(program[at + 3]), long(at + 4))
    position += 1
    func jump(_ condition: Bool) { position += condition ? whenTrue : whenFalse }
    switch code {
    case 0x20: accumulator = call.word(at: value) ?? 0
    case 0x54: accumulator &= value
    case 0x05: position += Int(value)
    case 0x15: jump(accumulator == value)
    case 0x25: jump(accumulator > value)
    case 0x35: jump(accumulator >= value)
    case 0x45: jump(accumulator & value != 0)
    case 0x06: return name(value)
    default: return "instruction \(code)"
    }
  }
  return "ran off the end"
}

private func name(_ value: UInt32) -> String {
  switch value & 0xffff_0000 {
  case 0x7fff_0000: "allow"
  case 0x7ffc_0000: "log"
  case 0x0005_0000: "errno \(value & 0xffff)"
  case 0x0003_0000: "trap"
  case 0x8000_0000: "kill process"
  case 0: "kill thread"
  default: "value \(value)"
  }
}

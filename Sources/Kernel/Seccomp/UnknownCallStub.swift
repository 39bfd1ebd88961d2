import CSeccomp
import Glibc

extension SeccompProfile {
  /// The head of the program: calls that are newer than the profile get ENOSYS instead of the default action.
  ///
  /// A C library tries a new call and falls back on an older one when the kernel answers ENOSYS; EPERM from a profile
  /// that has never heard of the call makes it fail instead. So, as with runc since 1.0-rc93, whatever has a greater
  /// number than every call that the profile names does not exist. (Profiles that allow by default, or say ENOSYS
  /// themselves, need no help.)
  func unknownCallStub() throws(SeccompError) -> [UInt8] {
    switch defaultAction {
    case .allow, .log, .trace, .errno(UInt16(ENOSYS)): return []
    case .errno, .trap, .killThread, .killProcess: break
    }
    var tokens: [UInt32] = [seccomp_arch_native()]
    for name in architectures {
      let token = try architectureToken(name)
      if !tokens.contains(token) { tokens.append(token) }
    }
    var program: [FilterInstruction] = []
    for token in tokens where token != x32 {
      guard let newest = newestCall(token) else { continue }
      let newestX32 = token == x86_64 && tokens.contains(x32) ? newestCall(x32) : nil
      program += block(token, newest: newest, newestX32: newestX32)
    }
    return program.flatMap(\.bytes)
  }

  /// The greatest number among the calls that the profile names, on the architecture `token`.
  private func newestCall(_ token: UInt32) -> UInt32? {
    // Negative numbers stand for calls which this architecture lacks or multiplexes.
    rules.lazy.flatMap(\.names).map { seccomp_syscall_resolve_name_arch(token, $0) }.filter { $0 >= 0 }.max()
      .map { UInt32($0) }
  }

  /// Tests for one architecture; each block loads what it needs, as does libseccomp's program after them.
  ///
  /// x32 is x86-64 with bit 30 set in the number; without that architecture in the profile, its calls are left to the
  /// program, which refuses them as calls of another architecture.
  private func block(_ token: UInt32, newest: UInt32, newestX32: UInt32?) -> [FilterInstruction] {
    var numberTests: [FilterInstruction] = []
    if let newestX32 {
      numberTests = [.skip(unlessAtLeast: x32Bit, 2), .skip(unlessAbove: newestX32 | x32Bit, 3), .noSuchCall]
      numberTests += [.skip(unlessAbove: newest, 1), .noSuchCall]
    } else if token == x86_64 {
      numberTests = [.skip(ifAtLeast: x32Bit, 2), .skip(unlessAbove: newest, 1), .noSuchCall]
    } else {
      numberTests = [.skip(unlessAbove: newest, 1), .noSuchCall]
    }
    let tests = [.loadNumber] + numberTests
    return [.loadArchitecture, .skip(unlessEqual: token, UInt8(tests.count))] + tests
  }
}

private let x86_64: UInt32 = 0xc000_003e
private let x32: UInt32 = 0x4000_003e
private let x32Bit: UInt32 = 0x4000_0000

/// A `struct sock_filter` of `linux/filter.h`, over a `struct seccomp_data`.
private struct FilterInstruction {
  let code: UInt16
  let whenTrue: UInt8
  let whenFalse: UInt8
  let value: UInt32

  static let loadNumber = FilterInstruction(code: 0x20, whenTrue: 0, whenFalse: 0, value: 0)
  static let loadArchitecture = FilterInstruction(code: 0x20, whenTrue: 0, whenFalse: 0, value: 4)
  static let noSuchCall = FilterInstruction(
    code: 0x06, whenTrue: 0, whenFalse: 0, value: SeccompAction.errno(UInt16(ENOSYS)).code)

  static func skip(unlessEqual value: UInt32, _ count: UInt8) -> FilterInstruction {
    FilterInstruction(code: 0x15, whenTrue: 0, whenFalse: count, value: value)
  }
  static func skip(unlessAbove value: UInt32, _ count: UInt8) -> FilterInstruction {
    FilterInstruction(code: 0x25, whenTrue: 0, whenFalse: count, value: value)
  }
  static func skip(unlessAtLeast value: UInt32, _ count: UInt8) -> FilterInstruction {
    FilterInstruction(code: 0x35, whenTrue: 0, whenFalse: count, value: value)
  }
  static func skip(ifAtLeast value: UInt32, _ count: UInt8) -> FilterInstruction {
    FilterInstruction(code: 0x35, whenTrue: count, whenFalse: 0, value: value)
  }

  var bytes: [UInt8] {
    withUnsafeBytes(of: code, Array.init) + [whenTrue, whenFalse] + withUnsafeBytes(of: value, Array.init)
  }
}

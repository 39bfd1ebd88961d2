import CSeccomp
import Glibc
package import Linux

/// A profile compiled for this host's kernel.
package struct SeccompProgram: Equatable, Sendable {
  /// `struct sock_filter`s, 8 bytes each.
  package let bytes: [UInt8]
  /// `SECCOMP_FILTER_FLAG_…`.
  package let flags: UInt32

  /// Takes a program that was compiled before.
  package init(bytes: [UInt8], flags: UInt32) {
    self.bytes = bytes
    self.flags = flags
  }

  /// Installs it on the calling thread, for good, and on all that it starts.
  ///
  /// Needs `no_new_privs` or CAP_SYS_ADMIN in the thread's user namespace.
  package func install() throws(SyscallError) { try installSeccompFilter(bytes, flags: flags) }
}

extension SeccompProfile {
  /// Compiles the profile with libseccomp, which takes 12–15 ms for Docker's: see `SeccompCache`.
  package func compile() throws(SeccompError) -> SeccompProgram {
    guard let context = seccomp_init(defaultAction.code) else { throw .refused(name: nil, errno: .invalidArgument) }
    defer { seccomp_release(context) }
    for name in architectures {
      let code = seccomp_arch_add(context, try architectureToken(name))
      if code != 0, code != -EEXIST { throw .refused(name: nil, errno: Errno(-code)) }
    }
    // libseccomp answers EACCES to a rule that says what is the default anyway.
    for rule in rules where rule.action != defaultAction {
      for name in rule.names { try add(name, rule, to: context) }
    }
    let stub = try unknownCallStub()
    return SeccompProgram(bytes: stub + (try export(context)), flags: flags.reduce(0) { $0 | $1.bit })
  }

  private func add(_ name: String, _ rule: Rule, to context: scmp_filter_ctx) throws(SeccompError) {
    let number = seccomp_syscall_resolve_name(name)
    guard number != noSuchCall else { return }
    let arguments = rule.arguments.map(\.compiled)
    let hasAlternatives = Set(rule.arguments.map(\.index)).count < arguments.count
    for conjunction in hasAlternatives ? arguments.map({ [$0] }) : [arguments] {
      let code = seccomp_rule_add_array(context, rule.action.code, number, UInt32(conjunction.count), conjunction)
      if code != 0 { throw .refused(name: name, errno: Errno(-code)) }
    }
  }

  private func export(_ context: scmp_filter_ctx) throws(SeccompError) -> [UInt8] {
    do throws(SyscallError) {
      let file = Descriptor(owning: try syscall("memfd_create") { memfd_create("seccomp", UInt32(MFD_CLOEXEC)) })
      let code = seccomp_export_bpf(context, file.raw)
      if code != 0 { throw SyscallError("seccomp_export_bpf", errno: Errno(-code)) }
      _ = lseek(file.raw, 0, SEEK_SET)
      return try file.readAll(limit: programBytesMax)
    } catch { throw .system(error) }
  }
}

extension SeccompProfile.Argument {
  fileprivate var compiled: scmp_arg_cmp {
    let operation: scmp_compare =
      switch comparison {
      case .notEqual: SCMP_CMP_NE
      case .less: SCMP_CMP_LT
      case .lessOrEqual: SCMP_CMP_LE
      case .equal: SCMP_CMP_EQ
      case .greaterOrEqual: SCMP_CMP_GE
      case .greater: SCMP_CMP_GT
      case .maskedEqual: SCMP_CMP_MASKED_EQ
      }
    return scmp_arg_cmp(arg: index, op: operation, datum_a: value, datum_b: valueTwo)
  }
}

/// libseccomp's token of the architecture that the OCI calls `name`.
func architectureToken(_ name: String) throws(SeccompError) -> UInt32 {
  let prefix = "SCMP_ARCH_"
  guard name.hasPrefix(prefix) else { throw .unknownArchitecture(name) }
  let token = seccomp_arch_resolve_name(name.dropFirst(prefix.count).lowercased())
  guard token != 0 else { throw .unknownArchitecture(name) }
  return token
}

/// `__NR_SCMP_ERROR`: no architecture has a call of that name.
let noSuchCall: Int32 = -1

/// The kernel takes 4096 instructions (BPF_MAXINSNS).
let programBytesMax = 4096 * 8

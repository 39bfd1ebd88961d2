extension RuntimeSpec {
  /// Which system calls the container may make: config-linux.md "Seccomp".
  package struct SeccompProfile: Codable, Equatable, Sendable {
    /// For every call that no rule names.
    package var defaultAction: Action
    /// What `errno` and `trace` answer by default; EPERM if absent.
    package var defaultErrnoRet: UInt32?
    /// Besides the native one.
    @OmitEmpty package var architectures: [Architecture]
    @OmitEmpty package var flags: [Flag]
    /// The unix socket that gets the descriptor of `notify`.
    @OmitEmpty package var listenerPath: String
    /// Opaque text for that socket.
    @OmitEmpty package var listenerMetadata: String
    /// The first that matches decides.
    @OmitEmpty package var syscalls: [Rule]

    /// What the kernel does with a call.
    package enum Action: String, ClosedSet, CaseIterable {
      case kill = "SCMP_ACT_KILL"
      case killProcess = "SCMP_ACT_KILL_PROCESS"
      case killThread = "SCMP_ACT_KILL_THREAD"
      case trap = "SCMP_ACT_TRAP"
      case errno = "SCMP_ACT_ERRNO"
      case trace = "SCMP_ACT_TRACE"
      case allow = "SCMP_ACT_ALLOW"
      case log = "SCMP_ACT_LOG"
      case notify = "SCMP_ACT_NOTIFY"

      package static let meaning = "seccomp action"
    }

    /// How an argument is compared.
    package enum Comparison: String, ClosedSet, CaseIterable {
      case notEqual = "SCMP_CMP_NE"
      case less = "SCMP_CMP_LT"
      case lessOrEqual = "SCMP_CMP_LE"
      case equal = "SCMP_CMP_EQ"
      case greaterOrEqual = "SCMP_CMP_GE"
      case greater = "SCMP_CMP_GT"
      /// `argument & value == valueTwo`.
      case maskedEqual = "SCMP_CMP_MASKED_EQ"

      package static let meaning = "seccomp operator"
    }

    /// A flag of seccomp(2).
    package enum Flag: String, ClosedSet, CaseIterable {
      case tsync = "SECCOMP_FILTER_FLAG_TSYNC"
      case log = "SECCOMP_FILTER_FLAG_LOG"
      case specAllow = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
      case waitKillable = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"

      package static let meaning = "seccomp flag"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      defaultAction: Action, defaultErrnoRet: UInt32? = nil, architectures: [Architecture] = [],
      flags: [Flag] = [], listenerPath: String = "", listenerMetadata: String = "", syscalls: [Rule] = []
    ) {
      self.defaultAction = defaultAction
      self.defaultErrnoRet = defaultErrnoRet
      self.architectures = architectures
      self.flags = flags
      self.listenerPath = listenerPath
      self.listenerMetadata = listenerMetadata
      self.syscalls = syscalls
    }
  }

  /// A CPU architecture of a seccomp profile, by libseccomp's name.
  package enum Architecture: String, ClosedSet, CaseIterable {
    case x86 = "SCMP_ARCH_X86"
    case x86_64 = "SCMP_ARCH_X86_64"
    case x32 = "SCMP_ARCH_X32"
    case arm = "SCMP_ARCH_ARM"
    case aarch64 = "SCMP_ARCH_AARCH64"
    case mips = "SCMP_ARCH_MIPS"
    case mips64 = "SCMP_ARCH_MIPS64"
    case mips64n32 = "SCMP_ARCH_MIPS64N32"
    case mipsel = "SCMP_ARCH_MIPSEL"
    case mipsel64 = "SCMP_ARCH_MIPSEL64"
    case mipsel64n32 = "SCMP_ARCH_MIPSEL64N32"
    case ppc = "SCMP_ARCH_PPC"
    case ppc64 = "SCMP_ARCH_PPC64"
    case ppc64le = "SCMP_ARCH_PPC64LE"
    case s390 = "SCMP_ARCH_S390"
    case s390x = "SCMP_ARCH_S390X"
    case parisc = "SCMP_ARCH_PARISC"
    case parisc64 = "SCMP_ARCH_PARISC64"
    case riscv64 = "SCMP_ARCH_RISCV64"
    case loongarch64 = "SCMP_ARCH_LOONGARCH64"
    case m68k = "SCMP_ARCH_M68K"
    case sh = "SCMP_ARCH_SH"
    case sheb = "SCMP_ARCH_SHEB"

    package static let meaning = "seccomp architecture"
  }
}

extension RuntimeSpec.SeccompProfile {
  /// Architectures as seccomp names them.
  package typealias Architecture = RuntimeSpec.Architecture

  /// What happens to some system calls.
  package struct Rule: Codable, Equatable, Sendable {
    /// Names the kernel does not know are skipped.
    package var names: [String]
    package var action: Action
    /// For `errno` and `trace`.
    package var errnoRet: UInt32?
    /// All must hold.
    @OmitEmpty package var args: [Argument]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(names: [String], action: Action, errnoRet: UInt32? = nil, args: [Argument] = []) {
      self.names = names
      self.action = action
      self.errnoRet = errnoRet
      self.args = args
    }
  }

  /// A condition on one argument of a call.
  package struct Argument: Codable, Equatable, Sendable {
    /// From 0 to 5.
    package var index: UInt32
    package var value: UInt64
    package var valueTwo: UInt64?
    package var op: Comparison

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(index: UInt32, value: UInt64, valueTwo: UInt64? = nil, op: Comparison) {
      self.index = index
      self.value = value
      self.valueTwo = valueTwo
      self.op = op
    }
  }
}

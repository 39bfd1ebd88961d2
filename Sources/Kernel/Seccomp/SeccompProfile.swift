/// Which system calls a container may make: a resolved profile, as the OCI runtime-spec has it (config-linux.md
/// "Seccomp"). Conditions on capabilities or kernels, which Docker's file has, are gone by now.
package struct SeccompProfile: Equatable, Sendable {
  /// What happens to a call that no rule is about.
  package var defaultAction: SeccompAction
  /// As the OCI spells them (`SCMP_ARCH_X86_64`); the host's own is always included.
  package var architectures: [String]
  package var flags: [SeccompFlag]
  package var rules: [Rule]

  /// A profile of these parts; names are checked when it is compiled.
  package init(
    defaultAction: SeccompAction, architectures: [String] = [], flags: [SeccompFlag] = [], rules: [Rule] = []
  ) {
    self.defaultAction = defaultAction
    self.architectures = architectures
    self.flags = flags
    self.rules = rules
  }

  /// What happens to some calls.
  package struct Rule: Equatable, Sendable {
    /// System calls by name. One that this libseccomp does not know is passed over.
    package let names: [String]
    package let action: SeccompAction
    /// All of these must hold; but several on one argument are alternatives, as runtimes have always read them.
    package let arguments: [Argument]

    /// Says that `action` happens to calls of `names` when all `arguments` hold.
    package init(names: [String], action: SeccompAction, arguments: [Argument] = []) {
      self.names = names
      self.action = action
      self.arguments = arguments
    }
  }

  /// A condition on an argument of a call.
  package struct Argument: Equatable, Sendable {
    /// 0 to 5.
    package let index: UInt32
    package let comparison: Comparison
    /// What the argument is compared with; of `maskedEqual`, the mask.
    package let value: UInt64
    /// Of `maskedEqual`, what the masked argument is compared with.
    package let valueTwo: UInt64

    /// Compares argument `index` with `value`.
    package init(index: UInt32, comparison: Comparison, value: UInt64, valueTwo: UInt64 = 0) {
      self.index = index
      self.comparison = comparison
      self.value = value
      self.valueTwo = valueTwo
    }
  }

  /// The OCI's operators; the raw value is the OCI's name.
  package enum Comparison: String, CaseIterable, Sendable {
    case notEqual = "SCMP_CMP_NE"
    case less = "SCMP_CMP_LT"
    case lessOrEqual = "SCMP_CMP_LE"
    case equal = "SCMP_CMP_EQ"
    case greaterOrEqual = "SCMP_CMP_GE"
    case greater = "SCMP_CMP_GT"
    case maskedEqual = "SCMP_CMP_MASKED_EQ"

    /// The operator that the OCI calls `name`.
    package init(name: String) throws(SeccompError) {
      guard let comparison = Comparison(rawValue: name) else { throw .unknownComparison(name) }
      self = comparison
    }
  }
}

/// What happens to a system call.
package enum SeccompAction: Equatable, Sendable {
  case allow
  case log
  case errno(UInt16)
  case trap
  case trace(UInt16)
  case killThread
  case killProcess

  /// The action that the OCI calls `name`.
  ///
  /// - Parameter errnoRet: the number for `SCMP_ACT_ERRNO` and `SCMP_ACT_TRACE`; EPERM when it is nil.
  /// - Throws: `unknownAction`; `unsupportedAction` for `SCMP_ACT_NOTIFY`.
  package init(name: String, errnoRet: UInt32? = nil) throws(SeccompError) {
    guard let number = UInt16(exactly: errnoRet ?? 1) else { throw .invalidErrno(errnoRet ?? 1) }
    switch name {
    case "SCMP_ACT_ALLOW": self = .allow
    case "SCMP_ACT_LOG": self = .log
    case "SCMP_ACT_ERRNO": self = .errno(number)
    case "SCMP_ACT_TRAP": self = .trap
    case "SCMP_ACT_TRACE": self = .trace(number)
    case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": self = .killThread
    case "SCMP_ACT_KILL_PROCESS": self = .killProcess
    case "SCMP_ACT_NOTIFY": throw .unsupportedAction(name)
    default: throw .unknownAction(name)
    }
  }

  /// The filter's return value: `SECCOMP_RET_…` of `linux/seccomp.h`, which libseccomp's actions equal.
  var code: UInt32 {
    switch self {
    case .allow: 0x7fff_0000
    case .log: 0x7ffc_0000
    case .errno(let number): 0x0005_0000 | UInt32(number)
    case .trap: 0x0003_0000
    case .trace(let number): 0x7ff0_0000 | UInt32(number)
    case .killThread: 0
    case .killProcess: 0x8000_0000
    }
  }
}

/// How a filter is installed; the raw value is the OCI's name.
package enum SeccompFlag: String, CaseIterable, Sendable {
  case synchronizeThreads = "SECCOMP_FILTER_FLAG_TSYNC"
  case log = "SECCOMP_FILTER_FLAG_LOG"
  case speculationAllowed = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"

  /// The flag that the OCI calls `name`. The flags of listeners are refused with them.
  package init(name: String) throws(SeccompError) {
    guard let flag = SeccompFlag(rawValue: name) else { throw .unsupportedFlag(name) }
    self = flag
  }

  var bit: UInt32 {
    switch self {
    case .synchronizeThreads: 1
    case .log: 2
    case .speculationAllowed: 4
    }
  }
}

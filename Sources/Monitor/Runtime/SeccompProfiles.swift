import Linux
package import OCI
package import Seccomp

extension SeccompProgram {
  /// Compiles the profile of a spec, or takes it from the cache in `directory`.
  ///
  /// - Returns: nil without a profile, or with one that allows everything.
  package static func compiled(
    _ spec: RuntimeSpec.SeccompProfile?, cache: SeccompCache
  ) throws(RuntimeError) -> SeccompProgram? {
    guard let spec else { return nil }
    guard spec.listenerPath.isEmpty else {
      throw RuntimeError(.unsupported, "linux.seccomp.listenerPath is not supported yet")
    }
    return try during("compile the seccomp profile") { try cache.program(for: SeccompProfile(spec)) }
  }
}

extension SeccompProfile {
  /// The profile of a spec in the compiler's terms.
  fileprivate init(_ spec: RuntimeSpec.SeccompProfile) throws(SeccompError) {
    var flags: [SeccompFlag] = []
    for flag in spec.flags { flags.append(try SeccompFlag(name: flag.rawValue)) }
    var rules: [Rule] = []
    for rule in spec.syscalls {
      var arguments: [Argument] = []
      for argument in rule.args {
        arguments.append(
          Argument(
            index: argument.index, comparison: try Comparison(name: argument.op.rawValue), value: argument.value,
            valueTwo: argument.valueTwo ?? 0))
      }
      rules.append(
        Rule(
          names: rule.names, action: try SeccompAction(name: rule.action.rawValue, errnoRet: rule.errnoRet),
          arguments: arguments))
    }
    self.init(
      defaultAction: try SeccompAction(name: spec.defaultAction.rawValue, errnoRet: spec.defaultErrnoRet),
      architectures: spec.architectures.map(\.rawValue), flags: flags, rules: rules)
  }
}

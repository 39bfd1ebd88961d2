import OCI

extension Planner {
  /// The process without its user.
  func process(_ capabilities: [String]) -> RuntimeSpec.Process {
    let program = spec.program
    return RuntimeSpec.Process(
      terminal: spec.streams.hasTerminal, consoleSize: spec.streams.hasTerminal ? inputs.consoleSize : nil,
      args: program.arguments, env: environment,
      cwd: program.workingDirectory.isEmpty ? "/" : program.workingDirectory,
      capabilities: RuntimeSpec.Capabilities(
        bounding: capabilities, effective: capabilities, permitted: capabilities),
      rlimits: spec.resources.ulimits.map {
        // -1 is all ones, RLIM_INFINITY.
        RuntimeSpec.Rlimit(
          type: $0.resource, soft: UInt64(bitPattern: $0.soft), hard: UInt64(bitPattern: $0.hard))
      }, noNewPrivileges: spec.security.hasNoNewPrivileges, oomScoreAdj: spec.resources.oomScoreAdjustment)
  }

  /// Docker's variables, each replaced or taken away by the program's of that name, and then the program's others.
  var environment: [String] {
    var environment: [String?] = ["PATH=\(Self.defaultPath)", "HOSTNAME=\(hostname)"]
    if spec.streams.hasTerminal { environment.append("TERM=xterm") }
    let defaults = environment.map { $0?.prefix { $0 != "=" } }
    for variable in spec.program.environment {
      let name = variable.prefix { $0 != "=" }
      let isRemoval = name.endIndex == variable.endIndex
      if let index = defaults.firstIndex(of: name) {
        environment[index] = isRemoval ? nil : variable
      } else if !isRemoval {
        environment.append(variable)
      }
    }
    return environment.compactMap { $0 }
  }

  private static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}

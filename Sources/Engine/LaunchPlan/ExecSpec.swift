package import OCI

/// A further program for a container that runs: our own form of Docker's exec.
package struct ExecSpec: Codable, Equatable, Sendable {
  /// The program and its arguments.
  package var arguments: [String]
  /// `NAME=value`, over the container's; a name alone takes one of the container's away.
  package var environment: [String] = []
  /// Docker's `user[:group]`; empty is the container's.
  package var user = ""
  /// Empty is the container's.
  package var workingDirectory = ""
  /// Whether it has every capability, whatever the container has. Its filter of system calls stays the container's.
  package var isPrivileged = false
  package var hasTerminal = false
  package var attachesInput = false
  package var attachesOutput = false
  package var attachesErrors = false
  /// Docker's names of the keys that leave it; empty is `ctrl-p,ctrl-q`.
  package var detachKeys = ""
  /// Whether it is a probe of the container's health: no list shows it, and it does not outlive who waits for it.
  package var isProbe = false
  /// The terminal's first size.
  package var consoleSize: RuntimeSpec.ConsoleSize?

  /// Creates one that says nothing else.
  package init(arguments: [String]) { self.arguments = arguments }
}

/// What a monitor needs to launch an exec, as a value.
package struct ExecPlan: Equatable, Sendable {
  /// Complete but for the user and `HOME`, which are found in the container's own files.
  package var process: RuntimeSpec.Process
  /// Docker's `user[:group]`; empty is root.
  package var user: String
  /// Names or numbers of the container's own groups.
  package var additionalGroups: [String]

  /// Plans `exec` in the container `spec`: what it does not say is the container's.
  ///
  /// - Parameter joined: what the container has from containers whose namespaces it joins.
  /// - Throws: `invalid` for capabilities that the container could not have been made with.
  package static func make(
    _ exec: ExecSpec, in spec: ContainerSpec, on host: HostFacts, joined: LaunchInputs.JoinedNamespaces = .init()
  ) throws(LaunchPlanError) -> ExecPlan {
    let planner = Planner(exec: exec, in: spec, on: host, joined)
    var process = planner.process(
      exec.isPrivileged ? host.availableCapabilities : try CapabilityRules(host).capabilities(for: spec.security))
    process.env = planner.environment(over: exec.environment)
    process.consoleSize = exec.hasTerminal ? exec.consoleSize : nil
    return ExecPlan(
      process: process, user: exec.user.isEmpty ? spec.program.user : exec.user,
      additionalGroups: spec.security.additionalGroups)
  }

  /// The filter of system calls that every process of the container `spec` has.
  ///
  /// - Throws: `invalid` for a profile that contradicts itself.
  package static func seccomp(
    of spec: ContainerSpec, on host: HostFacts
  ) throws(LaunchPlanError) -> RuntimeSpec.SeccompProfile? {
    let planner = Planner(exec: ExecSpec(arguments: []), in: spec, on: host, .init())
    return try planner.seccomp(try CapabilityRules(host).capabilities(for: spec.security))
  }
}

extension Planner {
  /// A planner of the container as it would be with this program: no paths are needed, the container is there.
  fileprivate init(
    exec: ExecSpec, in container: ContainerSpec, on host: HostFacts, _ joined: LaunchInputs.JoinedNamespaces
  ) {
    var spec = container
    spec.program.entrypoint = nil
    spec.program.command = exec.arguments
    if !exec.workingDirectory.isEmpty { spec.program.workingDirectory = exec.workingDirectory }
    spec.streams.hasTerminal = exec.hasTerminal
    var inputs = LaunchInputs(
      root: "/", cgroup: "", files: LaunchInputs.NetworkFiles(resolvConf: "", hostname: "", hosts: ""))
    inputs.joined = joined
    self.init(spec: spec, host: host, inputs: inputs)
  }

  /// The container's variables, each replaced or taken away by the one of `variables` with its name, and the others.
  fileprivate func environment(over variables: [String]) -> [String] {
    var environment: [String?] = self.environment
    for variable in variables {
      let name = variable.prefix { $0 != "=" }
      let isRemoval = name.endIndex == variable.endIndex
      if let index = environment.firstIndex(where: { $0?.prefix { $0 != "=" } == name }) {
        environment[index] = isRemoval ? nil : variable
      } else if !isRemoval {
        environment.append(variable)
      }
    }
    return environment.compactMap { $0 }
  }
}

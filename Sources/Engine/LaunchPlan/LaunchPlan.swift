package import OCI

/// Everything that a monitor needs to launch a container: what Docker would have handed to runc, as a value.
///
/// The plan of one definition, one host and one set of inputs is always the same. Its description has a line for every
/// fact, so that two plans can be compared like texts.
package struct LaunchPlan: Equatable, Sendable {
  /// Complete but for the process's user and `HOME`, which the monitor finds in the container's own files.
  package var runtime: RuntimeSpec
  /// Docker's `user[:group]`; empty is root.
  package var user: String
  /// Names or numbers of the container's own groups.
  package var additionalGroups: [String]
  /// Whether the monitor's own init runs as pid 1.
  package var hasInit: Bool
  package var streams: StreamSpec
  package var log: LogSpec

  /// Plans a launch of `spec`, which has been settled on this host.
  ///
  /// - Throws: `unsupported` for what is not honoured yet, by name; `missing` for a device, volume or namespace that
  ///   `inputs` does not have; `invalid`, with Docker's or runc's texts, for what cannot be.
  package static func make(
    _ spec: ContainerSpec, on host: HostFacts, with inputs: LaunchInputs
  ) throws(LaunchPlanError) -> LaunchPlan {
    try Planner(spec: spec, host: host, inputs: inputs).plan()
  }
}

/// What a plan is computed from. The parts of the plan are methods of it, a file each.
struct Planner {
  let spec: ContainerSpec
  let host: HostFacts
  let inputs: LaunchInputs

  func plan() throws(LaunchPlanError) -> LaunchPlan {
    guard spec.lifecycle.runtime.isEmpty || spec.lifecycle.runtime == Self.runtimeName else {
      throw .unsupported("--runtime \(spec.lifecycle.runtime)")
    }
    let capabilities = try CapabilityRules(host).capabilities(for: spec.security)
    let mounts = try mounts()
    let runtime = RuntimeSpec(
      process: process(capabilities), root: RuntimeSpec.Root(path: inputs.root, readonly: spec.security.isRootReadOnly),
      hostname: spec.namespaces.uts == .host ? "" : hostname, mounts: mounts,
      annotations: spec.lifecycle.annotations,
      linux: RuntimeSpec.LinuxConfiguration(
        namespaces: try namespaces(), devices: try deviceNodes(), cgroupsPath: inputs.cgroup,
        resources: try resources(), rootfsPropagation: rootPropagation,
        seccomp: try seccomp(capabilities), sysctl: try sysctls(),
        maskedPaths: spec.security.maskedPaths ?? (spec.security.isPrivileged ? [] : maskedPaths),
        readonlyPaths: spec.security.readOnlyPaths ?? (spec.security.isPrivileged ? [] : Self.readOnlyPaths)))
    return LaunchPlan(
      runtime: runtime, user: spec.program.user, additionalGroups: spec.security.additionalGroups,
      // An init in somebody else's pid namespace would not be its pid 1.
      hasInit: spec.namespaces.process == .own && spec.lifecycle.hasInit == true, streams: spec.streams,
      log: spec.lifecycle.log)
  }

  /// Our own runtime's name, which says no more than no name.
  private static let runtimeName = "skiff-monitor"

  /// The container's name to itself: shared with whom it shares its network.
  var hostname: String {
    if case .container = spec.network.mode { return inputs.joined.hostname }
    return spec.network.hostname
  }

  func seccomp(_ capabilities: [String]) throws(LaunchPlanError) -> RuntimeSpec.SeccompProfile? {
    let template: SeccompTemplate
    switch spec.security.seccomp {
    case .unconfined: return nil
    case .standard where spec.security.isPrivileged: return nil
    case .standard, .builtin: template = .docker
    case .profile(let json): template = try SeccompTemplate(json: json)
    }
    return try template.resolved(capabilities: capabilities, kernel: host.kernel)
  }

  /// Docker's list, with the reasons that it has: what tells about the host or lets it be changed.
  private var maskedPaths: [String] {
    [
      "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
      "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
      "/sys/devices/virtual/powercap",
    ] + host.thermalThrottlePaths
  }

  private static let readOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}

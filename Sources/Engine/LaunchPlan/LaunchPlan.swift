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
  package var log: LogSettings?

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
        maskedPaths: spec.security.effectiveMaskedPaths.map { $0 + thermalThrottles } ?? [],
        readonlyPaths: spec.security.effectiveReadOnlyPaths ?? []))
    return LaunchPlan(
      runtime: runtime, user: spec.program.user, additionalGroups: spec.security.additionalGroups,
      // An init in somebody else's pid namespace would not be its pid 1.
      hasInit: spec.namespaces.process == .own && spec.lifecycle.hasInit == true, streams: spec.streams,
      log: spec.lifecycle.log.driver == .none ? nil : try spec.lifecycle.log.settings(of: spec))
  }

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

  /// Docker masks these besides its list, where the list is its own.
  private var thermalThrottles: [String] { spec.security.maskedPaths == nil ? host.thermalThrottlePaths : [] }
}

extension SecuritySpec {
  /// What is masked: Docker's list if nothing else was said, of what tells about the host or lets it be changed. nil of
  /// a privileged container.
  package var effectiveMaskedPaths: [String]? {
    maskedPaths
      ?? (isPrivileged
        ? nil
        : [
          "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
          "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
          "/sys/devices/virtual/powercap",
        ])
  }

  /// The same for what can only be read.
  package var effectiveReadOnlyPaths: [String]? {
    readOnlyPaths
      ?? (isPrivileged ? nil : ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])
  }
}

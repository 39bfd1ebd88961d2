extension ContainerSpec {
  /// Fills what was left open and depends on the host, and refuses what contradicts itself or the host. Once, when the
  /// container is created; the result is what is stored and shown.
  ///
  /// A container without a host name has its short id, or the host's own name in the host's network. Swap is as much
  /// as memory, `/dev/shm` 64 MiB.
  ///
  /// - Returns: Docker's warnings, for limits that this host does not have and that were taken out.
  /// - Throws: `invalid` with Docker's texts.
  package mutating func settle(on host: HostFacts) throws(LaunchPlanError) -> [String] {
    if lifecycle.isRemovedAtEnd, lifecycle.restart != .never {
      throw .invalid("can't create 'AutoRemove' container with restart policy")
    }
    try checkNetwork()
    if network.hostname.isEmpty { network.hostname = network.mode == .host ? host.name : String(id.prefix(12)) }
    try checkMounts()
    _ = try CapabilityRules(host).capabilities(for: security)
    try lifecycle.log.check()
    guard lifecycle.runtime.isEmpty || lifecycle.runtime == Self.runtimeName else {
      throw .invalid("unknown or invalid runtime name: \(lifecycle.runtime)")
    }
    if lifecycle.annotations[""] != nil {
      throw .invalid("invalid Annotations: the empty string is not permitted as an annotation key")
    }
    return try resources.settle(on: host)
  }

  /// Our own runtime's name, which says no more than no name.
  package static let runtimeName = "skiff-monitor"

  private func checkNetwork() throws(LaunchPlanError) {
    if namespaces.uts == .host, !network.hostname.isEmpty {
      throw .invalid("conflicting options: hostname and the UTS mode")
    }
    guard case .container = network.mode else { return }
    if !network.hostname.isEmpty { throw .invalid("conflicting options: hostname and the network mode") }
    if !network.resolvers.isEmpty { throw .invalid("conflicting options: dns and the network mode") }
    if !network.extraHosts.isEmpty {
      throw .invalid("conflicting options: custom host-to-IP mapping and the network mode")
    }
  }

  private func checkMounts() throws(LaunchPlanError) {
    var destinations: Set<String> = []
    for mount in mounts {
      guard mount.destination.hasPrefix("/") else {
        throw .invalid("invalid mount path: '\(mount.destination)' mount path must be absolute")
      }
      let destination = ContainerPath.clean(mount.destination)
      if destination == "/" { throw .invalid("invalid specification: destination can't be '/'") }
      guard destinations.insert(destination).inserted else {
        throw .invalid("Duplicate mount point: \(mount.destination)")
      }
      switch mount.kind {
      case .tmpfs(let tmpfs): _ = try tmpfs.mountOptions(isReadOnly: mount.isReadOnly)
      case .bind(let bind) where !mount.isReadOnly && bind.readOnlyReach != .allIfPossible:
        let field = bind.readOnlyReach == .all ? "ReadOnlyForceRecursive" : "ReadOnlyNonRecursive"
        throw .invalid("mount options conflict: !ReadOnly && BindOptions.\(field)")
      case .bind, .volume: break
      }
    }
  }
}

extension ResourceSpec {
  /// Docker's `/dev/shm`.
  static let sharedMemoryBytesDefault: Int64 = 64 << 20

  /// Fills defaults and takes out what the host does not have; see ``ContainerSpec/settle(on:)``.
  mutating func settle(on host: HostFacts) throws(LaunchPlanError) -> [String] {
    if sharedMemoryBytes < 0 { throw .invalid("SHM size can not be less than 0") }
    if sharedMemoryBytes == 0 { sharedMemoryBytes = Self.sharedMemoryBytesDefault }
    guard (-1000...1000).contains(oomScoreAdjustment) else {
      throw .invalid("Invalid value \(oomScoreAdjustment), range for oom score adj is [-1000, 1000]")
    }
    var warnings = try memory.settle(on: host)
    try cpu.check(on: host)
    if !blockIO.deviceWeights.isEmpty, !host.hasBlockIOWeight {
      warnings.append(
        "Your kernel does not support Block I/O weight_device or the cgroup is not mounted. "
          + "Weight-device discarded.")
      blockIO.deviceWeights = []
    }
    if blockIO.weight != 0, !host.hasBlockIOWeight {
      warnings.append("Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.")
      blockIO.weight = 0
    }
    if blockIO.weight != 0, !(10...1000).contains(blockIO.weight) {
      throw .invalid("Range of blkio weight is from 10 to 1000")
    }
    for limit in ulimits where limit.hard >= 0 && (limit.soft > limit.hard || limit.soft < 0) {
      throw .invalid(
        "ulimit soft limit must be less than or equal to hard limit: \(limit.soft) > \(limit.hard)")
    }
    return warnings
  }
}

extension ResourceSpec.MemoryLimits {
  fileprivate mutating func settle(on host: HostFacts) throws(LaunchPlanError) -> [String] {
    var warnings: [String] = []
    let bytesMin: Int64 = 6 << 20
    if limit != 0, limit < bytesMin { throw .invalid("Minimum memory limit allowed is 6MB") }
    if limit > 0, memoryAndSwap != -1, !host.hasSwapLimit {
      warnings.append(
        "Your kernel does not support swap limit capabilities or the cgroup is not mounted. "
          + "Memory limited without swap.")
      memoryAndSwap = -1
    }
    if limit > 0, memoryAndSwap > 0, memoryAndSwap < limit {
      throw .invalid("Minimum memoryswap limit should be larger than memory limit, see usage")
    }
    if limit == 0, memoryAndSwap > 0 {
      throw .invalid("You should always set the Memory limit when using Memoryswap limit, see usage")
    }
    if swappiness == -1 { swappiness = nil }
    if swappiness != nil, host.cgroups == .v2 {
      warnings.append(
        "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. "
          + "Memory swappiness discarded.")
      swappiness = nil
    }
    if let swappiness, !(0...100).contains(swappiness) {
      throw .invalid("Invalid value: \(swappiness), valid memory swappiness range is 0-100")
    }
    if reservation > 0, reservation < bytesMin { throw .invalid("Minimum memory reservation allowed is 6MB") }
    if limit > 0, reservation > limit {
      throw .invalid("Minimum memory limit can not be less than memory reservation limit, see usage")
    }
    warnings += settleOOMKiller(on: host)
    if limit > 0, memoryAndSwap == 0 {
      let (double, overflows) = limit.multipliedReportingOverflow(by: 2)
      memoryAndSwap = overflows ? -1 : double
    }
    return warnings
  }

  private mutating func settleOOMKiller(on host: HostFacts) -> [String] {
    guard isOOMKillerDisabled == true else {
      isOOMKillerDisabled = host.cgroups == .v1 ? false : nil
      return []
    }
    if host.cgroups == .v2 {
      isOOMKillerDisabled = nil
      return ["Your kernel does not support OomKillDisable. OomKillDisable discarded."]
    }
    return limit == 0
      ? [
        "OOM killer is disabled for the container, but no memory limit is set, "
          + "this can result in the system running out of resources."
      ] : []
  }
}

extension ResourceSpec.CPULimits {
  fileprivate func check(on host: HostFacts) throws(LaunchPlanError) {
    if nanoCPUs > 0, period > 0 {
      throw .invalid("Conflicting options: Nano CPUs and CPU Period cannot both be set")
    }
    if nanoCPUs > 0, quota > 0 { throw .invalid("Conflicting options: Nano CPUs and CPU Quota cannot both be set") }
    if nanoCPUs < 0 || nanoCPUs > Int64(host.cpuCount) * 1_000_000_000 {
      let count = host.cpuCount
      throw .invalid("range of CPUs is from 0.01 to \(count).00, as there are only \(count) CPUs available")
    }
    if shares < 0 { throw .invalid("invalid CPU shares (\(shares)): value must be a positive integer") }
    if period != 0, !(1_000...1_000_000).contains(period) {
      throw .invalid("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
    }
    if quota > 0, quota < 1_000 { throw .invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)") }
    if realtimePeriod != 0, realtimeRuntime > realtimePeriod {
      throw .invalid("cpu real-time runtime cannot be higher than cpu real-time period")
    }
    if !(try NumberList(cpus, named: "cpus")).isSubset(of: try NumberList(host.cpus, named: "cpus")) {
      throw .invalid("Requested CPUs are not available - requested \(cpus), available: \(host.cpus)")
    }
    if !(try NumberList(memoryNodes, named: "mems")).isSubset(of: try NumberList(host.memoryNodes, named: "mems")) {
      throw .invalid(
        "Requested memory nodes are not available - requested \(memoryNodes), available: \(host.memoryNodes)")
    }
  }
}

/// A list of the kernel's, such as `0-3,7`: cpuset(7) "List format".
private struct NumberList {
  private var numbers: Set<Int> = []

  /// More CPUs than Linux can have.
  private static let numberMax = 8192

  init(_ text: String, named name: String) throws(LaunchPlanError) {
    guard !text.isEmpty else { return }
    let malformed = LaunchPlanError.invalid("Invalid value \(text) for cpuset \(name): invalid format: \(text)")
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last else {
        throw malformed
      }
      guard last <= Self.numberMax else {
        throw .invalid(
          "Invalid value \(text) for cpuset \(name): value of out range, maximum is \(Self.numberMax)")
      }
      numbers.formUnion(first...last)
    }
  }

  func isSubset(of other: NumberList) -> Bool { numbers.isSubset(of: other.numbers) }
}

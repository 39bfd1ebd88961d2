import DockerWire
import Engine
import LaunchPlan
import OCI

extension HostConfig {
  /// Tells what a container was made with, in the words in which it was asked for.
  init(_ spec: ContainerSpec) {
    self.init()
    binds = spec.mounts.compactMap(\.bindText)
    if binds?.isEmpty == true { binds = nil }
    volumesFrom = spec.namespaces.volumesFrom.isEmpty ? nil : spec.namespaces.volumesFrom.map(\.wireText)
    mounts = spec.mounts.compactMap { MountRequest($0) }
    tmpfs = Dictionary(
      uniqueKeysWithValues: spec.mounts.compactMap { mount in
        guard mount.origin == .tmpfsFlag, case .tmpfs(let tmpfs) = mount.kind else { return nil }
        return (mount.destination, tmpfs.options.joined(separator: ","))
      })
    logConfig.type = spec.lifecycle.log.driver.rawValue
    logConfig.config = spec.lifecycle.log.options
    portBindings = [:]
    autoRemove = spec.lifecycle.isRemovedAtEnd
    restartPolicy = DockerWire.RestartPolicy(spec.lifecycle.restart)
    annotations = spec.lifecycle.annotations
    runtime = spec.lifecycle.runtime.isEmpty ? ContainerSpec.runtimeName : spec.lifecycle.runtime
    runsInit = spec.lifecycle.hasInit
    consoleSize = spec.streams.consoleSize.map { [$0.rows, $0.columns] } ?? [0, 0]
    readNamespaces(spec)
    readSecurity(spec.security)
    readDevices(spec.devices)
    readLimits(spec.resources)
    readBlockIO(spec.resources.blockIO)
  }

  private mutating func readNamespaces(_ spec: ContainerSpec) {
    networkMode = spec.network.wireMode
    dns = spec.network.resolvers
    dnsOptions = spec.network.resolverOptions
    dnsSearch = spec.network.searchDomains
    extraHosts = spec.network.extraHosts.isEmpty ? nil : spec.network.extraHosts
    cgroupnsMode = spec.namespaces.cgroup == .host ? "host" : "private"
    utsMode = spec.namespaces.uts == .host ? "host" : ""
    pidMode =
      switch spec.namespaces.process {
      case .own: ""
      case .host: "host"
      case .container(let id): "container:\(id)"
      }
    ipcMode =
      switch spec.namespaces.ipc {
      case .own: "private"
      case .shareable: "shareable"
      case .none: "none"
      case .host: "host"
      case .container(let id): "container:\(id)"
      }
  }

  private mutating func readSecurity(_ security: SecuritySpec) {
    privileged = security.isPrivileged
    readonlyRootfs = security.isRootReadOnly
    capAdd = Self.capabilities(security.addedCapabilities)
    capDrop = Self.capabilities(security.droppedCapabilities)
    groupAdd = security.additionalGroups.isEmpty ? nil : security.additionalGroups
    maskedPaths = security.effectiveMaskedPaths
    readonlyPaths = security.effectiveReadOnlyPaths
    var options = security.options
    // Docker says so of every privileged container.
    if security.isPrivileged, !options.contains(where: { $0.hasPrefix("label") }) { options.append("label=disable") }
    securityOpt = options.isEmpty ? nil : options
  }

  /// Capabilities in the kernel's spelling; `ALL` is none of the kernel's.
  private static func capabilities(_ names: [String]) -> CommandWords? {
    guard !names.isEmpty else { return nil }
    if names.contains(where: { $0.uppercased() == "ALL" }), names.count == 1 { return CommandWords(["ALL"]) }
    return CommandWords(
      names.map { name in
        let name = name.uppercased()
        return name == "ALL" || name.hasPrefix("CAP_") ? name : "CAP_\(name)"
      })
  }

  private mutating func readDevices(_ devices: DeviceSpec) {
    sysctls = devices.sysctls
    resources.deviceCgroupRules = devices.cgroupRules.isEmpty ? nil : devices.cgroupRules
    resources.devices = devices.mappings.map { mapping in
      var wire = DeviceMapping()
      (wire.pathOnHost, wire.pathInContainer) = (mapping.pathOnHost, mapping.pathInContainer)
      wire.cgroupPermissions = mapping.access
      return wire
    }
  }

  private mutating func readLimits(_ limits: ResourceSpec) {
    oomScoreAdj = limits.oomScoreAdjustment
    shmSize = Int(limits.sharedMemoryBytes)
    resources.cgroupParent = limits.cgroupParent
    resources.memory = Int(limits.memory.limit)
    resources.memorySwap = Int(limits.memory.memoryAndSwap)
    resources.memoryReservation = Int(limits.memory.reservation)
    resources.memorySwappiness = limits.memory.swappiness.map { Int($0) }
    resources.oomKillDisable = limits.memory.isOOMKillerDisabled
    resources.nanoCpus = Int(limits.cpu.nanoCPUs)
    resources.cpuShares = Int(limits.cpu.shares)
    resources.cpuPeriod = Int(limits.cpu.period)
    resources.cpuQuota = Int(limits.cpu.quota)
    resources.cpuRealtimePeriod = Int(limits.cpu.realtimePeriod)
    resources.cpuRealtimeRuntime = Int(limits.cpu.realtimeRuntime)
    resources.cpusetCpus = limits.cpu.cpus
    resources.cpusetMems = limits.cpu.memoryNodes
    // Without limit is no limit, however it was said.
    resources.pidsLimit = limits.tasksMax.flatMap { $0 > 0 ? Int($0) : nil }
    resources.ulimits = limits.ulimits.map { limit in
      var wire = Ulimit()
      wire.name = String(limit.resource.rawValue.dropFirst("RLIMIT_".count)).lowercased()
      (wire.hard, wire.soft) = (Int(limit.hard), Int(limit.soft))
      return wire
    }
  }

  private mutating func readBlockIO(_ limits: ResourceSpec.BlockIOLimits) {
    func rates(_ limits: [ResourceSpec.DeviceRate]) -> [ThrottleDevice] {
      limits.map { limit in
        var wire = ThrottleDevice()
        (wire.path, wire.rate) = (limit.path, limit.rate)
        return wire
      }
    }
    resources.blkioWeight = limits.weight
    resources.blkioWeightDevice = limits.deviceWeights.map { limit in
      var wire = WeightDevice()
      (wire.path, wire.weight) = (limit.path, UInt16(clamping: limit.rate))
      return wire
    }
    resources.blkioDeviceReadBps = rates(limits.readBytesPerSecond)
    resources.blkioDeviceWriteBps = rates(limits.writeBytesPerSecond)
    resources.blkioDeviceReadIOps = rates(limits.readsPerSecond)
    resources.blkioDeviceWriteIOps = rates(limits.writesPerSecond)
  }
}

extension DockerWire.RestartPolicy {
  fileprivate init(_ policy: LifecycleSpec.RestartPolicy) {
    self.init()
    switch policy {
    case .never: name = "no"
    case .always: name = "always"
    case .unlessStopped: name = "unless-stopped"
    case .onFailure(let retries): (name, maximumRetryCount) = ("on-failure", retries)
    }
  }
}

extension NetworkSpec {
  /// The mode in Docker's words; until there are networks, the default is none.
  var wireMode: String {
    switch mode {
    case .default, .none: "none"
    case .host: "host"
    case .container(let id): "container:\(id)"
    }
  }
}

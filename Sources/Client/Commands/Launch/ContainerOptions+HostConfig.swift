import EngineClient

extension ContainerOptions {
  /// `HostConfig` of the API, member by member as Docker's client writes it.
  func hostConfig(binds: [String], _ ports: PortFlags, _ around: Surroundings) throws -> JSONValue {
    try namespaces.check()
    try log.check()
    let security = try security.parsedOptions()
    return .object(
      try general(binds: binds, ports, around) + confinement(security.options) + (try amounts())
        + (try optional(unmasks: security.unmasks)))
  }

  private func general(
    binds: [String], _ ports: PortFlags, _ around: Surroundings
  ) throws -> [JSONValue.Member] {
    let restart = try identity.restartPolicy()
    var members: [JSONValue.Member] = [
      .init("Binds", Self.orNull(binds)), .init("ContainerIDFile", .string(identity.idFile)),
      .init(
        "LogConfig",
        .object([.init("Type", .string(log.driver)), .init("Config", JSONValue(assignments(log.options)))])),
      .init("NetworkMode", .string(network.mode)), .init("PortBindings", ports.bindingsDocument),
      .init(
        "RestartPolicy",
        .object([
          .init("Name", .string(restart.name)), .init("MaximumRetryCount", JSONValue(restart.retriesMax)),
        ])),
      .init("AutoRemove", .bool(identity.removes)), .init("VolumeDriver", .string(storage.driver)),
      .init("VolumesFrom", Self.orNull(storage.volumesFrom)),
      .init("ConsoleSize", .array([JSONValue(around.console.rows), JSONValue(around.console.columns)])),
    ]
    if !identity.annotations.isEmpty {
      members.append(.init("Annotations", JSONValue(assignments(identity.annotations))))
    }
    return members
  }

  private func confinement(_ options: [String]) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("CapAdd", SecurityOptions.capabilities(security.addedCapabilities)),
      .init("CapDrop", SecurityOptions.capabilities(security.droppedCapabilities)),
      .init("CgroupnsMode", .string(namespaces.cgroup)), .init("Dns", JSONValue(network.nameServers)),
      .init("DnsOptions", JSONValue(network.resolverOptions)), .init("DnsSearch", JSONValue(network.searchDomains)),
      .init("ExtraHosts", Self.orNull(network.hosts)), .init("GroupAdd", Self.orNull(security.groups)),
      .init("IpcMode", .string(namespaces.ipc)), .init("Cgroup", .string("")),
      .init("Links", Self.orNull(network.links)), .init("OomScoreAdj", JSONValue(limits.oomScoreAdjustment)),
      .init("PidMode", .string(namespaces.pid)), .init("Privileged", .bool(security.isPrivileged)),
      .init("PublishAllPorts", .bool(network.publishesAll)), .init("ReadonlyRootfs", .bool(security.isReadOnly)),
      .init("SecurityOpt", security.options.isEmpty ? .null : JSONValue(options)),
    ]
    if !security.storageOptions.isEmpty {
      members.append(.init("StorageOpt", JSONValue(assignments(security.storageOptions))))
    }
    if let directories = storage.temporaryDirectories { members.append(.init("Tmpfs", directories)) }
    members += [
      .init("UTSMode", .string(namespaces.uts)), .init("UsernsMode", .string(namespaces.user)),
      .init("ShmSize", JSONValue(resources.sharedMemorySize)),
    ]
    if !security.kernelParameters.isEmpty {
      members.append(.init("Sysctls", JSONValue(assignments(security.kernelParameters))))
    }
    if !namespaces.runtime.isEmpty { members.append(.init("Runtime", .string(namespaces.runtime))) }
    return members
  }

  private func amounts() throws -> [JSONValue.Member] {
    let devices = try security.parsedDevices()
    return [
      .init("Isolation", .string(namespaces.isolation)), .init("CpuShares", JSONValue(resources.processorShares)),
      .init("Memory", JSONValue(resources.memory)), .init("NanoCpus", JSONValue(resources.nanoProcessors)),
      .init("CgroupParent", .string(namespaces.cgroupParent)), .init("BlkioWeight", JSONValue(limits.blockWeight)),
      .init("BlkioWeightDevice", .array(limits.blockWeights)), .init("BlkioDeviceReadBps", .array(limits.readBytes)),
      .init("BlkioDeviceWriteBps", .array(limits.writeBytes)),
      .init("BlkioDeviceReadIOps", .array(limits.readOperations)),
      .init("BlkioDeviceWriteIOps", .array(limits.writeOperations)),
      .init("CpuPeriod", JSONValue(resources.processorPeriod)), .init("CpuQuota", JSONValue(resources.processorQuota)),
      .init("CpuRealtimePeriod", JSONValue(limits.realTimePeriod)),
      .init("CpuRealtimeRuntime", JSONValue(limits.realTimeRuntime)),
      .init("CpusetCpus", .string(resources.processorSet)), .init("CpusetMems", .string(resources.memoryNodes)),
      .init("Devices", .array(devices.devices)), .init("DeviceCgroupRules", Self.orNull(security.deviceRules)),
      .init("DeviceRequests", devices.requests), .init("MemoryReservation", JSONValue(resources.memoryReservation)),
      .init("MemorySwap", JSONValue(resources.memorySwap)),
      .init("MemorySwappiness", JSONValue(resources.memorySwappiness)),
      .init("OomKillDisable", .bool(limits.hasNoOOMKiller)), .init("PidsLimit", JSONValue(resources.processesMax)),
      .init("Ulimits", .array(limits.resourceLimits.sorted { $0.name < $1.name }.map(\.document))),
    ]
  }

  private func optional(unmasks: Bool) throws -> [JSONValue.Member] {
    let zero = JSONValue(0)
    var members: [JSONValue.Member] = [
      .init("CpuCount", zero), .init("CpuPercent", zero), .init("IOMaximumIOps", zero),
      .init("IOMaximumBandwidth", zero),
    ]
    if !storage.mounts.isEmpty { members.append(.init("Mounts", .array(storage.mounts))) }
    let paths: JSONValue = unmasks ? .array([]) : .null
    members += [.init("MaskedPaths", paths), .init("ReadonlyPaths", paths)]
    if let wantsInit = namespaces.wantsInit { members.append(.init("Init", .bool(wantsInit))) }
    return members
  }
}

import DockerWire
import LaunchPlan

extension ResourceSpec {
  /// Reads the limits of a request.
  init(_ host: HostConfig) throws(LaunchPlanError) {
    let wire = host.resources
    self.init()
    memory.limit = Int64(wire.memory)
    memory.memoryAndSwap = Int64(wire.memorySwap)
    memory.reservation = Int64(wire.memoryReservation)
    memory.swappiness = wire.memorySwappiness.map(Int64.init)
    memory.isOOMKillerDisabled = wire.oomKillDisable
    cpu.nanoCPUs = Int64(wire.nanoCpus)
    cpu.shares = Int64(wire.cpuShares)
    cpu.period = Int64(wire.cpuPeriod)
    cpu.quota = Int64(wire.cpuQuota)
    cpu.realtimePeriod = Int64(wire.cpuRealtimePeriod)
    cpu.realtimeRuntime = Int64(wire.cpuRealtimeRuntime)
    cpu.cpus = wire.cpusetCpus
    cpu.memoryNodes = wire.cpusetMems
    tasksMax = wire.pidsLimit.map(Int64.init)
    oomScoreAdjustment = host.oomScoreAdj
    sharedMemoryBytes = Int64(host.shmSize)
    cgroupParent = try ResourceSpec.checked(cgroupParent: wire.cgroupParent)
    for limit in wire.ulimits ?? [] {
      ulimits.append(try Ulimit(name: limit.name, soft: Int64(limit.soft), hard: Int64(limit.hard)))
    }
    blockIO.weight = wire.blkioWeight
    func rates(_ devices: [ThrottleDevice]?) -> [DeviceRate] {
      (devices ?? []).map { DeviceRate(path: $0.path, rate: $0.rate) }
    }
    blockIO.deviceWeights = (wire.blkioWeightDevice ?? []).map { DeviceRate(path: $0.path, rate: UInt64($0.weight)) }
    blockIO.readBytesPerSecond = rates(wire.blkioDeviceReadBps)
    blockIO.writeBytesPerSecond = rates(wire.blkioDeviceWriteBps)
    blockIO.readsPerSecond = rates(wire.blkioDeviceReadIOps)
    blockIO.writesPerSecond = rates(wire.blkioDeviceWriteIOps)
  }
  /// A path below which a cgroup can be made; systemd's slices are no paths.
  private static func checked(cgroupParent: String) throws(LaunchPlanError) -> String {
    if cgroupParent.hasSuffix(".slice") { throw .unsupported("HostConfig.CgroupParent \"\(cgroupParent)\"") }
    if cgroupParent.split(separator: "/").contains("..") {
      throw .invalid("invalid cgroup parent \"\(cgroupParent)\": it must not contain \"..\"")
    }
    return cgroupParent
  }
}

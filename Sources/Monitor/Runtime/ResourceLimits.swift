package import Cgroups
import Linux
package import OCI

extension CgroupLimits {
  /// Reads the limits of a spec: OCI runtime-spec, config-linux.md "Control groups".
  package init(_ resources: RuntimeSpec.Resources) throws(RuntimeError) {
    self.init()
    if let memory = resources.memory {
      self.memory.limit = memory.limit.flatMap(Ceiling.init)
      self.memory.reservation = memory.reservation.flatMap(Ceiling.init)
      self.memory.memoryAndSwap = memory.swap.flatMap(Ceiling.init)
      self.memory.swappiness = memory.swappiness
      self.memory.isOOMKillerDisabled = memory.disableOOMKiller
    }
    if let cpu = resources.cpu {
      self.cpu.shares = cpu.shares == 0 ? nil : cpu.shares
      self.cpu.quota = cpu.quota.flatMap(Ceiling.init)
      self.cpu.period = cpu.period == 0 ? nil : cpu.period
      self.cpu.burst = cpu.burst
      self.cpu.isIdle = cpu.idle.map { $0 != 0 }
      self.cpu.realtimeRuntime = cpu.realtimeRuntime
      self.cpu.realtimePeriod = cpu.realtimePeriod
      self.cpu.cpus = cpu.cpus.isEmpty ? nil : cpu.cpus
      self.cpu.memoryNodes = cpu.mems.isEmpty ? nil : cpu.mems
    }
    tasks = (resources.pids?.limit).flatMap(Ceiling.init)
    readBlockIO(resources.blockIO)
    hugePages = resources.hugepageLimits.map { HugePages(pageSize: $0.pageSize, limit: $0.limit) }
    unified = resources.unified
    devices = try CgroupLimits.deviceRules(resources.devices)
    if !(resources.rdma.isEmpty) { throw RuntimeError(.unsupported, "linux.resources.rdma is not supported yet") }
    if let network = resources.network, network.classID != nil || !network.priorities.isEmpty {
      throw RuntimeError(.unsupported, "linux.resources.network is not supported yet")
    }
  }

  /// The limits of a new container: without a list of devices it may use those that every container may, and no other.
  package static func ofNewContainer(_ resources: RuntimeSpec.Resources?) throws(RuntimeError) -> CgroupLimits {
    var limits = try CgroupLimits(resources ?? RuntimeSpec.Resources())
    if limits.devices == nil { limits.devices = [DeviceRule(isAllowed: false, subject: .everything)] + alwaysAllowed }
    return limits
  }

  private mutating func readBlockIO(_ io: RuntimeSpec.BlockIO?) {
    guard let io else { return }
    blockIO.weight = io.weight == 0 ? nil : io.weight
    blockIO.deviceWeights = io.weightDevice.compactMap { device in
      device.weight.map { DeviceRate(device: CgroupLimits.number(device.major, device.minor), rate: UInt64($0)) }
    }
    func rates(_ devices: [RuntimeSpec.ThrottleDevice]) -> [DeviceRate] {
      devices.map { DeviceRate(device: CgroupLimits.number($0.major, $0.minor), rate: $0.rate) }
    }
    blockIO.readBytesPerSecond = rates(io.throttleReadBpsDevice)
    blockIO.writeBytesPerSecond = rates(io.throttleWriteBpsDevice)
    blockIO.readsPerSecond = rates(io.throttleReadIOPSDevice)
    blockIO.writesPerSecond = rates(io.throttleWriteIOPSDevice)
  }

  private static func number(_ major: Int64, _ minor: Int64) -> DeviceNumber {
    DeviceNumber(UInt32(clamping: major), UInt32(clamping: minor))
  }

  private static func deviceRules(_ rules: [RuntimeSpec.DeviceRule]) throws(RuntimeError) -> [DeviceRule]? {
    guard !rules.isEmpty else { return nil }
    return try during("read the device rules") {
      try rules.flatMap { rule in
        try DeviceRule.rules(
          isAllowed: rule.allow, type: rule.type?.rawValue, major: rule.major, minor: rule.minor, access: rule.access)
      } + alwaysAllowed
    }
  }

  /// What every container may use whatever the list says, as runc has it: the default devices, terminals, and making
  /// nodes, which gives nobody access to what they stand for.
  private static let alwaysAllowed: [DeviceRule] =
    [
      DeviceRule(isAllowed: true, subject: .character(major: nil, minor: nil), access: .makeNode),
      DeviceRule(isAllowed: true, subject: .block(major: nil, minor: nil), access: .makeNode),
    ]
    + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (136, nil)].map { (major: UInt32, minor: UInt32?) in
      DeviceRule(isAllowed: true, subject: .character(major: major, minor: minor))
    }
}

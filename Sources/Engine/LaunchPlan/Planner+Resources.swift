import OCI

extension Planner {
  /// The limits of the container's cgroup.
  func resources() throws(LaunchPlanError) -> RuntimeSpec.Resources {
    let resources = spec.resources
    return RuntimeSpec.Resources(
      devices: try deviceRules(), memory: memory, cpu: cpu,
      // Not `nil`: 0 and below ask for no limit, also where the parent's default is another.
      pids: resources.tasksMax.map { RuntimeSpec.Pids(limit: $0 <= 0 ? -1 : $0) }, blockIO: try blockIO())
  }

  private var memory: RuntimeSpec.Memory? {
    let limits = spec.resources.memory
    let memory = RuntimeSpec.Memory(
      limit: limits.limit > 0 ? limits.limit : nil, reservation: limits.reservation > 0 ? limits.reservation : nil,
      swap: limits.memoryAndSwap > 0 ? limits.memoryAndSwap : nil,
      swappiness: limits.swappiness.map { UInt64(clamping: $0) },
      disableOOMKiller: limits.isOOMKillerDisabled)
    return memory == RuntimeSpec.Memory() ? nil : memory
  }

  private var cpu: RuntimeSpec.CPU? {
    let limits = spec.resources.cpu
    var cpu = RuntimeSpec.CPU(cpus: limits.cpus, mems: limits.memoryNodes)
    if limits.shares != 0 { cpu.shares = UInt64(clamping: limits.shares) }
    if limits.nanoCPUs > 0 {
      let period: Int64 = 100_000
      cpu.period = UInt64(period)
      // Settled, it is at most a billion for each CPU, so the product fits.
      cpu.quota = limits.nanoCPUs.multipliedReportingOverflow(by: period).partialValue / 1_000_000_000
    }
    if limits.period != 0 { cpu.period = UInt64(clamping: limits.period) }
    if limits.quota != 0 { cpu.quota = limits.quota }
    if limits.realtimePeriod != 0 { cpu.realtimePeriod = UInt64(clamping: limits.realtimePeriod) }
    if limits.realtimeRuntime != 0 { cpu.realtimeRuntime = limits.realtimeRuntime }
    return cpu == RuntimeSpec.CPU() ? nil : cpu
  }

  private func blockIO() throws(LaunchPlanError) -> RuntimeSpec.BlockIO? {
    let limits = spec.resources.blockIO
    var io = RuntimeSpec.BlockIO(weight: limits.weight == 0 ? nil : limits.weight)
    for limit in limits.deviceWeights {
      let device = try device(limit.path)
      io.weightDevice.append(
        RuntimeSpec.WeightDevice(major: device.major, minor: device.minor, weight: UInt16(clamping: limit.rate)))
    }
    io.throttleReadBpsDevice = try throttles(limits.readBytesPerSecond)
    io.throttleWriteBpsDevice = try throttles(limits.writeBytesPerSecond)
    io.throttleReadIOPSDevice = try throttles(limits.readsPerSecond)
    io.throttleWriteIOPSDevice = try throttles(limits.writesPerSecond)
    return io == RuntimeSpec.BlockIO() ? nil : io
  }

  private func throttles(_ limits: [ResourceSpec.DeviceRate]) throws(LaunchPlanError) -> [RuntimeSpec.ThrottleDevice] {
    var throttles: [RuntimeSpec.ThrottleDevice] = []
    for limit in limits {
      let device = try device(limit.path)
      throttles.append(RuntimeSpec.ThrottleDevice(major: device.major, minor: device.minor, rate: limit.rate))
    }
    return throttles
  }

  private func device(_ path: String) throws(LaunchPlanError) -> HostDevice {
    guard let device = inputs.devices[path]?.first else {
      throw .missing("stat \(path): no such file or directory")
    }
    return device
  }
}

import Glibc
import Linux

extension UnifiedCgroup {
  func apply(_ limits: CgroupLimits) throws(CgroupError) {
    try setMemory(limits.memory)
    try setCPU(limits.cpu)
    try set("pids.max", limits.tasks?.text(unlimited: "max"), "limit of processes")
    try setBlockIO(limits.blockIO)
    for pages in limits.hugePages {
      try set("hugetlb.\(pages.pageSize).max", "\(pages.limit)", "huge pages")
      // Reservations are counted apart since Linux 5.7.
      let reserved = "hugetlb.\(pages.pageSize).rsvd.max"
      if directory.has(reserved) { try set(reserved, "\(pages.limit)", "huge pages") }
    }
    for (name, value) in limits.unified.sorted(by: { $0.key < $1.key }) {
      guard !name.contains("/"), !name.isEmpty, name != "..", name != "." else {
        throw .unsupported(limit: "\"\(name)\"", reason: "it is not the name of a file of the cgroup")
      }
      try set(name, value, "\"\(name)\"")
    }
    if let devices = limits.devices { try setDevices(devices) }
  }

  /// Writes `value` to the control `name`; nil leaves it.
  private func set(_ name: String, _ value: String?, _ limit: String) throws(CgroupError) {
    if let value { try directory.write(name, value, for: limit) }
  }

  private func setMemory(_ memory: CgroupLimits.Memory) throws(CgroupError) {
    if memory.isOOMKillerDisabled == true {
      throw .unsupported(limit: "\"disable the OOM killer\"", reason: "cgroup v2 always kills")
    }
    if memory.swappiness != nil {
      throw .unsupported(limit: "swappiness", reason: "cgroup v2 has it for the whole host only")
    }
    try set("memory.swap.max", try swapLimit(memory), "swap limit")
    try set("memory.max", memory.limit?.text(unlimited: "max"), "memory limit")
    try set("memory.low", memory.reservation?.text(unlimited: "max"), "memory reservation")
  }

  /// v2 limits swap alone, so what was given for memory and swap together loses the memory.
  private func swapLimit(_ memory: CgroupLimits.Memory) throws(CgroupError) -> String? {
    switch (memory.limit, memory.memoryAndSwap) {
    case (.unlimited, nil): return directory.has("memory.swap.max") ? "max" : nil
    case (_, nil): return nil
    case (_, .unlimited): return "max"
    case (let limit, .atMost(let total)):
      let bytes: Int64? = if case .atMost(let bytes) = limit { bytes } else { nil }
      let current = limit == nil ? try directory.number("memory.max").map { Int64(clamping: $0) } : nil
      guard let bytes = bytes ?? current else {
        throw .unsupported(limit: "swap limit \(total)", reason: "it includes the memory, which is not limited")
      }
      guard total >= bytes else {
        throw .unsupported(limit: "swap limit \(total)", reason: "it is less than the memory limit \(bytes)")
      }
      return String(total - bytes)
    }
  }

  private func setCPU(_ cpu: CgroupLimits.CPU) throws(CgroupError) {
    if cpu.realtimeRuntime ?? 0 != 0 || cpu.realtimePeriod ?? 0 != 0 {
      throw .unsupported(limit: "real-time CPU time", reason: "cgroup v2 has no such control")
    }
    // A group that is idle has no weight of its own: awake before the weight, asleep after it.
    if cpu.isIdle == false { try set("cpu.idle", "0", "idle scheduling") }
    try set("cpu.weight", cpu.shares.map { "\(cpuWeight(shares: $0))" }, "CPU shares")
    var times: [ControlDirectory.Setting] = []
    if let burst = cpu.burst { times.append(.init(name: "cpu.max.burst", value: "\(burst)", limit: "CPU time")) }
    if let value = try bandwidth(cpu) { times.append(.init(name: "cpu.max", value: value, limit: "CPU time")) }
    try directory.write(times)
    if cpu.isIdle == true { try set("cpu.idle", "1", "idle scheduling") }
    try set("cpuset.cpus", cpu.cpus, "processors")
    try set("cpuset.mems", cpu.memoryNodes, "memory nodes")
  }

  /// `cpu.max` is "quota period"; what is not given stays, and a quota may be written alone.
  private func bandwidth(_ cpu: CgroupLimits.CPU) throws(CgroupError) -> String? {
    let quota = cpu.quota?.text(unlimited: "max")
    guard let period = cpu.period else { return quota }
    let current = try directory.words("cpu.max").first
    return "\(quota ?? current ?? "max") \(period)"
  }

  private func setBlockIO(_ blockIO: CgroupLimits.BlockIO) throws(CgroupError) {
    // BFQ's weight has v1's range. `io.weight` goes to 10000 and has a device's own in the same file.
    let hasBFQ = directory.has("io.bfq.weight")
    let file = hasBFQ ? "io.bfq.weight" : "io.weight"
    func text(_ weight: UInt64) -> String {
      hasBFQ ? "\(weight)" : "\(1 + (max(weight, 10) - 10) * 9999 / 990)"
    }
    try set(file, blockIO.weight.map { text(UInt64($0)) }, "block I/O weight")
    for weight in blockIO.deviceWeights {
      try set(file, "\(weight.deviceText) \(text(weight.rate))", "block I/O weight of a device")
    }
    for (key, rates) in [
      ("rbps", blockIO.readBytesPerSecond), ("wbps", blockIO.writeBytesPerSecond),
      ("riops", blockIO.readsPerSecond), ("wiops", blockIO.writesPerSecond),
    ] {
      for rate in rates {
        try set("io.max", "\(rate.deviceText) \(key)=\(rate.rate == 0 ? "max" : "\(rate.rate)")", "block I/O rate")
      }
    }
  }

  private func setDevices(_ rules: [DeviceRule]) throws(CgroupError) {
    let program = DeviceProgram(rules)
    let filter: Descriptor
    do { filter = try loadDeviceFilter(program.bytes) } catch {
      if error.verifierLog.isEmpty { throw .system(error.cause) }
      throw .unsupported(limit: "device access", reason: error.description)
    }
    try system { () throws(SyscallError) in
      try open(directory.path, O_RDONLY | O_DIRECTORY).replaceDeviceFilters(by: filter)
    }
  }
}

/// v2's CPU weight (1 to 10000) for v1's shares (2 to 262144).
///
/// This is the curve of runc since 1.4 and crun since 1.23: through the two ends, and 1024 becomes the default, 100. The
/// straight line before gave 39 for it, so that a container with default shares had less than any other process.
func cpuWeight(shares: UInt64) -> UInt64 {
  if shares <= 2 { return 1 }
  if shares >= 262144 { return 10000 }
  let exponent = log2(Double(shares))
  return UInt64(pow(10, (exponent * exponent + 125 * exponent) / 612 - 7.0 / 34).rounded(.up))
}

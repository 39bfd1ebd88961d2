extension LegacyCgroup {
  func apply(_ limits: CgroupLimits) throws(CgroupError) {
    try setMemory(limits.memory)
    try setCPU(limits.cpu)
    try set("pids", "pids.max", limits.tasks?.text(unlimited: "max"), "limit of processes")
    try setBlockIO(limits.blockIO)
    for pages in limits.hugePages { try setHugePages(pages) }
    if let name = limits.unified.keys.min() {
      throw .unsupported(limit: "\"\(name)\"", reason: "this host has cgroup v1, which has no such file")
    }
    if let devices = limits.devices { try setDevices(devices) }
  }

  /// Writes `value` to the control `name` of `controller`; nil leaves it.
  private func set(
    _ controller: String, _ name: String, _ value: String?, _ limit: String
  ) throws(CgroupError) {
    guard let value else { return }
    try required(controller, name, limit).write(name, value, for: limit)
  }

  private func required(_ controller: String, _ name: String, _ limit: String) throws(CgroupError) -> ControlDirectory {
    guard let directory = directory(controller) else { throw .missingControl(file: name, limit: limit) }
    return directory
  }

  private func setMemory(_ memory: CgroupLimits.Memory) throws(CgroupError) {
    for (name, value) in try memorySteps(memory.limit, memory.memoryAndSwap) {
      try set("memory", name, value.text(unlimited: "-1"), "memory limit")
    }
    try set("memory", "memory.soft_limit_in_bytes", memory.reservation?.text(unlimited: "-1"), "memory reservation")
    try set("memory", "memory.swappiness", memory.swappiness.map { "\($0)" }, "swappiness")
    try set("memory", "memory.oom_control", memory.isOOMKillerDisabled.map { $0 ? "1" : "0" }, "the OOM killer")
  }

  /// The limit of memory and that of memory and swap together, in an order that keeps the second at least as large as
  /// the first at every moment, which the kernel insists on.
  private func memorySteps(
    _ limit: CgroupLimits.Ceiling?, _ total: CgroupLimits.Ceiling?
  ) throws(CgroupError) -> [(String, CgroupLimits.Ceiling)] {
    let (limitFile, totalFile) = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
    guard let limit else { return total.map { [(totalFile, $0)] } ?? [] }
    guard let total else {
      // Lifting the limit of memory alone is refused where the sum is limited: both go, as with runc.
      let hasTotal = directory("memory")?.has(totalFile) ?? false
      return limit == .unlimited && hasTotal ? [(totalFile, limit), (limitFile, limit)] : [(limitFile, limit)]
    }
    guard case .atMost(let bytes) = total else { return [(totalFile, total), (limitFile, limit)] }
    let current = try directory("memory")?.number(limitFile) ?? 0
    let isGrowing = UInt64(clamping: bytes) >= current
    return isGrowing ? [(totalFile, total), (limitFile, limit)] : [(limitFile, limit), (totalFile, total)]
  }

  private func setCPU(_ cpu: CgroupLimits.CPU) throws(CgroupError) {
    // A group that is idle has no weight of its own: awake before the shares, asleep after them.
    if cpu.isIdle == false { try set("cpu", "cpu.idle", "0", "idle scheduling") }
    try set("cpu", "cpu.shares", cpu.shares.map { "\($0)" }, "CPU shares")
    let times: [ControlDirectory.Setting] = [
      ("cpu.cfs_burst_us", cpu.burst.map { "\($0)" }), ("cpu.cfs_period_us", cpu.period.map { "\($0)" }),
      ("cpu.cfs_quota_us", cpu.quota?.text(unlimited: "-1")), ("cpu.rt_period_us", cpu.realtimePeriod.map { "\($0)" }),
      ("cpu.rt_runtime_us", cpu.realtimeRuntime.map { "\($0)" }),
    ].compactMap { name, value in value.map { .init(name: name, value: $0, limit: "CPU time") } }
    if let first = times.first { try required("cpu", first.name, first.limit).write(times) }
    if cpu.isIdle == true { try set("cpu", "cpu.idle", "1", "idle scheduling") }
    try set("cpuset", "cpuset.cpus", cpu.cpus, "processors")
    try set("cpuset", "cpuset.mems", cpu.memoryNodes, "memory nodes")
  }

  private func setBlockIO(_ blockIO: CgroupLimits.BlockIO) throws(CgroupError) {
    // Which of the two there is depends on the scheduler that the kernel was built with.
    let scheduler = directory("blkio")?.has("blkio.weight") ?? false ? "blkio" : "blkio.bfq"
    try set("blkio", "\(scheduler).weight", blockIO.weight.map { "\($0)" }, "block I/O weight")
    for (name, rates, limit) in [
      ("\(scheduler).weight_device", blockIO.deviceWeights, "block I/O weight of a device"),
      ("blkio.throttle.read_bps_device", blockIO.readBytesPerSecond, "block I/O rate"),
      ("blkio.throttle.write_bps_device", blockIO.writeBytesPerSecond, "block I/O rate"),
      ("blkio.throttle.read_iops_device", blockIO.readsPerSecond, "block I/O rate"),
      ("blkio.throttle.write_iops_device", blockIO.writesPerSecond, "block I/O rate"),
    ] {
      for rate in rates { try set("blkio", name, "\(rate.deviceText) \(rate.rate)", limit) }
    }
  }

  private func setHugePages(_ pages: CgroupLimits.HugePages) throws(CgroupError) {
    try set("hugetlb", "hugetlb.\(pages.pageSize).limit_in_bytes", "\(pages.limit)", "huge pages")
    // Reservations are counted apart since Linux 5.7.
    let reserved = "hugetlb.\(pages.pageSize).rsvd.limit_in_bytes"
    if directory("hugetlb")?.has(reserved) ?? false { try set("hugetlb", reserved, "\(pages.limit)", "huge pages") }
  }

  private func setDevices(_ rules: [DeviceRule]) throws(CgroupError) {
    // The kernel keeps what was decided before: a list that does not begin with everything begins with our parent's.
    for rule in rules.simplified() {
      try set("devices", rule.isAllowed ? "devices.allow" : "devices.deny", rule.legacyText, "device access")
    }
  }
}

extension LegacyCgroup {
  func statistics() throws(CgroupError) -> CgroupStatistics {
    var statistics = CgroupStatistics()
    statistics.cpu = try cpuStatistics()
    statistics.memory = try memoryStatistics()
    if let pids = directory("pids"), let current = try pids.number("pids.current") {
      statistics.tasks = .init(current: current, limit: try pids.number("pids.max"))
    }
    if let blkio = directory("blkio"), try blkio.text("blkio.throttle.io_service_bytes_recursive") != nil {
      statistics.blockIO = .init(
        bytes: try blockEntries(blkio, "blkio.throttle.io_service_bytes_recursive"),
        operations: try blockEntries(blkio, "blkio.throttle.io_serviced_recursive"))
    }
    return statistics
  }

  private func cpuStatistics() throws(CgroupError) -> CgroupStatistics.CPU? {
    guard let accounting = directory("cpuacct"), let total = try accounting.number("cpuacct.usage") else { return nil }
    let throttling = try directory("cpu")?.table("cpu.stat") ?? [:]
    return .init(
      total: total,
      user: try accounting.number("cpuacct.usage_user") ?? 0,
      system: try accounting.number("cpuacct.usage_sys") ?? 0,
      perProcessor: try accounting.words("cpuacct.usage_percpu").compactMap { UInt64($0) },
      periods: throttling["nr_periods"] ?? 0,
      throttledPeriods: throttling["nr_throttled"] ?? 0,
      throttledTime: throttling["throttled_time"] ?? 0)
  }

  private func memoryStatistics() throws(CgroupError) -> CgroupStatistics.Memory? {
    guard let memory = directory("memory"), let usage = try memory.number("memory.usage_in_bytes") else { return nil }
    // "Unlimited" reads as the largest number of whole pages.
    let limit = try memory.number("memory.limit_in_bytes").flatMap { $0 >= UInt64(Int64.max) - 0xffff ? nil : $0 }
    return .init(
      usage: usage,
      peakUsage: try memory.number("memory.max_usage_in_bytes"),
      limit: limit,
      limitHits: try memory.number("memory.failcnt") ?? 0,
      oomKills: try memory.table("memory.oom_control")["oom_kill"] ?? 0,
      details: try memory.table("memory.stat"))
  }

  /// Reads lines `8:0 Read 4096`; the last line is `Total 4096`, over all devices.
  private func blockEntries(
    _ directory: ControlDirectory, _ file: String
  ) throws(CgroupError) -> [CgroupStatistics.BlockIO.Entry] {
    (try directory.text(file) ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count == 3, let device = deviceNumber(words[0]), let value = UInt64(words[2]) else { return nil }
      return .init(device: device, operation: String(words[1]), value: value)
    }
  }
}

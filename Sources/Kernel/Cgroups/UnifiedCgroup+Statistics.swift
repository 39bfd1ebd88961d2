extension UnifiedCgroup {
  func statistics() throws(CgroupError) -> CgroupStatistics {
    var statistics = CgroupStatistics()
    statistics.cpu = try cpuStatistics()
    if let usage = try directory.number("memory.current") {
      let events = try directory.table("memory.events")
      statistics.memory = .init(
        usage: usage,
        peakUsage: try directory.number("memory.peak"),
        limit: try directory.number("memory.max"),
        limitHits: events["max"] ?? 0,
        limitFailures: events["oom"] ?? 0,
        oomKills: events["oom_kill"] ?? 0,
        details: try directory.table("memory.stat"))
    }
    if let current = try directory.number("pids.current") {
      statistics.tasks = .init(current: current, limit: try directory.number("pids.max"))
    }
    statistics.blockIO = try blockStatistics()
    return statistics
  }

  private func cpuStatistics() throws(CgroupError) -> CgroupStatistics.CPU? {
    // There even without the controller, but then without the lines on throttling. In microseconds.
    let table = try directory.table("cpu.stat")
    guard let total = table["usage_usec"] else { return nil }
    return .init(
      total: total &* 1000,
      user: (table["user_usec"] ?? 0) &* 1000,
      system: (table["system_usec"] ?? 0) &* 1000,
      periods: table["nr_periods"] ?? 0,
      throttledPeriods: table["nr_throttled"] ?? 0,
      throttledTime: (table["throttled_usec"] ?? 0) &* 1000)
  }

  /// Reads lines `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`.
  private func blockStatistics() throws(CgroupError) -> CgroupStatistics.BlockIO? {
    guard let text = try directory.text("io.stat") else { return nil }
    var result = CgroupStatistics.BlockIO(bytes: [], operations: [])
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard let first = words.first, let device = deviceNumber(first) else { continue }
      for word in words.dropFirst() {
        let pair = word.split(separator: "=")
        guard pair.count == 2, let value = UInt64(pair[1]) else { continue }
        switch pair[0] {
        case "rbytes": result.bytes.append(.init(device: device, operation: "read", value: value))
        case "wbytes": result.bytes.append(.init(device: device, operation: "write", value: value))
        case "rios": result.operations.append(.init(device: device, operation: "read", value: value))
        case "wios": result.operations.append(.init(device: device, operation: "write", value: value))
        default: break
        }
      }
    }
    return result
  }
}

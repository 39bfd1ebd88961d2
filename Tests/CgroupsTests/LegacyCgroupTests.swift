@testable import Cgroups
import Glibc
import Linux
import Testing

@Suite("Cgroup v1", .enabled(if: Backend.legacy.mountedRoot != nil)) struct LegacyCgroupTests {
  @Test("apply: every limit is in the kernel's files afterwards")
  func appliesLimits() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var limits = CgroupLimits()
      limits.memory.limit = .atMost(64 << 20)
      limits.memory.memoryAndSwap = .atMost(128 << 20)
      limits.memory.reservation = .atMost(32 << 20)
      limits.memory.swappiness = 10
      limits.memory.isOOMKillerDisabled = true
      limits.cpu.shares = 512
      limits.cpu.quota = .atMost(50_000)
      limits.cpu.period = 200_000
      limits.cpu.burst = 10_000
      limits.cpu.cpus = "0"
      limits.cpu.memoryNodes = "0"
      limits.tasks = .atMost(17)
      try cgroup.apply(limits)
      let files = [
        "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes", "memory.swappiness",
        "cpu.shares", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.cfs_burst_us", "cpuset.cpus", "cpuset.mems",
        "pids.max",
      ]
      let text = try files.map { "\($0) \(try control(cgroup, $0))" }.joined(separator: "\n")
      #expect(
        text == """
          memory.limit_in_bytes 67108864
          memory.memsw.limit_in_bytes 134217728
          memory.soft_limit_in_bytes 33554432
          memory.swappiness 10
          cpu.shares 512
          cpu.cfs_quota_us 50000
          cpu.cfs_period_us 200000
          cpu.cfs_burst_us 10000
          cpuset.cpus 0
          cpuset.mems 0
          pids.max 17
          """)
      #expect(try control(cgroup, "memory.oom_control").hasPrefix("oom_kill_disable 1"))
    }
  }

  @Test("apply: memory and its sum with swap grow, shrink and are lifted together")
  func updatesMemoryInOrder() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var seen: [String] = []
      let steps: [(CgroupLimits.Ceiling?, CgroupLimits.Ceiling?)] = [
        (.atMost(32 << 20), .atMost(64 << 20)), (.atMost(128 << 20), .atMost(256 << 20)),
        (.atMost(16 << 20), .atMost(16 << 20)), (.unlimited, nil), (.atMost(16 << 20), .unlimited),
      ]
      for (limit, total) in steps {
        var limits = CgroupLimits()
        limits.memory.limit = limit
        limits.memory.memoryAndSwap = total
        try cgroup.apply(limits)
        let values = try ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"].map { file in
          let bytes = try #require(Int64(try control(cgroup, file)))
          return bytes > 1 << 50 ? "unlimited" : "\(bytes >> 20)"
        }
        seen.append(values.joined(separator: " "))
      }
      #expect(seen == ["32 64", "128 256", "16 16", "unlimited unlimited", "16 unlimited"])
    }
  }

  @Test("apply: quota and period change in whichever order the kernel takes")
  func updatesCPUTimes() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var limits = CgroupLimits()
      limits.cpu.quota = .atMost(100_000)
      limits.cpu.burst = 100_000
      try cgroup.apply(limits)
      // The burst may not be more than the quota, so it must shrink first here.
      limits.cpu.quota = .atMost(20_000)
      limits.cpu.burst = 5_000
      try cgroup.apply(limits)
      #expect(try control(cgroup, "cpu.cfs_quota_us") == "20000")
      #expect(try control(cgroup, "cpu.cfs_burst_us") == "5000")
    }
  }

  @Test("apply: a value that the kernel refuses is named with its file")
  func namesRefusedValue() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var limits = CgroupLimits()
      limits.cpu.cpus = "0-4095"
      let file = try #require(directories(of: cgroup).first { access("\($0)/cpuset.cpus", F_OK) == 0 }) + "/cpuset.cpus"
      let error = #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      guard case .refused(file, "0-4095", _)? = error else { throw try #require(error) }
    }
  }

  @Test("apply: a v2 file is refused by name")
  func refusesUnified() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var limits = CgroupLimits()
      limits.unified = ["memory.high": "1"]
      let error = #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      #expect(error?.description == "cannot set \"memory.high\": this host has cgroup v1, which has no such file")
    }
  }

  @Test("watchOOM: a process that is killed for memory is noticed and counted")
  func noticesOOM() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      var limits = CgroupLimits()
      limits.memory.limit = .atMost(8 << 20)
      limits.memory.memoryAndSwap = .atMost(8 << 20)
      try cgroup.apply(limits)
      let watch = try cgroup.watchOOM()
      #expect(try watch.kills() == 0)
      let script = try WaitingScript("exec tail /dev/zero 2>&-")
      try script.join(cgroup)
      try script.go()
      #expect(try watch.descriptor.waitUntilReadable(milliseconds: 20_000))
      try cgroup.waitUntilEmpty(within: .seconds(20))
      #expect(try watch.kills() == 1)
      try watch.acknowledge()
      #expect(try !watch.descriptor.waitUntilReadable(milliseconds: 0))
      #expect(try cgroup.statistics().memory?.oomKills == 1)
    }
  }

  @Test("statistics: limits and counts are those of the kernel's files")
  func statistics() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      #expect(try cgroup.statistics().memory?.limit == nil)
      #expect(try cgroup.statistics().tasks == .init(current: 0, limit: nil))
      var limits = CgroupLimits()
      limits.memory.limit = .atMost(64 << 20)
      limits.tasks = .atMost(9)
      try cgroup.apply(limits)
      let script = try WaitingScript("true")
      try script.join(cgroup)
      let statistics = try cgroup.statistics()
      #expect(statistics.tasks == .init(current: 1, limit: 9))
      let memory = try #require(statistics.memory)
      #expect(memory.limit == 64 << 20)
      #expect(memory.details["hierarchical_memory_limit"] == 64 << 20)
      #expect(try #require(statistics.cpu).perProcessor.count >= 1)
      #expect(statistics.blockIO?.bytes == [])
    }
  }
}

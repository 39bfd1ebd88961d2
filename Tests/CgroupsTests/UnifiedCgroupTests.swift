@testable import Cgroups
import Glibc
import Linux
import Testing

/// v2's control files, imitated by plain ones: what is written to them stays to be read.
@Suite("Cgroup v2") struct UnifiedCgroupTests {
  @Test("apply: every limit is written in v2's terms")
  func appliesLimits() throws {
    var limits = CgroupLimits()
    limits.memory.limit = .atMost(64 << 20)
    limits.memory.memoryAndSwap = .atMost(96 << 20)
    limits.memory.reservation = .unlimited
    limits.cpu.shares = 1024
    limits.cpu.quota = .atMost(50_000)
    limits.cpu.period = 200_000
    limits.cpu.burst = 10_000
    limits.cpu.isIdle = false
    limits.cpu.cpus = "0-1"
    limits.cpu.memoryNodes = "0"
    limits.tasks = .unlimited
    limits.blockIO.weight = 500
    limits.blockIO.writesPerSecond = [.init(device: DeviceNumber(8, 16), rate: 0)]
    limits.hugePages = [.init(pageSize: "2MB", limit: 4 << 20)]
    limits.unified = ["memory.high": "123"]
    try withFiles([
      "memory.max", "memory.low", "memory.swap.max", "memory.high", "cpu.weight", "cpu.max", "cpu.max.burst",
      "cpu.idle", "cpuset.cpus", "cpuset.mems", "pids.max", "io.weight", "io.max", "hugetlb.2MB.max",
    ]) { cgroup, files in
      try cgroup.apply(limits)
      #expect(
        try files() == """
          cpu.idle 0
          cpu.max 50000 200000
          cpu.max.burst 10000
          cpu.weight 100
          cpuset.cpus 0-1
          cpuset.mems 0
          hugetlb.2MB.max 4194304
          io.max 8:16 wiops=max
          io.weight 4950
          memory.high 123
          memory.low max
          memory.max 67108864
          memory.swap.max 33554432
          pids.max max
          """)
    }
  }

  @Test("apply: a missing control says which limit needs it")
  func namesMissingControl() throws {
    try withFiles([]) { cgroup, _ in
      var limits = CgroupLimits()
      limits.tasks = .atMost(4)
      let error = #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      #expect(error?.description == "cannot set limit of processes: this host has no pids.max")
    }
  }

  @Test(
    "swap: memory and swap together become swap alone",
    arguments: [
      (nil, .atMost(10), "cannot set swap limit 10: it includes the memory, which is not limited"),
      (.atMost(10), .atMost(4), "cannot set swap limit 4: it is less than the memory limit 10"),
      (.atMost(10), .atMost(10), "0"), (.atMost(10), .unlimited, "max"), (.unlimited, nil, "max"),
    ] as [(CgroupLimits.Ceiling?, CgroupLimits.Ceiling?, String)])
  func swap(limit: CgroupLimits.Ceiling?, total: CgroupLimits.Ceiling?, expected: String) throws {
    try withFiles(["memory.max", "memory.swap.max"]) { cgroup, _ in
      var limits = CgroupLimits()
      limits.memory.limit = limit
      limits.memory.memoryAndSwap = total
      do {
        try cgroup.apply(limits)
        #expect(try control(cgroup, "memory.swap.max") == expected)
      } catch let error as CgroupError { #expect(error.description == expected) }
    }
  }

  @Test("update: swap alone is counted from the memory limit that is in force")
  func swapAlone() throws {
    try withFiles(["memory.max", "memory.swap.max"]) { cgroup, _ in
      try writeExisting("\(directories(of: cgroup)[0])/memory.max", "1000\n")
      var limits = CgroupLimits()
      limits.memory.memoryAndSwap = .atMost(1500)
      try cgroup.apply(limits)
      #expect(try control(cgroup, "memory.swap.max") == "500")
    }
  }

  @Test("update: a period alone keeps the quota, and a quota the period")
  func bandwidth() throws {
    try withFiles(["cpu.max"]) { cgroup, files in
      try writeExisting("\(directories(of: cgroup)[0])/cpu.max", "30000 100000")
      var limits = CgroupLimits()
      limits.cpu.period = 50_000
      try cgroup.apply(limits)
      #expect(try files().hasPrefix("cpu.max 30000 50000"))
    }
  }

  @Test("what v2 cannot do is refused by name")
  func refuses() throws {
    try withFiles([]) { cgroup, _ in
      var limits = CgroupLimits()
      limits.memory.isOOMKillerDisabled = true
      #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      limits = CgroupLimits()
      limits.memory.swappiness = 3
      #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
      limits = CgroupLimits()
      limits.unified = ["../../etc/passwd": "x"]
      #expect(throws: CgroupError.self) { try cgroup.apply(limits) }
    }
  }

  @Test("create: controllers that we use are enabled on the way down")
  func enablesControllers() throws {
    try withTemporaryDirectory { root in
      let base = try open(root, O_RDONLY | O_DIRECTORY)
      try replaceFile("cgroup.controllers", at: .directory(base), Array("cpuset cpu io memory hugetlb pids rdma".utf8))
      try replaceFile("cgroup.subtree_control", at: .directory(base), Array("".utf8))
      let cgroup = try CgroupHierarchy.unified(root: root).cgroup(at: "/skiff/one")
      try cgroup.create()
      #expect(try readText("\(root)/cgroup.subtree_control") == "+cpuset +cpu +io +memory +hugetlb +pids")
      #expect(try status(of: "\(root)/skiff/one").isDirectory)
    }
  }

  @Test("statistics: v2's files in units of v1")
  func statistics() throws {
    try withFiles([]) { cgroup, _ in
      let directory = try open(directories(of: cgroup)[0], O_RDONLY | O_DIRECTORY)
      for (name, text) in [
        ("cpu.stat", "usage_usec 50\nuser_usec 30\nsystem_usec 20\nnr_periods 4\nnr_throttled 2\nthrottled_usec 7\n"),
        ("memory.current", "4096\n"), ("memory.max", "max\n"), ("memory.peak", "8192\n"),
        ("memory.stat", "anon 1\nfile 2\n"), ("memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n"),
        ("pids.current", "2\n"), ("pids.max", "10\n"),
        ("io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"),
      ] { try replaceFile(name, at: .directory(directory), Array(text.utf8)) }
      let disk = DeviceNumber(8, 0)
      #expect(
        try cgroup.statistics()
          == CgroupStatistics(
            cpu: .init(
              total: 50_000, user: 30_000, system: 20_000, periods: 4, throttledPeriods: 2, throttledTime: 7_000),
            memory: .init(
              usage: 4096, peakUsage: 8192, limit: nil, limitHits: 3, limitFailures: 1, oomKills: 1,
              details: ["anon": 1, "file": 2]),
            tasks: .init(current: 2, limit: 10),
            blockIO: .init(
              bytes: [
                .init(device: disk, operation: "read", value: 1), .init(device: disk, operation: "write", value: 2),
              ],
              operations: [
                .init(device: disk, operation: "read", value: 3), .init(device: disk, operation: "write", value: 4),
              ])))
    }
  }

  @Test("watchOOM: a change of memory.events is noticed")
  func watchesEvents() throws {
    try withFiles(["memory.events"]) { cgroup, _ in
      let watch = try cgroup.watchOOM()
      #expect(try !watch.descriptor.waitUntilReadable(milliseconds: 0))
      try writeExisting("\(directories(of: cgroup)[0])/memory.events", "oom 1\noom_kill 2\n")
      #expect(try watch.descriptor.waitUntilReadable(milliseconds: 0))
      #expect(try watch.kills() == 2)
      try watch.acknowledge()
      #expect(try !watch.descriptor.waitUntilReadable(milliseconds: 0))
    }
  }

  @Test(
    "CPU shares: the ends and the defaults meet",
    arguments: [(0, 1), (2, 1), (512, 59), (1024, 100), (2048, 174), (262144, 10000)] as [(UInt64, UInt64)])
  func weight(shares: UInt64, weight: UInt64) { #expect(cpuWeight(shares: shares) == weight) }

  /// Runs `body` with a cgroup that has these empty files, and a function that lists what they say.
  private func withFiles(_ names: [String], _ body: (any Cgroup, () throws -> String) throws -> Void) throws {
    try withTemporaryDirectory { root in
      try makeDirectory("\(root)/group")
      let directory = try open("\(root)/group", O_RDONLY | O_DIRECTORY)
      for name in names { try replaceFile(name, at: .directory(directory), []) }
      try body(try CgroupHierarchy.unified(root: root).cgroup(at: "/group")) {
        try directory.entries().sorted().map { "\($0) \(try readText($0, at: .directory(directory)))" }
          .joined(separator: "\n")
      }
    }
  }
}

@testable import Cgroups
import Glibc
import Linux
import Testing

/// What v1 and v2 promise alike, on the kernel's own file systems.
@Suite("Cgroup") struct CgroupConformanceTests {
  @Test("create: a cgroup that is there is not taken over", arguments: Backend.available)
  func createRefusesWhatIsThere(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      #expect(throws: CgroupError.exists(path: cgroup.path)) { try cgroup.create() }
      #expect(directories(of: cgroup).allSatisfy { access($0, F_OK) == 0 })
    }
  }

  @Test("create: an attempt that fails in the middle leaves nothing", .enabled(if: Backend.legacy.mountedRoot != nil))
  func createRollsBack() throws {
    try Backend.legacy.withCgroup { cgroup in
      let last = try #require(directories(of: cgroup).last)
      try makeDirectories(last)
      #expect(throws: CgroupError.exists(path: cgroup.path)) { try cgroup.create() }
      #expect(directories(of: cgroup).filter { access($0, F_OK) == 0 } == [last])
    }
  }

  @Test("remove: goes with all cgroups that were made inside, however deep, and twice", arguments: Backend.available)
  func removesDepth(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      for directory in directories(of: cgroup) {
        try makeDirectories("\(directory)/a/b/c/d/e/f/g")
        try makeDirectories("\(directory)/a/b2/c")
      }
      try cgroup.remove()
      #expect(directories(of: cgroup).filter { access($0, F_OK) == 0 } == [])
      try cgroup.remove()
    }
  }

  @Test("remove: a cgroup with a process in it is kept and named", arguments: Backend.available)
  func removeKeepsOccupied(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let script = try WaitingScript("true")
      try script.join(cgroup)
      let first = try #require(directories(of: cgroup).first)
      #expect(throws: CgroupError.occupied(path: first)) { try cgroup.remove() }
      #expect(try cgroup.processes() == [script.pid])
      try cgroup.kill()
      try cgroup.waitUntilEmpty(within: .seconds(10))
    }
  }

  @Test("processes: also those in cgroups inside are found and killed", arguments: Backend.available)
  func killsBelow(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      #expect(try !cgroup.isPopulated())
      let script = try WaitingScript("true")
      try script.join(cgroup)
      for directory in directories(of: cgroup) {
        try makeDirectory("\(directory)/inner")
        for name in ["cpuset.cpus", "cpuset.mems"] where access("\(directory)/inner/\(name)", F_OK) == 0 {
          try writeExisting("\(directory)/inner/\(name)", try readText("\(directory)/\(name)"))
        }
        try writeExisting("\(directory)/inner/cgroup.procs", "\(script.pid)")
      }
      #expect(try cgroup.isPopulated())
      #expect(try cgroup.processes() == [script.pid])
      try cgroup.kill()
      try cgroup.waitUntilEmpty(within: .seconds(10))
      #expect(try !cgroup.isPopulated())
    }
  }

  @Test("freeze: a frozen process makes no progress until it is thawed", arguments: Backend.available)
  func freezes(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let script = try WaitingScript("echo ran")
      try script.join(cgroup)
      try cgroup.freeze(within: .seconds(10))
      #expect(try cgroup.isFrozen())
      try cgroup.thaw()
      #expect(try !cgroup.isFrozen())
      #expect(try script.run() == "ran\n")
    }
  }

  @Test("kill: a frozen process dies too", arguments: Backend.available)
  func killsFrozen(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let script = try WaitingScript("true")
      try script.join(cgroup)
      try cgroup.freeze(within: .seconds(10))
      try cgroup.kill()
      try cgroup.waitUntilEmpty(within: .seconds(10))
      try cgroup.remove()
    }
  }

  @Test("waitUntilEmpty: gives up at its deadline", arguments: Backend.available)
  func waitGivesUp(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let script = try WaitingScript("true")
      try script.join(cgroup)
      #expect(throws: CgroupError.timedOut(path: cgroup.path, waitingFor: "its processes have ended")) {
        try cgroup.waitUntilEmpty(within: .milliseconds(20))
      }
    }
  }

  @Test("devices: the last rule that fits decides, and a new list replaces the old", arguments: Backend.available)
  func devices(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let probe = "for d in null zero full; do (: < /dev/$d) 2>&- && echo $d yes || echo $d no; done"
      var limits = CgroupLimits()
      limits.devices = [
        DeviceRule(isAllowed: true, subject: .everything),
        DeviceRule(isAllowed: false, subject: .everything),
        DeviceRule(isAllowed: true, subject: .character(major: 1, minor: 3)),
        DeviceRule(isAllowed: true, subject: .character(major: 1, minor: 5), access: .read),
        DeviceRule(isAllowed: true, subject: .character(major: nil, minor: nil), access: .makeNode),
      ]
      try cgroup.apply(limits)
      let first = try WaitingScript(probe)
      try first.join(cgroup)
      #expect(try first.run() == "null yes\nzero yes\nfull no\n")

      limits.devices = [
        DeviceRule(isAllowed: true, subject: .everything),
        DeviceRule(isAllowed: false, subject: .character(major: 1, minor: 5)),
      ]
      try cgroup.apply(limits)
      let second = try WaitingScript(probe)
      try second.join(cgroup)
      #expect(try second.run() == "null yes\nzero no\nfull yes\n")
    }
  }

  @Test("statistics: CPU time of its processes is counted", arguments: Backend.available)
  func countsCPU(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      try cgroup.create()
      let script = try WaitingScript("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done")
      try script.join(cgroup)
      #expect(try script.run() == "done\n")
      #expect(try #require(try cgroup.statistics().cpu).total > 0)
    }
  }

  @Test("a cgroup that is not there has no processes and no statistics", arguments: Backend.available)
  func absent(backend: Backend) throws {
    try backend.withCgroup { cgroup in
      #expect(try cgroup.processes() == [])
      #expect(try !cgroup.isPopulated())
      #expect(try cgroup.statistics() == CgroupStatistics())
      try cgroup.waitUntilEmpty(within: .zero)
      try cgroup.kill()
      try cgroup.remove()
    }
  }
}

@Suite("Cgroup entry") struct CgroupEntryTests {
  @Test("v1: enter puts the caller into every tree", .enabled(if: Backend.legacy.mountedRoot != nil))
  func entersEveryTree() throws {
    try Backend.legacy.withCgroup { cgroup in
      try cgroup.create()
      let entry = try cgroup.entry()
      #expect(entry.cloneTarget == nil)
      // Only the thread writes it, and it has ended when it is read.
      nonisolated(unsafe) var lines: [String] = []
      onThread {
        try? entry.enter()
        lines = ((try? readText("/proc/thread-self/cgroup")) ?? "").split(separator: "\n").map(String.init)
      }
      let inside = lines.filter { $0.hasSuffix(cgroup.path) }
      #expect(inside.count == directories(of: cgroup).count, "\(lines)")
    }
  }

  @Test("v2: a child cloned into the target is inside", .enabled(if: Backend.unified.mountedRoot != nil))
  func clonesInside() throws {
    try Backend.unified.withCgroup { cgroup in
      try cgroup.create()
      let entry = try cgroup.entry()
      // The child does nothing that could need a lock which another thread of this process held.
      switch try fork(cgroup: entry.cloneTarget) {
      case .child: while true { pause() }
      case .parent(let child):
        #expect(try cgroup.processes() == [child.pid])
        try cgroup.kill()
        #expect(try child.wait() == .signaled(SIGKILL))
      }
    }
  }
}

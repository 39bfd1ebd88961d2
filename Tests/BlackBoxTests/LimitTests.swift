import Glibc
import Linux
import OCI
import Testing

@Suite("run: limits") struct LimitTests {
  @Test("resource limits are set")
  func resourceLimits() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.rlimits = [
        RuntimeSpec.Rlimit(type: .openFiles, soft: 100, hard: 200), RuntimeSpec.Rlimit(type: .core, soft: 0, hard: 0),
      ]
      let outcome = try monitor.script(
        "ulimit -Sn; ulimit -Hn; ulimit -c; cat /proc/self/limits | grep -c 'Max open files *100 *200 '")
      #expect(outcome.lines == ["100", "200", "0", "1"])
    }
  }

  @Test("the OOM score is set, also where the image has no /proc")
  func oomScore() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.oomScoreAdj = 500
      #expect(try monitor.run(["cat", "/proc/self/oom_score_adj"]).text == "500\n")
      monitor.spec.mounts.removeAll { $0.destination == "/proc" }
      #expect(try monitor.run(["true"]) == Outcome(code: 0, output: [], errors: ""))
    }
  }

  @Test("the OOM score is not written to a file that the image has at /proc")
  func oomScoreOfImage() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.oomScoreAdj = 500
      monitor.spec.mounts.removeAll { $0.destination == "/proc" }
      try makeDirectories("\(monitor.rootfs)/proc/self")
      try replaceFile("\(monitor.rootfs)/proc/self/oom_score_adj", Array("mine".utf8))
      #expect(try monitor.run(["cat", "/proc/self/oom_score_adj"]).text == "mine")
    }
  }

  /// A limit as the container's own cgroup files tell it: of v1 and of v2.
  struct Limit: CustomTestStringConvertible {
    let resources: RuntimeSpec.Resources
    let legacy: (file: String, text: String)
    let unified: (file: String, text: String)
    var testDescription: String { unified.file }
  }

  static let limits = [
    Limit(
      resources: RuntimeSpec.Resources(memory: RuntimeSpec.Memory(limit: 33_554_432)),
      legacy: ("memory/memory.limit_in_bytes", "33554432"), unified: ("memory.max", "33554432")),
    Limit(
      resources: RuntimeSpec.Resources(cpu: RuntimeSpec.CPU(quota: 50_000, period: 100_000)),
      legacy: ("cpu/cpu.cfs_quota_us", "50000"), unified: ("cpu.max", "50000 100000")),
    Limit(
      resources: RuntimeSpec.Resources(cpu: RuntimeSpec.CPU(cpus: "0")), legacy: ("cpuset/cpuset.cpus", "0"),
      unified: ("cpuset.cpus", "0")),
    Limit(
      resources: RuntimeSpec.Resources(pids: RuntimeSpec.Pids(limit: 20)), legacy: ("pids/pids.max", "20"),
      unified: ("pids.max", "20")),
  ]

  @Test("cgroup limits can be read back inside", arguments: limits)
  func cgroupLimits(limit: Limit) throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.resources = limit.resources
      let outcome = try monitor.script(
        "cd /sys/fs/cgroup; [ -e cgroup.controllers ] && cat \(limit.unified.file) || cat \(limit.legacy.file)")
      let isUnified = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0
      #expect(outcome.text == (isUnified ? limit.unified.text : limit.legacy.text) + "\n")
    }
  }

  @Test("a container that needs more memory than its limit is killed: 137")
  func outOfMemory() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.resources = RuntimeSpec.Resources(
        memory: RuntimeSpec.Memory(limit: 33_554_432, swap: 33_554_432))
      #expect(try monitor.run(["dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1"]).code == 137)
    }
  }

  @Test("no more processes than the limit")
  func processes() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.resources = RuntimeSpec.Resources(pids: RuntimeSpec.Pids(limit: 2))
      // The shell, one sleep, and no more.
      let outcome = try monitor.script("sleep 1000 & (sleep 1000) & wait")
      #expect(outcome.errors == "sh: can't fork: Resource temporarily unavailable\n")
      #expect(outcome.code == 2)
    }
  }

  @Test("a limit that the kernel does not take is an error that names it, and nothing is left")
  func refusedLimit() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.resources = RuntimeSpec.Resources(cpu: RuntimeSpec.CPU(cpus: "4000"))
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("cpuset.cpus"), "\(outcome)")
    }
  }
}

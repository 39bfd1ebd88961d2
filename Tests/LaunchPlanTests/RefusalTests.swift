import LaunchPlan
import Testing

/// In the words that a real Docker 28.5, or its runc, used for the same request.
@Suite("refusals of a plan")
struct RefusalTests {
  @Test("capabilities")
  func capabilities() {
    #expect(
      Fixture.error { $0.spec.security.addedCapabilities = ["foo"] }
        == "invalid CapAdd: unknown capability: \"CAP_FOO\"")
    #expect(
      Fixture.error { $0.spec.security.droppedCapabilities = ["BAR"] }
        == "invalid CapDrop: unknown capability: \"CAP_BAR\"")
    #expect(
      Fixture.error { $0.spec.security.addedCapabilities = ["SYS_RESOURCE"] }
        == "invalid CapAdd: capability not supported by your kernel or not available in the current environment: "
        + "\"CAP_SYS_RESOURCE\"")
  }

  @Test("memory")
  func memory() {
    func error(_ change: (inout ResourceSpec.MemoryLimits) -> Void) -> String? {
      Fixture.error { change(&$0.spec.resources.memory) }
    }
    #expect(error { $0.limit = 1 << 20 } == "Minimum memory limit allowed is 6MB")
    #expect(error { $0.limit = -5 } == "Minimum memory limit allowed is 6MB")
    #expect(error { $0.reservation = 1 } == "Minimum memory reservation allowed is 6MB")
    #expect(
      error { $0.memoryAndSwap = 1 << 30 }
        == "You should always set the Memory limit when using Memoryswap limit, see usage")
    #expect(
      error {
        $0.limit = 10 << 20
        $0.memoryAndSwap = 5 << 20
      } == "Minimum memoryswap limit should be larger than memory limit, see usage")
    #expect(error { $0.swappiness = 500 } == "Invalid value: 500, valid memory swappiness range is 0-100")
  }

  @Test("CPUs")
  func cpus() {
    func error(_ change: (inout ResourceSpec.CPULimits) -> Void) -> String? {
      Fixture.error { change(&$0.spec.resources.cpu) }
    }
    #expect(
      error { $0.nanoCPUs = 9_000_000_000 }
        == "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available")
    #expect(error { $0.cpus = "9" } == "Requested CPUs are not available - requested 9, available: 0-1")
    #expect(error { $0.cpus = "x" } == "Invalid value x for cpuset cpus: invalid format: x")
    #expect(error { $0.cpus = "1-0" } == "Invalid value 1-0 for cpuset cpus: invalid format: 1-0")
    #expect(
      error { $0.cpus = "0-99999999999" }
        == "Invalid value 0-99999999999 for cpuset cpus: value of out range, maximum is 8192")
    #expect(error { $0.quota = 10 } == "CPU cfs quota can not be less than 1ms (i.e. 1000)")
    #expect(
      error { $0.period = 5 }
        == "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
    #expect(error { $0.shares = -5 } == "invalid CPU shares (-5): value must be a positive integer")
    #expect(
      error {
        $0.nanoCPUs = 1
        $0.quota = 5000
      } == "Conflicting options: Nano CPUs and CPU Quota cannot both be set")
  }

  @Test("other numbers")
  func numbers() {
    #expect(Fixture.error { $0.spec.resources.sharedMemoryBytes = -1 } == "SHM size can not be less than 0")
    #expect(
      Fixture.error { $0.spec.resources.oomScoreAdjustment = 5000 }
        == "Invalid value 5000, range for oom score adj is [-1000, 1000]")
    #expect(throws: LaunchPlanError.self) { try ResourceSpec.Ulimit(name: "foo", soft: 1, hard: 1) }
  }

  @Test("options that exclude each other")
  func conflicts() {
    #expect(
      Fixture.error {
        $0.spec.namespaces.uts = .host
        $0.spec.network.hostname = "x"
      } == "conflicting options: hostname and the UTS mode")
    #expect(
      Fixture.error {
        $0.spec.network.mode = .container(id: "7dbbba22aa87")
        $0.spec.network.resolvers = ["1.1.1.1"]
      } == "conflicting options: dns and the network mode")
    #expect(
      Fixture.error {
        $0.spec.lifecycle.isRemovedAtEnd = true
        $0.spec.lifecycle.restart = .always
      } == "can't create 'AutoRemove' container with restart policy")
  }

  @Test(
    "a sysctl that is not the container's alone would set the host's",
    arguments: [
      ("foo", "sysctl \"foo\" is not in a separate kernel namespace"),
      ("kernel.core_pattern", "sysctl \"kernel.core_pattern\" is not in a separate kernel namespace"),
      ("kernel/core_pattern", "sysctl \"kernel/core_pattern\" is not in a separate kernel namespace"),
      (
        "net.../../kernel/core_pattern",
        "sysctl \"net.../../kernel/core_pattern\" is not in a separate kernel namespace"
      ),
      ("net...kernel.core_pattern", "sysctl \"net...kernel.core_pattern\" is not in a separate kernel namespace"),
      ("net.core.somaxconn", "sysctl \"net.core.somaxconn\" not allowed in host network namespace"),
      ("fs.mqueue.msg_max", "sysctl \"fs.mqueue.msg_max\" is not allowed in the hosts ipc namespace"),
      ("kernel.shmmax", "sysctl \"kernel.shmmax\" is not allowed in the hosts ipc namespace"),
      (
        "kernel.hostname",
        "sysctl \"kernel.hostname\" is not allowed as it conflicts with the OCI \"hostname\" field"
      ),
    ])
  func sysctls(name: String, text: String) {
    #expect(
      Fixture.error {
        $0.spec.network.mode = .host
        $0.spec.namespaces.ipc = .host
        $0.spec.devices.sysctls = [name: "1"]
      } == text)
  }

  @Test(
    "a device rule that is none",
    arguments: ["x", "c 1:2", "d 1:2 r", "c 1:2 rx", "c 1:2 rwmr", "c -1:2 r", "c +1:2 r"]
  )
  func deviceRules(rule: String) {
    #expect(
      Fixture.error { $0.spec.devices.cgroupRules = [rule] } == "invalid device cgroup rule format: '\(rule)'")
  }

  @Test("what is not there")
  func missing() {
    #expect(
      Fixture.error { $0.spec.devices.mappings = [.init("/dev/nope", at: "/dev/nope")] }
        == "error gathering device information while adding custom device \"/dev/nope\": no such file or directory")
    #expect(
      Fixture.error { $0.spec.namespaces.process = .container(id: "7dbbba22aa8778") }
        == "cannot join the pid namespace of container 7dbbba22aa87: it is not running")
  }

  @Test("another runtime is refused as Docker refuses one that it does not know")
  func runtime() throws {
    var fixture = try Fixture()
    fixture.spec.lifecycle.runtime = "kata"
    #expect(throws: LaunchPlanError.invalid("unknown or invalid runtime name: kata")) {
      _ = try fixture.spec.settle(on: fixture.host)
    }
  }

  @Test(
    "a log option that is not honoured is refused by its name",
    arguments: [
      ("compress", "true", "log option \"compress=true\" is not supported yet"),
      ("mode", "non-blocking", "log option \"mode=non-blocking\" is not supported yet"),
    ])
  func logOption(option: String, value: String, text: String) throws {
    var log = LogSpec()
    log.options[option] = value
    #expect(throws: LaunchPlanError(kind: .unsupported, text: text)) { try log.check() }
  }

  @Test("limits that the host does not have are taken out with Docker's warnings")
  func warnings() throws {
    var fixture = try Fixture()
    fixture.host.cgroups = .v2
    fixture.host.hasSwapLimit = false
    fixture.spec.resources.blockIO.weight = 5
    fixture.spec.resources.memory.limit = 64 << 20
    fixture.spec.resources.memory.swappiness = 500
    fixture.spec.resources.memory.isOOMKillerDisabled = true
    #expect(
      try fixture.spec.settle(on: fixture.host) == [
        "Your kernel does not support swap limit capabilities or the cgroup is not mounted. "
          + "Memory limited without swap.",
        "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. "
          + "Memory swappiness discarded.",
        "Your kernel does not support OomKillDisable. OomKillDisable discarded.",
        "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.",
      ])
    #expect(fixture.spec.resources.blockIO.weight == 0)
    #expect(fixture.spec.resources.memory.swappiness == nil)
    #expect(fixture.spec.resources.memory.memoryAndSwap == -1)
  }
}

import Cgroups
import OCI
import Runtime
import Testing

@Suite("Limits of a spec") struct ResourceLimitsTests {
  @Test("zero says nothing and a negative number says unlimited")
  func ceilings() throws {
    let limits = try CgroupLimits(
      RuntimeSpec.Resources(memory: RuntimeSpec.Memory(limit: 0, swap: -1), pids: RuntimeSpec.Pids(limit: 64)))
    #expect(limits.memory.limit == nil)
    #expect(limits.memory.memoryAndSwap == .unlimited)
    #expect(limits.tasks == .atMost(64))
  }

  @Test("a list of devices is completed by what every container may use")
  func devices() throws {
    let limits = try CgroupLimits(RuntimeSpec.Resources(devices: [RuntimeSpec.DeviceRule(allow: false, access: "rwm")]))
    #expect(limits.devices?.first == DeviceRule(isAllowed: false, subject: .everything))
    let null = DeviceRule(isAllowed: true, subject: .character(major: 1, minor: 3))
    #expect(limits.devices?.contains(null) == true)
  }

  @Test("no list of devices changes nothing")
  func noDevices() throws {
    #expect(try CgroupLimits(RuntimeSpec.Resources()).devices == nil)
  }

  @Test("rdma limits are refused by name")
  func refusesRDMA() {
    #expect(throws: RuntimeError(.unsupported, "linux.resources.rdma is not supported yet")) {
      try CgroupLimits(RuntimeSpec.Resources(rdma: ["mlx5_1": RuntimeSpec.RDMA(hcaHandles: 3)]))
    }
  }
}

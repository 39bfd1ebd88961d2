import LaunchPlan
import OCI
import Testing

/// As a real Docker 28.5 wrote them into its `config.json`.
@Suite("privileges in a plan")
struct PrivilegeTests {
  @Test("--cap-drop ALL with --cap-add leaves what was added")
  func droppedCapabilities() throws {
    var fixture = try Fixture()
    fixture.spec.security.droppedCapabilities = ["all"]
    fixture.spec.security.addedCapabilities = ["net_raw", "CAP_CHOWN"]
    #expect(
      try fixture.plan().runtime.process?.capabilities
        == RuntimeSpec.Capabilities(
          bounding: ["CAP_NET_RAW", "CAP_CHOWN"], effective: ["CAP_NET_RAW", "CAP_CHOWN"],
          permitted: ["CAP_NET_RAW", "CAP_CHOWN"]))
  }

  @Test("--cap-add and --cap-drop change the default ones")
  func changedCapabilities() throws {
    #expect(
      try Fixture.diff {
        $0.spec.security.addedCapabilities = ["SYSLOG", "CHOWN"]
        $0.spec.security.droppedCapabilities = ["CAP_MKNOD"]
      } == """
        - capability CAP_MKNOD
        + capability CAP_SYSLOG
        + seccomp SCMP_ACT_ALLOW syslog
        """)
  }

  @Test("--cap-add ALL gives what this host can give but for what is dropped")
  func allCapabilities() throws {
    var fixture = try Fixture()
    fixture.spec.security.addedCapabilities = ["ALL"]
    fixture.spec.security.droppedCapabilities = ["MKNOD"]
    #expect(
      try fixture.plan().runtime.process?.capabilities?.bounding
        == fixture.host.availableCapabilities.filter { $0 != "CAP_MKNOD" })
  }

  @Test("a device comes with its node and a rule, a directory with all that it has, a rule alone")
  func devices() throws {
    #expect(
      try Fixture.diff {
        $0.spec.devices.mappings = [
          .init("/dev/null", at: "/dev/mynull", access: "r"), .init("/dev/snd", at: "/dev/sound"),
        ]
        $0.spec.devices.cgroupRules = ["c 42:* rmw"]
        $0.inputs.devices = [
          "/dev/null": [HostDevice("/dev/null", .character, 1, 3)],
          "/dev/snd": [HostDevice("/dev/snd/seq", .character, 116, 1, mode: 0o660, gid: 29)],
        ]
      } == """
        + device /dev/mynull c 1:3 666 0:0
        + device /dev/sound/seq c 116:1 660 0:29
        + allow c 1:3 r
        + allow c 116:1 rwm
        + allow c 42:* rmw
        """)
  }

  @Test("privileged: all devices and capabilities, nothing masked or filtered, /sys and cgroups writable")
  func privileged() throws {
    var fixture = try Fixture()
    let plain = try fixture.plan().lines
    fixture.spec.security.isPrivileged = true
    fixture.spec.devices.mappings = [.init("/dev/fuse", at: "/dev/fuse"), .init("/dev/fuse", at: "/dev/other")]
    fixture.inputs.hostDevices = [HostDevice("/dev/fuse", .character, 10, 229, mode: 0o600)]
    fixture.inputs.devices = ["/dev/fuse": fixture.inputs.hostDevices]
    let plan = try fixture.plan()
    #expect(plan.runtime.process?.capabilities?.bounding == fixture.host.availableCapabilities)
    let changes = diff(plain, plan.lines).split(separator: "\n").filter { line in
      !["capability", "seccomp SCMP", "mask", "read-only", "deny"].contains { line.dropFirst(2).hasPrefix($0) }
    }
    #expect(
      changes.joined(separator: "\n") == """
        - mount /sys sysfs sysfs nosuid,noexec,nodev,ro
        - mount /sys/fs/cgroup cgroup cgroup ro,nosuid,noexec,nodev
        - allow c 1:5 rwm
        - allow c 1:3 rwm
        - allow c 1:9 rwm
        - allow c 1:8 rwm
        - allow c 5:0 rwm
        - allow c 5:1 rwm
        + mount /sys sysfs sysfs nosuid,noexec,nodev
        + mount /sys/fs/cgroup cgroup cgroup nosuid,noexec,nodev
        + device /dev/fuse c 10:229 600 0:0
        + device /dev/other c 10:229 600 0:0
        + allow a *:* rwm
        + seccomp unconfined
        """)
    #expect(plan.runtime.linux?.maskedPaths == [])
    #expect(plan.runtime.linux?.readonlyPaths == [])
  }
}

import LaunchPlan
import OCI

/// A host, a container and what its launch is given, each of which a test may change.
struct Fixture {
  static let id = "24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74"

  var spec: ContainerSpec
  var host = HostFacts(
    name: "vm", kernel: KernelVersion(6, 18), cgroups: .v1, cpuCount: 2, cpus: "0-1", memoryNodes: "0",
    hasSwapLimit: true, hasBlockIOWeight: false, knownCapabilities: Fixture.capabilities,
    availableCapabilities: Fixture.capabilities.filter { $0 != "CAP_SYS_RESOURCE" }, thermalThrottlePaths: [])
  var inputs = LaunchInputs(
    root: "/root", cgroup: "/featdocker/\(Fixture.id)",
    files: LaunchInputs.NetworkFiles(resolvConf: "/run/resolv.conf", hostname: "/run/hostname", hosts: "/run/hosts"))

  /// `busybox true` with an image that says nothing else.
  init() throws(LaunchPlanError) {
    var program = ProgramSpec()
    program.command = ["true"]
    spec = ContainerSpec(
      id: Fixture.id, name: "plain", image: .init(reference: "busybox", id: "sha256:0"),
      program: try program.merging(ImageConfig.Execution()))
  }

  /// Settles the container as its creation does, and plans a launch.
  func plan() throws(LaunchPlanError) -> LaunchPlan {
    var spec = spec
    _ = try spec.settle(on: host)
    return try LaunchPlan.make(spec, on: host, with: inputs)
  }

  /// What changes in the plan of a plain container by `change`, as the lines of a diff.
  static func diff(_ change: (inout Fixture) -> Void) throws(LaunchPlanError) -> String {
    let plain = try Fixture().plan()
    var changed = try Fixture()
    change(&changed)
    return LaunchPlanTests.diff(plain.lines, try changed.plan().lines)
  }

  /// The error of the plan that `change` makes, or nil.
  static func error(_ change: (inout Fixture) -> Void) -> String? {
    do {
      var fixture = try Fixture()
      change(&fixture)
      _ = try fixture.plan()
      return nil
    } catch { return error.text }
  }

  /// What Linux 6.18 has.
  static let capabilities = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
    "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
  ]
}

/// The lines that only one of two texts has: first those that went, then those that came.
func diff(_ old: [String], _ new: [String]) -> String {
  let difference = new.difference(from: old)
  func lines(_ sign: String, _ changes: [CollectionDifference<String>.Change]) -> [String] {
    changes.map { change in
      switch change {
      case .remove(_, let line, _), .insert(_, let line, _): "\(sign) \(line)"
      }
    }
  }
  return (lines("-", difference.removals) + lines("+", difference.insertions)).joined(separator: "\n")
}

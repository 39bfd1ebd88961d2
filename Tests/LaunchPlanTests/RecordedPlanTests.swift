import LaunchPlan
import OCI
import Testing

@Suite("plan of a plain container")
struct RecordedPlanTests {
  @Test("it differs from what the real Docker hands to runc only where we mean to")
  func plain() throws {
    let plan = try Fixture().plan()
    var recorded = plan
    recorded.runtime = try BoundedJSON.decode(RuntimeSpec.self, from: Array(recordedConfig.utf8))
    // The time namespace came after 28.5. Docker's rules stand there twice. Its cgroup namespace is the host's on v1,
    // ours is private everywhere.
    let files = "/var/lib/docker/containers/\(Fixture.id)"
    #expect(
      diff(recorded.lines, plan.lines) == """
        - root /var/lib/docker/rootfs/overlayfs/\(Fixture.id)
        - mount /etc/resolv.conf bind \(files)/resolv.conf rbind,rprivate
        - mount /etc/hostname bind \(files)/hostname rbind,rprivate
        - mount /etc/hosts bind \(files)/hosts rbind,rprivate
        - namespace time
        - deny a *:* rwm
        - allow c 1:5 rwm
        - allow c 1:3 rwm
        - allow c 1:9 rwm
        - allow c 1:8 rwm
        - allow c 5:0 rwm
        - allow c 5:1 rwm
        - deny c 10:229 rwm
        - mask /proc/acpi
        - mask /proc/sched_debug
        - mask /proc/scsi
        - mask /sys/devices/virtual/powercap
        + root /root
        + mount /etc/resolv.conf bind /run/resolv.conf rbind,rprivate
        + mount /etc/hostname bind /run/hostname rbind,rprivate
        + mount /etc/hosts bind /run/hosts rbind,rprivate
        + namespace cgroup
        + mask /proc/acpi
        + mask /proc/sched_debug
        + mask /proc/scsi
        + mask /sys/devices/virtual/powercap
        """)
  }

  @Test("its capabilities and paths are Docker's, in every set")
  func sets() throws {
    let plan = try Fixture().plan().runtime
    let recorded = try BoundedJSON.decode(RuntimeSpec.self, from: Array(recordedConfig.utf8))
    #expect(plan.process?.capabilities == recorded.process?.capabilities)
    #expect(plan.linux?.maskedPaths.sorted() == recorded.linux?.maskedPaths.sorted())
    #expect(plan.linux?.readonlyPaths == recorded.linux?.readonlyPaths)
    #expect(plan.linux?.resources?.memory == recorded.linux?.resources?.memory)
    #expect(plan.process?.oomScoreAdj == recorded.process?.oomScoreAdj)
  }
}

@Suite("seccomp profile")
struct SeccompTests {
  /// Every call of a profile with what is done to it, sorted.
  private func calls(_ profile: RuntimeSpec.SeccompProfile?) -> [String] {
    (profile?.syscalls ?? []).flatMap { rule in
      rule.names.map { name in
        let errno = rule.errnoRet.map { " \($0)" } ?? ""
        let conditions = rule.args.map { " if \($0.index) \($0.op) \($0.value)" }.joined()
        return "\(name) \(rule.action)\(errno)\(conditions)"
      }
    }.sorted()
  }

  private func recorded() throws -> RuntimeSpec.SeccompProfile? {
    try BoundedJSON.decode(RuntimeSpec.self, from: Array(recordedConfig.utf8)).linux?.seccomp
  }

  private func planned(_ change: (inout Fixture) -> Void = { _ in }) throws -> RuntimeSpec.SeccompProfile? {
    var fixture = try Fixture()
    change(&fixture)
    return try fixture.plan().runtime.linux?.seccomp
  }

  @Test("with the 14 default capabilities it is what the real Docker resolved")
  func plain() throws {
    let (planned, recorded) = (try planned(), try recorded())
    #expect(diff(calls(recorded), calls(planned)) == "")
    #expect(planned?.defaultAction == recorded?.defaultAction)
    #expect(planned?.defaultErrnoRet == recorded?.defaultErrnoRet)
    #expect(planned?.architectures == recorded?.architectures)
  }

  @Test("with SYS_ADMIN it changes as the real Docker's does")
  func administrator() throws {
    let planned = try planned { $0.spec.security.addedCapabilities = ["SYS_ADMIN"] }
    #expect(
      diff(calls(try recorded()), calls(planned)) == """
        - clone allow if 0 maskedEqual 2114060288
        - clone3 errno 38
        + bpf allow
        + clone allow
        + clone3 allow
        + fanotify_init allow
        + fsconfig allow
        + fsmount allow
        + fsopen allow
        + fspick allow
        + lookup_dcookie allow
        + lsm_get_self_attr allow
        + lsm_list_modules allow
        + lsm_set_self_attr allow
        + mount allow
        + mount_setattr allow
        + move_mount allow
        + open_tree allow
        + perf_event_open allow
        + quotactl allow
        + quotactl_fd allow
        + setdomainname allow
        + sethostname allow
        + setns allow
        + syslog allow
        + umount allow
        + umount2 allow
        + unshare allow
        """)
  }

  @Test("with all capabilities it lets those calls through that the real Docker does")
  func everything() throws {
    let planned = try planned { $0.spec.security.addedCapabilities = ["ALL"] }
    let came = Set(calls(planned)).subtracting(calls(try recorded()))
    #expect(
      came.sorted().joined(separator: " ").replacing(" allow", with: "") == """
        acct bpf clock_settime clock_settime64 clone clone3 delete_module fanotify_init finit_module fsconfig fsmount \
        fsopen fspick get_mempolicy init_module ioperm iopl kcmp lookup_dcookie lsm_get_self_attr lsm_list_modules \
        lsm_set_self_attr mbind mount mount_setattr move_mount open_by_handle_at open_tree perf_event_open pidfd_getfd \
        process_madvise quotactl quotactl_fd reboot set_mempolicy set_mempolicy_home_node setdomainname sethostname \
        setns settimeofday stime syslog umount umount2 unshare vhangup
        """)
  }

  @Test("without capabilities it takes chroot away, as the real Docker does")
  func nothing() throws {
    let planned = try planned { $0.spec.security.droppedCapabilities = ["all"] }
    #expect(diff(calls(try recorded()), calls(planned)) == "- chroot allow")
  }

  @Test("a privileged container has none unless it asks for one by name")
  func privileged() throws {
    #expect(try planned { $0.spec.security.isPrivileged = true } == nil)
    let named = try planned {
      $0.spec.security.isPrivileged = true
      $0.spec.security.seccomp = .builtin
    }
    #expect(named?.defaultAction == .errno)
  }

  @Test("before Linux 4.8 ptrace stays closed: it could have got around the filter")
  func oldKernel() throws {
    let planned = try planned { $0.host.kernel = KernelVersion(4, 7) }
    #expect(
      diff(calls(try recorded()), calls(planned)) == """
        - process_vm_readv allow
        - process_vm_writev allow
        - ptrace allow
        """)
  }

  @Test("a profile of the user's is resolved by the same rules")
  func ofTheUser() throws {
    let planned = try planned {
      $0.spec.security.seccomp = .profile(
        json: """
          {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64",
            "subArchitectures": null}], "syscalls": [
            {"names": ["mount"], "action": "SCMP_ACT_ERRNO", "args": null, "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"name": "reboot", "action": "SCMP_ACT_ERRNO", "errnoRet": 5, "includes": {}},
            {"names": ["new"], "action": "SCMP_ACT_KILL", "includes": {"minKernel": "7.0"}},
            {"names": ["arm"], "action": "SCMP_ACT_KILL", "includes": {"arches": ["arm64"]}}]}
          """)
    }
    #expect(calls(planned) == ["mount errno", "reboot errno 5"])
    #expect(planned?.architectures == [.x86_64])
  }

  @Test(
    "a profile that is none is refused with Docker's words",
    arguments: [
      ("{", "Decoding seccomp profile failed: invalid JSON: "),
      (
        #"{"architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]}"#,
        "both 'architectures' and 'archMap' are specified"
      ),
      (
        #"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"name": "a", "names": ["b"], "action": "SCMP_ACT_LOG"}]}"#,
        "both 'name' and 'names' are specified"
      ),
      (
        #"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"name": "a", "action": "SCMP_ACT_LOG","#
          + #" "includes": {"minKernel": "x"}}]}"#,
        "Decoding seccomp profile failed: invalid kernel version: x"
      ),
      (#"{"defaultAction": "SCMP_ACT_FOO"}"#, "Decoding seccomp profile failed: invalid JSON: defaultAction"),
    ])
  func malformed(json: String, text: String) {
    let error = Fixture.error { $0.spec.security.seccomp = .profile(json: json) }
    #expect(error?.hasPrefix(text) == true, "\(error ?? "no error")")
  }
}

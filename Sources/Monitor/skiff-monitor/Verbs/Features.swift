import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `features`
  static func features(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    try writeJSON(
      RuntimeFeatures(
        ociVersionMin: "1.0.0", ociVersionMax: RuntimeSpec.version,
        hooks: ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
        mountOptions: MountOptions.known,
        linux: RuntimeFeatures.LinuxFeatures(
          namespaces: [.cgroup, .ipc, .mount, .network, .pid, .time, .uts],
          capabilities: Capability.all.map(\.description),
          cgroup: RuntimeFeatures.Cgroup(v1: true, v2: true, systemd: false, systemdUser: false, rdma: false),
          seccomp: RuntimeFeatures.Seccomp(
            enabled: true, actions: [.allow, .errno, .kill, .killProcess, .killThread, .log, .trace, .trap],
            operators: RuntimeSpec.SeccompProfile.Comparison.allCases, archs: [.x86_64, .x86, .x32],
            knownFlags: RuntimeSpec.SeccompProfile.Flag.allCases, supportedFlags: [.tsync, .log, .specAllow]),
          apparmor: RuntimeFeatures.Switch(enabled: false), selinux: RuntimeFeatures.Switch(enabled: false),
          intelRdt: RuntimeFeatures.Switch(enabled: false),
          mountExtensions: RuntimeFeatures.MountExtensions(idmap: RuntimeFeatures.Switch(enabled: false)))))
    return 0
  }
}

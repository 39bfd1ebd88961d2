import Glibc
import Linux
import OCI

/// A root file system of Debian's busybox.
enum Busybox {
  private static let applets = [
    "sh", "ls", "cat", "echo", "true", "false", "sleep", "env", "id", "hostname", "grep", "head", "tail", "dd", "mkdir",
    "touch", "rm", "kill", "stat", "readlink", "mount", "umount", "mknod", "chmod", "chown", "pwd", "ps", "tty", "stty",
    "wc", "test", "md5sum", "sed", "ln", "yes", "seq", "printf", "mkfifo", "ip", "sync", "cut", "sort", "tr", "setsid",
    "nproc", "dnsdomainname", "su", "rmdir",
  ]

  /// Makes it at `path`, whose parents need not be there.
  static func makeRoot(_ path: String) throws {
    for directory in ["bin", "dev", "proc", "sys", "tmp", "etc"] { try makeDirectories("\(path)/\(directory)") }
    let candidates: [String] = ["/bin/busybox", "/usr/bin/busybox"]
    guard let busybox = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw TestFailure("there is no busybox: `scripts/setup` installs it")
    }
    // A hard link where it can be had: hundreds of copies would be a gigabyte.
    if Glibc.link(busybox, "\(path)/bin/busybox") != 0 {
      try replaceFile("\(path)/bin/busybox", try readFile(busybox, limit: 16 << 20), mode: 0o755)
    }
    for applet in applets { try symlink("busybox", "\(path)/bin/\(applet)") }
    try replaceFile(
      "\(path)/etc/passwd", Array("root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n".utf8),
      mode: 0o644)
  }
}

extension RuntimeSpec {
  /// Docker's default container, with busybox in it.
  static func busybox(cgroup: String) -> RuntimeSpec {
    RuntimeSpec(
      process: Process(
        env: ["PATH=/bin"], capabilities: Capabilities(bounding: docker, effective: docker, permitted: docker)),
      root: Root(path: "rootfs"), hostname: "busybox",
      mounts: [
        Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
        Mount(
          destination: "/dev", type: "tmpfs", source: "tmpfs",
          options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        Mount(
          destination: "/dev/pts", type: "devpts", source: "devpts",
          options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"]),
        Mount(
          destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
          options: ["ro", "nosuid", "noexec", "nodev"]),
        Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
        Mount(
          destination: "/dev/shm", type: "tmpfs", source: "shm",
          options: ["nosuid", "noexec", "nodev", "mode=1777", "size=8192k"]),
      ],
      linux: LinuxConfiguration(
        namespaces: [.pid, .network, .mount, .ipc, .uts, .cgroup].map { Namespace(type: $0) },
        cgroupsPath: cgroup,
        resources: Resources(devices: [DeviceRule(allow: false, access: "rwm")]),
        maskedPaths: [
          "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
          "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
        ],
        readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]))
  }

  /// Docker's 14 default capabilities.
  static let docker = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
    "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
  ]
}

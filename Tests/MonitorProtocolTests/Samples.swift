import OCI

@testable import MonitorProtocol

/// Values in which every member says something, for golden files and for finding what was forgotten.
enum Samples {
  static let launchID = LaunchID("000102030405060708090a0b0c0d0e0f") ?? .none

  /// Every member of the specification's types, also those that no record carries.
  static let everything = RuntimeSpec(
    process: process, root: RuntimeSpec.Root(path: "rootfs", readonly: true), hostname: "web",
    domainname: "example.org",
    mounts: [
      RuntimeSpec.Mount(
        destination: "/data", type: "bind", source: "/srv/data", options: ["rbind", "ro"],
        uidMappings: [mapping], gidMappings: [mapping])
    ],
    hooks: RuntimeSpec.Hooks(
      prestart: [hook], createRuntime: [hook], createContainer: [hook], startContainer: [hook], poststart: [hook],
      poststop: [hook]),
    annotations: ["dev.skiff.a": "1", "dev.skiff.b": "2"], linux: linux)

  /// The members that no record carries, and how a spec loses each.
  static let refused: [String: @Sendable (inout RuntimeSpec) -> Void] = [
    "hooks": { $0.hooks = nil },
    "process.apparmorProfile": { $0.process?.apparmorProfile = "" },
    "process.selinuxLabel": { $0.process?.selinuxLabel = "" },
    "process.ioPriority": { $0.process?.ioPriority = nil },
    "process.scheduler": { $0.process?.scheduler = nil },
    "process.execCPUAffinity": { $0.process?.execCPUAffinity = nil },
    "mounts.uidMappings": { $0.mounts[0].uidMappings = [] },
    "mounts.gidMappings": { $0.mounts[0].gidMappings = [] },
    "linux.uidMappings": { $0.linux?.uidMappings = [] },
    "linux.gidMappings": { $0.linux?.gidMappings = [] },
    "linux.timeOffsets": { $0.linux?.timeOffsets = [:] },
    "linux.netDevices": { $0.linux?.netDevices = [:] },
    "linux.seccomp": { $0.linux?.seccomp = nil },
    "linux.mountLabel": { $0.linux?.mountLabel = "" },
    "linux.intelRdt": { $0.linux?.intelRdt = nil },
    "linux.personality": { $0.linux?.personality = nil },
    "linux.memoryPolicy": { $0.linux?.memoryPolicy = nil },
  ]

  /// `everything` without those.
  static var carried: RuntimeSpec {
    var spec = everything
    for clear in refused.values { clear(&spec) }
    return spec
  }

  static let container = LaunchRecord(
    launchID: launchID,
    kind: .container(
      LaunchRecord.NewContainer(
        id: "4a7d",
        root: .overlay(
          LaunchRecord.Overlay(
            lowers: ["/s/2/fs", "/s/1/fs"], upper: LaunchRecord.Upper(path: "/s/3/fs", work: "/s/3/work"))),
        hasInit: true)),
    spec: carried, seccomp: LaunchRecord.Seccomp(program: [6, 0, 0, 0, 0, 0, 0xff, 0x7f], flags: 4), user: "web:www",
    additionalGroups: ["audio", "44"], input: .open,
    log: LaunchRecord.Log(
      format: .jsonFile(attributes: Array(#"{"a":"b"}"#.utf8)), segmentBytesMax: 10 << 20, segmentCountMax: 3),
    stopSignal: 15, cgroupPath: "/skiff/4a7d", exitRecordName: "exit",
    descriptors: [
      .networkNamespace, .attach([.stdin, .stdout, .stderr]), .logDirectory, .stateDirectory, .processNamespace,
      .ipcNamespace, .sharedMemoryOwner, .mountSource(destination: "/data"), .unknown(77),
    ])

  static let exec = LaunchRecord(
    launchID: launchID, kind: .exec(LaunchRecord.RunningContainer(pid: 4711, startTime: 123_456)),
    spec: RuntimeSpec(process: RuntimeSpec.Process(args: ["sh", "-c", ""], env: ["A=ä"])))

  static let exited = ExitRecord(
    launchID: launchID, outcome: .exited(code: 3), wasOutOfMemory: true,
    startedAtNanoseconds: 1_700_000_000_123_456_789,
    finishedAtNanoseconds: 1_700_000_001_000_000_000, stdoutBytes: 5, stderrBytes: 1 << 40)

  static let failed = ExitRecord(
    launchID: launchID, outcome: .failedToStart(Failure(kind: 3, text: "exec: \"nope\": not found")),
    finishedAtNanoseconds: 1_700_000_001_000_000_000)
}

extension Samples {
  static let requests: [(String, MonitorRequest)] = [
    ("hello", .hello(Hello())), ("launch of an exec", .launch(exec)), ("signal", .signal(9, toAll: true)),
    ("resize", .resize(rows: 24, columns: 80)), ("attach", .attach([.stdout, .stderr])), ("status", .status),
    ("pause", .pause), ("resume", .resume),
    ("updateLimits", .updateLimits(RuntimeSpec.Resources(memory: RuntimeSpec.Memory(limit: 64 << 20)))),
    ("input", .input(Array("ls\n".utf8))), ("closeInput", .closeInput),
  ]

  static let replies: [(String, MonitorReply)] = [
    ("hello", .hello(Hello())),
    ("started", .started(Started(pid: 4711, startTime: 123_456, atNanoseconds: 1_700_000_000_123_456_789))),
    ("failed", .failed(Failure(kind: 6, text: "the container is paused"))), ("exited", .exited(exited)),
    ("attached", .attached(StreamPositions(stdout: 0, stderr: 0))), ("done", .done),
    ("outOfMemory", .outOfMemory(count: 2)), ("stdout", .stdout(Array("out\n".utf8))),
    ("stderr", .stderr(Array("err\n".utf8))), ("lagged", .lagged(StreamPositions(stdout: 1 << 20, stderr: 7))),
  ]
}

extension Samples {
  private static let mapping = RuntimeSpec.IDMapping(containerID: 1, hostID: 100_000, size: 65_536)
  private static let hook = RuntimeSpec.Hook(path: "/bin/h", args: ["h"], env: ["A=b"], timeout: 3)

  private static let process = RuntimeSpec.Process(
    terminal: true, consoleSize: RuntimeSpec.ConsoleSize(height: 24, width: 80),
    user: RuntimeSpec.User(uid: 1000, gid: 100, umask: 0o22, additionalGids: [4, 27]),
    args: ["sleep", "1d"], env: ["PATH=/bin", "A=ä"], cwd: "/work",
    capabilities: RuntimeSpec.Capabilities(
      bounding: ["CAP_CHOWN"], effective: ["CAP_KILL"], permitted: ["CAP_FOWNER"], inheritable: ["CAP_SETUID"],
      ambient: ["CAP_SETGID"]),
    rlimits: [RuntimeSpec.Rlimit(type: .openFiles, soft: 1024, hard: 4096)], noNewPrivileges: true,
    apparmorProfile: "p", selinuxLabel: "l", oomScoreAdj: -500,
    ioPriority: RuntimeSpec.IOPriority(class: .idle, priority: 1),
    scheduler: RuntimeSpec.Scheduler(
      policy: .batch, nice: 1, priority: 1, flags: [.reclaim], runtime: 1, deadline: 1, period: 1),
    execCPUAffinity: RuntimeSpec.ExecCPUAffinity(initial: "0-1", final: "1"))

  private static let linux = RuntimeSpec.LinuxConfiguration(
    namespaces: [RuntimeSpec.Namespace(type: .network, path: "/proc/self/fd/7")], uidMappings: [mapping],
    gidMappings: [mapping], timeOffsets: ["boottime": RuntimeSpec.TimeOffset(secs: 1, nanosecs: 1)],
    devices: [
      RuntimeSpec.Device(
        type: .block, path: "/dev/sda", major: 8, minor: 1, fileMode: 0o660, uid: 5, gid: 6)
    ],
    netDevices: ["eth1": RuntimeSpec.NetDevice(name: "eth0")], cgroupsPath: "/skiff/4a7d", resources: resources,
    rootfsPropagation: "rslave",
    seccomp: RuntimeSpec.SeccompProfile(
      defaultAction: .errno, defaultErrnoRet: 38, architectures: [.x86_64], flags: [.log], listenerPath: "/l",
      listenerMetadata: "m",
      syscalls: [
        RuntimeSpec.SeccompProfile.Rule(
          names: ["read"], action: .allow, errnoRet: 1,
          args: [RuntimeSpec.SeccompProfile.Argument(index: 1, value: 2, valueTwo: 3, op: .equal)])
      ]),
    sysctl: ["net.ipv4.ip_forward": "1"], maskedPaths: ["/proc/kcore"], readonlyPaths: ["/proc/sys"],
    mountLabel: "m",
    intelRdt: RuntimeSpec.IntelRDT(
      closID: "c", schemata: ["s"], l3CacheSchema: "l", memBwSchema: "m", enableMonitoring: true),
    personality: RuntimeSpec.Personality(domain: .linux32, flags: ["f"]),
    memoryPolicy: RuntimeSpec.MemoryPolicy(mode: "MPOL_BIND", nodes: "0-1", flags: ["f"]))

  private static let resources = RuntimeSpec.Resources(
    devices: [RuntimeSpec.DeviceRule(allow: true, type: .character, major: 1, minor: 3, access: "rwm")],
    memory: RuntimeSpec.Memory(
      limit: 1 << 30, reservation: 1 << 29, swap: -1, kernel: 1, kernelTCP: 2, swappiness: 60,
      disableOOMKiller: true, useHierarchy: true, checkBeforeUpdate: true),
    cpu: RuntimeSpec.CPU(
      shares: 512, quota: 50_000, burst: 10, period: 100_000, realtimeRuntime: 5, realtimePeriod: 6, cpus: "0-1",
      mems: "0-1", idle: 1),
    pids: RuntimeSpec.Pids(limit: 100),
    blockIO: RuntimeSpec.BlockIO(
      weight: 100, leafWeight: 200,
      weightDevice: [RuntimeSpec.WeightDevice(major: 8, minor: 1, weight: 300, leafWeight: 400)],
      throttleReadBpsDevice: [throttle(1)], throttleWriteBpsDevice: [throttle(2)],
      throttleReadIOPSDevice: [throttle(3)], throttleWriteIOPSDevice: [throttle(4)]),
    hugepageLimits: [RuntimeSpec.HugepageLimit(pageSize: "2MB", limit: 4 << 20)],
    network: RuntimeSpec.Network(
      classID: 7, priorities: [RuntimeSpec.InterfacePriority(name: "eth0", priority: 5)]),
    rdma: ["mlx5_0": RuntimeSpec.RDMA(hcaHandles: 2, hcaObjects: 3)], unified: ["memory.high": "1000"])

  private static func throttle(_ rate: UInt64) -> RuntimeSpec.ThrottleDevice {
    RuntimeSpec.ThrottleDevice(major: 8, minor: 1, rate: rate)
  }
}

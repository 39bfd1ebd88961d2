/// What a container gets of its host.
package struct HostConfig: WireStruct {
  package var binds: [String]?
  package var containerIDFile = ""
  package var logConfig = LogConfig()
  package var networkMode = ""
  package var portBindings: [String: [PortBinding]?]?
  package var restartPolicy = RestartPolicy()
  package var autoRemove = false
  package var volumeDriver = ""
  package var volumesFrom: [String]?
  package var consoleSize: [Int]?
  package var annotations: [String: String]?
  package var capAdd: CommandWords?
  package var capDrop: CommandWords?
  package var cgroupnsMode = ""
  package var dns: [String]?
  package var dnsOptions: [String]?
  package var dnsSearch: [String]?
  package var extraHosts: [String]?
  package var groupAdd: [String]?
  package var ipcMode = ""
  package var cgroup = ""
  package var links: [String]?
  package var oomScoreAdj = 0
  package var pidMode = ""
  package var privileged = false
  package var publishAllPorts = false
  package var readonlyRootfs = false
  package var securityOpt: [String]?
  package var storageOpt: [String: String]?
  package var tmpfs: [String: String]?
  package var utsMode = ""
  package var usernsMode = ""
  package var shmSize = 0
  package var sysctls: [String: String]?
  package var runtime = ""
  package var isolation = ""
  package var resources = Resources()
  package var mounts: [MountRequest]?
  package var maskedPaths: [String]?
  package var readonlyPaths: [String]?
  package var runsInit: Bool?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<HostConfig>] =
    [
      WireField("Binds", \.binds),
      WireField("ContainerIDFile", \.containerIDFile),
      WireField("LogConfig", \.logConfig),
      WireField("NetworkMode", \.networkMode),
      WireField("PortBindings", \.portBindings),
      WireField("RestartPolicy", \.restartPolicy),
      WireField("AutoRemove", \.autoRemove),
      WireField("VolumeDriver", \.volumeDriver),
      WireField("VolumesFrom", \.volumesFrom),
      WireField("ConsoleSize", \.consoleSize),
      WireField("Annotations", \.annotations, .omitEmpty),
      WireField("CapAdd", \.capAdd),
      WireField("CapDrop", \.capDrop),
      WireField("CgroupnsMode", \.cgroupnsMode),
      WireField("Dns", \.dns),
      WireField("DnsOptions", \.dnsOptions),
      WireField("DnsSearch", \.dnsSearch),
      WireField("ExtraHosts", \.extraHosts),
      WireField("GroupAdd", \.groupAdd),
      WireField("IpcMode", \.ipcMode),
      WireField("Cgroup", \.cgroup),
      WireField("Links", \.links),
      WireField("OomScoreAdj", \.oomScoreAdj),
      WireField("PidMode", \.pidMode),
      WireField("Privileged", \.privileged),
      WireField("PublishAllPorts", \.publishAllPorts),
      WireField("ReadonlyRootfs", \.readonlyRootfs),
      WireField("SecurityOpt", \.securityOpt),
      WireField("StorageOpt", \.storageOpt, .omitEmpty),
      WireField("Tmpfs", \.tmpfs, .omitEmpty),
      WireField("UTSMode", \.utsMode),
      WireField("UsernsMode", \.usernsMode),
      WireField("ShmSize", \.shmSize),
      WireField("Sysctls", \.sysctls, .omitEmpty),
      WireField("Runtime", \.runtime, .omitEmpty),
      WireField("Isolation", \.isolation),
    ] + WireField.embedded(\.resources) + [
      WireField("Mounts", \.mounts, .omitEmpty),
      WireField("MaskedPaths", \.maskedPaths),
      WireField("ReadonlyPaths", \.readonlyPaths),
      WireField("Init", \.runsInit, .omitEmpty),
    ]
}

/// Where a container's output is kept.
package struct LogConfig: WireStruct {
  package var type = ""
  package var config: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<LogConfig>] = [
    WireField("Type", \.type),
    WireField("Config", \.config),
  ]
}

/// Where a port of a container is reached from outside.
package struct PortBinding: WireStruct {
  package var hostIp = ""
  package var hostPort = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<PortBinding>] = [
    WireField("HostIp", \.hostIp),
    WireField("HostPort", \.hostPort),
  ]
}

/// When a container is started again by itself.
package struct RestartPolicy: WireStruct {
  package var name = ""
  package var maximumRetryCount = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<RestartPolicy>] = [
    WireField("Name", \.name),
    WireField("MaximumRetryCount", \.maximumRetryCount),
  ]
}

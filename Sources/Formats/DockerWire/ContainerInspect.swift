/// The answer to `GET /containers/{id}/json`.
package struct ContainerInspect: WireStruct {
  package var id = ""
  package var created = ""
  package var path = ""
  package var args: [String]?
  package var state: ContainerState?
  package var image = ""
  package var resolvConfPath = ""
  package var hostnamePath = ""
  package var hostsPath = ""
  package var logPath = ""
  package var name = ""
  package var restartCount = 0
  package var driver = ""
  package var platform = ""
  package var mountLabel = ""
  package var processLabel = ""
  package var appArmorProfile = ""
  package var execIDs: [String]?
  package var hostConfig: HostConfig?
  package var graphDriver = StorageInfo()
  package var sizeRw: Int?
  package var sizeRootFs: Int?
  package var mounts: [MountPoint]?
  package var config: ContainerConfig?
  package var networkSettings: NetworkSettings?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerInspect>] = [
    WireField("Id", \.id),
    WireField("Created", \.created),
    WireField("Path", \.path),
    WireField("Args", \.args),
    WireField("State", \.state),
    WireField("Image", \.image),
    WireField("ResolvConfPath", \.resolvConfPath),
    WireField("HostnamePath", \.hostnamePath),
    WireField("HostsPath", \.hostsPath),
    WireField("LogPath", \.logPath),
    WireField("Name", \.name),
    WireField("RestartCount", \.restartCount),
    WireField("Driver", \.driver),
    WireField("Platform", \.platform),
    WireField("MountLabel", \.mountLabel),
    WireField("ProcessLabel", \.processLabel),
    WireField("AppArmorProfile", \.appArmorProfile),
    WireField("ExecIDs", \.execIDs),
    WireField("HostConfig", \.hostConfig),
    WireField("GraphDriver", \.graphDriver),
    WireField("SizeRw", \.sizeRw, .omitEmpty),
    WireField("SizeRootFs", \.sizeRootFs, .omitEmpty),
    WireField("Mounts", \.mounts),
    WireField("Config", \.config),
    WireField("NetworkSettings", \.networkSettings),
  ]
}

/// The state of a container; times are RFC 3339, year 1 where there is none.
package struct ContainerState: WireStruct {
  package var status = ""
  package var running = false
  package var paused = false
  package var restarting = false
  package var oomKilled = false
  package var dead = false
  package var pid = 0
  package var exitCode = 0
  package var error = ""
  package var startedAt = ""
  package var finishedAt = ""
  package var health: Health?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerState>] = [
    WireField("Status", \.status),
    WireField("Running", \.running),
    WireField("Paused", \.paused),
    WireField("Restarting", \.restarting),
    WireField("OOMKilled", \.oomKilled),
    WireField("Dead", \.dead),
    WireField("Pid", \.pid),
    WireField("ExitCode", \.exitCode),
    WireField("Error", \.error),
    WireField("StartedAt", \.startedAt),
    WireField("FinishedAt", \.finishedAt),
    WireField("Health", \.health, .omitEmpty),
  ]
}

/// What the health checks of a container found.
package struct Health: WireStruct {
  package var status = ""
  package var failingStreak = 0
  package var log: [HealthcheckResult]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Health>] = [
    WireField("Status", \.status),
    WireField("FailingStreak", \.failingStreak),
    WireField("Log", \.log),
  ]
}

/// One health check that ended.
package struct HealthcheckResult: WireStruct {
  package var start = ""
  package var end = ""
  package var exitCode = 0
  package var output = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<HealthcheckResult>] = [
    WireField("Start", \.start),
    WireField("End", \.end),
    WireField("ExitCode", \.exitCode),
    WireField("Output", \.output),
  ]
}

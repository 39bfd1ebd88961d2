import DockerWire
import Engine
import LaunchPlan

extension ContainerInspect {
  /// Tells a container as Docker does: `docker inspect`.
  ///
  /// - Parameter folder: where containers keep their files.
  /// - Parameter volumePath: the host's path of a volume, by its name.
  init(_ container: ContainerSnapshot, folder: String, volumePath: (String) -> String) {
    self.init()
    let spec = container.spec
    let path = "\(folder)/\(spec.id)"
    id = spec.id
    created = WireTime.text(container.created.nanoseconds)
    self.path = spec.program.arguments.first ?? ""
    args = Array(spec.program.arguments.dropFirst())
    state = DockerWire.ContainerState(container)
    image = spec.image.id
    let files = "\(folder)/\(spec.network.filesOwner ?? spec.id)"
    resolvConfPath = "\(files)/resolv.conf"
    hostnamePath = "\(files)/hostname"
    hostsPath = "\(files)/hosts"
    logPath = spec.lifecycle.log.driver == .none ? "" : "\(path)/log"
    name = "/\(spec.name)"
    restartCount = container.restartCount
    driver = "overlay2"
    platform = "linux"
    hostConfig = HostConfig(spec)
    mounts = spec.mounts.compactMap { MountPoint($0, volumePath: volumePath) }
    config = ContainerConfig(spec)
    // Docker makes these files with the first start.
    if container.state == .created { (resolvConfPath, hostnamePath, hostsPath, logPath) = ("", "", "", "") }
    graphDriver.name = SystemRoutes.storageDriver
    graphDriver.data = ["ID": spec.id]
    networkSettings = NetworkSettings()
    networkSettings?.ports = [:]
    if case .container = spec.network.mode {
      networkSettings?.networks = [:]
    } else {
      networkSettings?.networks = [spec.network.wireMode: EndpointSettings()]
    }
  }
}

extension DockerWire.ContainerState {
  /// The state in Docker's flags. Times that never were are Go's zero time.
  fileprivate init(_ container: ContainerSnapshot) {
    self.init()
    let never = "0001-01-01T00:00:00Z"
    status = container.status
    health = container.health.map { Health($0) }
    (startedAt, finishedAt) = (never, never)
    if let finished = container.finished {
      exitCode = Int(finished.exitCode)
      error = finished.error ?? ""
      oomKilled = finished.wasOutOfMemory
      startedAt = finished.startedAt.map { WireTime.text($0.nanoseconds) } ?? never
      finishedAt = finished.isFailedStart ? never : WireTime.text(finished.finishedAt.nanoseconds)
    }
    switch container.state {
    case .running(let current):
      (running, paused, pid) = (true, current.isPaused, Int(current.pid))
      startedAt = WireTime.text(current.startedAt.nanoseconds)
      finishedAt = current.previousEnd.map { WireTime.text($0.nanoseconds) } ?? never
    case .restarting: (running, restarting) = (true, true)
    case .created, .starting, .exited, .removing: break
    }
  }
}

extension ContainerConfig {
  fileprivate init(_ spec: ContainerSpec) {
    self.init()
    let (program, streams) = (spec.program, spec.streams)
    hostname = spec.network.hostname
    domainName = spec.network.domainname
    user = program.user
    attachStdin = streams.attachesInput
    attachStdout = streams.attachesOutput
    attachStderr = streams.attachesErrors
    tty = streams.hasTerminal
    openStdin = streams.isInputOpen
    stdinOnce = streams.closesInputAfterFirstClient
    env = program.environment.isEmpty ? nil : program.environment
    cmd = program.command.map { CommandWords($0) }
    entrypoint = program.entrypoint.map { CommandWords($0) }
    image = spec.image.reference
    workingDir = program.workingDirectory
    labels = program.labels
    stopSignal = program.stopSignal
    stopTimeout = spec.lifecycle.stopTimeoutSeconds
    healthcheck = program.healthcheck.map { HealthConfig($0) }
    shell = program.shell.map { CommandWords($0) }
    if !program.exposedPorts.isEmpty { exposedPorts = WireSet(program.exposedPorts) }
    if !program.volumes.isEmpty { volumes = WireSet(program.volumes) }
  }
}

extension ContainerSummary {
  /// One line of `docker ps`.
  ///
  /// - Parameter volumePath: the host's path of a volume, by its name.
  init(_ container: ContainerSnapshot, volumePath: (String) -> String, now: Timestamp = .now()) {
    self.init()
    let spec = container.spec
    id = spec.id
    names = ["/\(spec.name)"]
    image = spec.image.reference
    imageID = spec.image.id
    command = spec.program.arguments.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
    created = Int(container.created.nanoseconds / 1_000_000_000)
    labels = spec.program.labels
    state = container.status
    status = container.statusText(now: now)
    hostConfig.networkMode = spec.network.wireMode
    networkSettings = ContainerSummaryNetworks()
    networkSettings?.networks = [spec.network.wireMode: EndpointSettings()]
    mounts = spec.mounts.compactMap { MountPoint($0, volumePath: volumePath) }
    ports = []
  }
}

extension ContainerSnapshot {
  /// Docker's sentence: "Up 3 minutes (Paused)".
  fileprivate func statusText(now: Timestamp) -> String {
    switch state {
    case .created, .starting: return "Created"
    case .running(let running):
      let text = "Up \(HumanDuration.text(now.since(running.startedAt)))"
      return running.isPaused ? "\(text) (Paused)" : text + healthText
    case .restarting(let finished):
      return "Restarting (\(finished.exitCode)) \(HumanDuration.text(now.since(finished.finishedAt))) ago"
    case .exited(let finished) where finished.isFailedStart: return "Created"
    case .exited(let finished):
      return "Exited (\(finished.exitCode)) \(HumanDuration.text(now.since(finished.finishedAt))) ago"
    case .removing: return "Removal In Progress"
    }
  }
}

/// A span of time as Docker tells it: "About a minute".
enum HumanDuration {
  static func text(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600)
    switch seconds {
    case 0: return "Less than a second"
    case 1: return "1 second"
    case ..<60: return "\(seconds) seconds"
    case ..<120: return "About a minute"
    case ..<2760: return "\(minutes) minutes"
    default: break
    }
    if hours == 1 { return "About an hour" }
    if hours < 48 { return "\(hours) hours" }
    if hours < 24 * 7 * 2 { return "\(hours / 24) days" }
    if hours < 24 * 30 * 2 { return "\(hours / 24 / 7) weeks" }
    if hours < 24 * 365 * 2 { return "\(hours / 24 / 30) months" }
    return "\(hours / 24 / 365) years"
  }
}

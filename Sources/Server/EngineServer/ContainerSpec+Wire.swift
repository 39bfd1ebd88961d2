import DockerWire
import Engine
import LaunchPlan
import Linux
import OCI

extension ContainerSpec {
  /// Reads a create request. What is not honoured and was not left at Docker's default is refused by name.
  init(_ request: ContainerCreateRequest, name: String) throws(EngineError) {
    let (config, host) = (request.config, request.hostConfig ?? HostConfig())
    try request.refuseUnhonoured()
    do throws(LaunchPlanError) {
      self.init(
        id: Identifier.random(), name: name,
        image: ContainerSpec.ImageSource(reference: config.image, id: ""), program: try ProgramSpec(config))
      streams = StreamSpec(config)
      mounts = try MountSpec.all(host)
      namespaces = try NamespaceSpec(host)
      namespaces.volumesFrom = try VolumesFrom.all(host)
      network = try NetworkSpec(config, host)
      resources = try ResourceSpec(host)
      security = try SecuritySpec(host)
      devices = DeviceSpec(host)
      lifecycle = try LifecycleSpec(config, host)
      if streams.hasTerminal, let size = host.consoleSize, size.count == 2, size != [0, 0] {
        streams.consoleSize = StreamSpec.ConsoleSize(rows: size[0], columns: size[1])
      }
    } catch { throw EngineError(error.kind == .unsupported ? .unsupported : .invalid, error.text) }
    if config.image.isEmpty { throw EngineError(.invalid, "no image was specified") }
  }
}

extension ProgramSpec {
  fileprivate init(_ config: ContainerConfig) throws(LaunchPlanError) {
    self.init()
    entrypoint = config.entrypoint?.words
    command = config.cmd?.words
    environment = config.env ?? []
    user = config.user
    workingDirectory = config.workingDir
    labels = config.labels ?? [:]
    exposedPorts = (config.exposedPorts?.names ?? []).sorted()
    volumes = (config.volumes?.names ?? []).sorted()
    stopSignal = config.stopSignal
    if !stopSignal.isEmpty, Signal.number(stopSignal) == nil { throw .invalid("invalid signal: \(stopSignal)") }
    if let check = config.healthcheck { healthcheck = try Healthcheck(check) }
    shell = config.shell.map(\.words)
  }
}

extension StreamSpec {
  fileprivate init(_ config: ContainerConfig) {
    self.init()
    hasTerminal = config.tty
    isInputOpen = config.openStdin
    closesInputAfterFirstClient = config.stdinOnce
    attachesInput = config.attachStdin
    attachesOutput = config.attachStdout
    attachesErrors = config.attachStderr
  }
}

extension LifecycleSpec {
  fileprivate init(_ config: ContainerConfig, _ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    isRemovedAtEnd = host.autoRemove
    stopTimeoutSeconds = config.stopTimeout
    hasInit = host.runsInit
    runtime = host.runtime
    annotations = host.annotations ?? [:]
    switch host.restartPolicy.name {
    case "", "no": restart = .never
    case "always": restart = .always
    case "unless-stopped": restart = .unlessStopped
    case "on-failure": restart = .onFailure(maximumRetries: host.restartPolicy.maximumRetryCount)
    default:
      throw .invalid(
        "invalid restart policy: unknown policy '\(host.restartPolicy.name)'; "
          + "use one of 'no', 'always', 'on-failure', or 'unless-stopped'")
    }
    let retries = host.restartPolicy.maximumRetryCount
    if retries < 0 { throw .invalid("invalid restart policy: maximum retry count cannot be negative") }
    if retries > 0, host.restartPolicy.name != "on-failure" {
      throw .invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'")
    }
    try readLog(host.logConfig)
  }

  private mutating func readLog(_ config: LogConfig) throws(LaunchPlanError) {
    let name = config.type.isEmpty ? LogSpec.Driver.jsonFile.rawValue : config.type
    guard let driver = LogSpec.Driver(rawValue: name) else {
      throw .unsupported("log driver \"\(name)\"")
    }
    log.driver = driver
    log.options = config.config ?? [:]
  }
}

import DockerWire
import Engine
import LaunchPlan
import OCI

extension ContainerSpec {
  /// Reads a create request. What is not honoured and was not left at Docker's default is refused by name.
  init(_ request: ContainerCreateRequest, name: String) throws(EngineError) {
    let (config, host) = (request.config, request.hostConfig ?? HostConfig())
    try ContainerSpec.refuse(request, host)
    do throws(LaunchPlanError) {
      self.init(
        id: Identifier.random(), name: name,
        image: ContainerSpec.ImageSource(reference: config.image, id: ""), program: try ProgramSpec(config))
      streams = StreamSpec(config)
      mounts = try MountSpec.all(config, host)
      namespaces = try NamespaceSpec(host)
      network = try NetworkSpec(config, host)
      resources = try ResourceSpec(host)
      security = try SecuritySpec(host)
      devices = DeviceSpec(host)
      lifecycle = try LifecycleSpec(config, host)
    } catch { throw EngineError(error.kind == .unsupported ? .unsupported : .invalid, error.text) }
    if config.image.isEmpty { throw EngineError(.invalid, "no image was specified") }
  }

  /// What the engine does not do yet, with how Docker names it, and whether the request asks for it.
  private static func refuse(_ request: ContainerCreateRequest, _ host: HostConfig) throws(EngineError) {
    let (config, resources) = (request.config, host.resources)
    let refused: [(String, Bool)] = [
      ("HostConfig.PortBindings", !(host.portBindings ?? [:]).isEmpty),
      ("HostConfig.PublishAllPorts", host.publishAllPorts),
      ("HostConfig.Links", !(host.links ?? []).isEmpty), ("HostConfig.VolumesFrom", !(host.volumesFrom ?? []).isEmpty),
      ("HostConfig.VolumeDriver", !["", "local"].contains(host.volumeDriver)),
      ("HostConfig.StorageOpt", !(host.storageOpt ?? [:]).isEmpty),
      ("HostConfig.UsernsMode", !["", "host"].contains(host.usernsMode)),
      ("HostConfig.Isolation", !["", "default"].contains(host.isolation)), ("HostConfig.Cgroup", !host.cgroup.isEmpty),
      ("HostConfig.CgroupParent", !resources.cgroupParent.isEmpty),
      ("HostConfig.DeviceRequests", !(resources.deviceRequests ?? []).isEmpty),
      ("HostConfig.KernelMemory", resources.kernelMemory != 0),
      ("HostConfig.KernelMemoryTCP", resources.kernelMemoryTCP != 0),
      ("MacAddress", !config.macAddress.isEmpty), ("OnBuild", !(config.onBuild ?? []).isEmpty),
    ]
    if let (name, _) = refused.first(where: \.1) {
      throw EngineError(.unsupported, "\(name) is not supported yet")
    }
    if let driver = host.logConfig.type.isEmpty ? nil : host.logConfig.type, !["json-file", "none"].contains(driver) {
      throw EngineError(.unsupported, "log driver \"\(driver)\" is not supported yet")
    }
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

extension NamespaceSpec {
  fileprivate init(_ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    switch host.pidMode {
    case "": process = .own
    case "host": process = .host
    default: throw .unsupported("HostConfig.PidMode \"\(host.pidMode)\"")
    }
    switch host.ipcMode {
    case "", "private": ipc = .own
    case "shareable": ipc = .shareable
    case "none": ipc = .none
    case "host": ipc = .host
    default: throw .unsupported("HostConfig.IpcMode \"\(host.ipcMode)\"")
    }
    switch host.utsMode {
    case "": uts = .own
    case "host": uts = .host
    default: throw .invalid("invalid UTS mode: \(host.utsMode)")
    }
    switch host.cgroupnsMode {
    case "", "private": cgroup = .own
    case "host": cgroup = .host
    default: throw .invalid("invalid cgroup namespace mode: \(host.cgroupnsMode)")
    }
  }
}

extension NetworkSpec {
  fileprivate init(_ config: ContainerConfig, _ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    switch config.networkDisabled ? "none" : host.networkMode {
    // Until there are networks, what nobody asked for otherwise is none.
    case "", "default": mode = .default
    case "none": mode = .none
    case "host": mode = .host
    default: throw .unsupported("network \"\(host.networkMode)\"")
    }
    hostname = config.hostname
    domainname = config.domainName
    extraHosts = host.extraHosts ?? []
    resolvers = host.dns ?? []
    searchDomains = host.dnsSearch ?? []
    resolverOptions = host.dnsOptions ?? []
  }
}

extension SecuritySpec {
  fileprivate init(_ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    isPrivileged = host.privileged
    addedCapabilities = host.capAdd?.words ?? []
    droppedCapabilities = host.capDrop?.words ?? []
    isRootReadOnly = host.readonlyRootfs
    maskedPaths = host.maskedPaths
    readOnlyPaths = host.readonlyPaths
    additionalGroups = host.groupAdd ?? []
    for option in host.securityOpt ?? [] {
      let separator = option.firstIndex { $0 == "=" || $0 == ":" } ?? option.endIndex
      let value = option[separator...].dropFirst()
      switch (option[..<separator], value) {
      case ("no-new-privileges", ""), ("no-new-privileges", "true"): hasNoNewPrivileges = true
      case ("no-new-privileges", "false"): hasNoNewPrivileges = false
      case ("seccomp", "unconfined"): seccomp = .unconfined
      case ("seccomp", "builtin"): seccomp = .builtin
      case ("seccomp", _): seccomp = .profile(json: String(value))
      case ("apparmor", "unconfined"): appArmor = .unconfined
      case ("label", "disable"): continue
      default: throw .unsupported("--security-opt \(option)")
      }
    }
  }
}

extension DeviceSpec {
  fileprivate init(_ host: HostConfig) {
    self.init()
    mappings = (host.resources.devices ?? []).map { device in
      Mapping(
        device.pathOnHost, at: device.pathInContainer.isEmpty ? device.pathOnHost : device.pathInContainer,
        access: device.cgroupPermissions.isEmpty ? "rwm" : device.cgroupPermissions)
    }
    cgroupRules = host.resources.deviceCgroupRules ?? []
    sysctls = host.sysctls ?? [:]
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
    default: throw .invalid("invalid restart policy: unknown policy '\(host.restartPolicy.name)'")
    }
    try readLog(host.logConfig)
  }

  private mutating func readLog(_ config: LogConfig) throws(LaunchPlanError) {
    log.driver = config.type == "none" ? .none : .jsonFile
    for (key, value) in (config.config ?? [:]).sorted(by: { $0.key < $1.key }) {
      switch key {
      case "max-size":
        guard let bytes = ByteText(value)?.bytes else { throw .invalid("invalid max-size \"\(value)\"") }
        log.segmentBytesMax = bytes
      case "max-file":
        guard let count = Int(value), count > 0 else { throw .invalid("invalid max-file \"\(value)\"") }
        log.segmentsMax = count
      default: throw .unsupported("log option \"\(key)\"")
      }
    }
  }
}

/// A size as Docker's options write it: `10m`, `1g`, `512k`, `100`.
struct ByteText {
  let bytes: Int64

  init?(_ text: String) {
    var digits = text.lowercased()[...]
    if digits.hasSuffix("b") { digits.removeLast() }
    let shift: Int64 =
      switch digits.last {
      case "k": 10
      case "m": 20
      case "g": 30
      case "t": 40
      default: 0
      }
    if shift > 0 { digits.removeLast() }
    guard let number = Int64(digits), number >= 0 else { return nil }
    let (scaled, overflows) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflows else { return nil }
    bytes = scaled
  }
}

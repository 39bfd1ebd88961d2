import DockerWire
import LaunchPlan

/// `container:NAME`, as the modes of namespaces name another container.
struct ContainerReference {
  let name: String

  /// nil for anything else, and for no name.
  init?(_ mode: String) {
    let word = "container:"
    guard mode.hasPrefix(word), mode.utf8.count > word.utf8.count else { return nil }
    name = String(mode.dropFirst(word.count))
  }
}

extension NamespaceSpec {
  init(_ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    switch host.pidMode {
    case "": process = .own
    case "host": process = .host
    default:
      guard let name = ContainerReference(host.pidMode)?.name else {
        throw .invalid("invalid PID mode: \(host.pidMode)")
      }
      process = .container(id: name)
    }
    switch host.ipcMode {
    case "", "private": ipc = .own
    case "shareable": ipc = .shareable
    case "none": ipc = .none
    case "host": ipc = .host
    default:
      guard let name = ContainerReference(host.ipcMode)?.name else {
        throw .invalid("invalid IPC mode: \(host.ipcMode)")
      }
      ipc = .container(id: name)
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
  init(_ config: ContainerConfig, _ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    switch config.networkDisabled ? "none" : host.networkMode {
    // Until there are networks, what nobody asked for otherwise is none.
    case "", "default": mode = .default
    case "none": mode = .none
    case "host": mode = .host
    case let text where text.hasPrefix("container:"):
      guard let name = ContainerReference(text)?.name else {
        throw .invalid("invalid network mode: invalid container format container:<name|id>")
      }
      mode = .container(id: name)
      try NetworkSpec.refuseOwnPorts(config, host)
    default: throw .unsupported("network \"\(host.networkMode)\"")
    }
    hostname = config.hostname
    domainname = config.domainName
    extraHosts = host.extraHosts ?? []
    resolvers = host.dns ?? []
    searchDomains = host.dnsSearch ?? []
    resolverOptions = host.dnsOptions ?? []
  }

  /// Ports are the network's, and so another container's.
  private static func refuseOwnPorts(_ config: ContainerConfig, _ host: HostConfig) throws(LaunchPlanError) {
    if !(host.portBindings ?? [:]).isEmpty || host.publishAllPorts {
      throw .invalid("conflicting options: port publishing and the container type network mode")
    }
    if !(config.exposedPorts?.names ?? []).isEmpty {
      throw .invalid("conflicting options: port exposing and the container type network mode")
    }
  }
}

extension SecuritySpec {
  init(_ host: HostConfig) throws(LaunchPlanError) {
    self.init()
    isPrivileged = host.privileged
    addedCapabilities = host.capAdd?.words ?? []
    droppedCapabilities = host.capDrop?.words ?? []
    isRootReadOnly = host.readonlyRootfs
    maskedPaths = host.maskedPaths
    readOnlyPaths = host.readonlyPaths
    additionalGroups = host.groupAdd ?? []
    options = host.securityOpt ?? []
    for option in options { try read(option) }
  }

  private mutating func read(_ option: String) throws(LaunchPlanError) {
    if option == "no-new-privileges" {
      hasNoNewPrivileges = true
      return
    }
    // Docker's older separator is a colon.
    guard let separator = option.firstIndex(of: "=") ?? option.firstIndex(of: ":") else {
      throw .invalid("invalid --security-opt 1: \"\(option)\"")
    }
    let value = option[option.index(after: separator)...]
    let truth = ["1", "t", "true"].contains(value.lowercased())
    let isBoolean = truth || ["0", "f", "false"].contains(value.lowercased())
    switch (option[..<separator], value) {
    case ("no-new-privileges", _) where isBoolean: hasNoNewPrivileges = truth
    case ("writable-cgroups", _) where isBoolean: hasWritableCgroups = truth
    case ("seccomp", "unconfined"): seccomp = .unconfined
    case ("seccomp", "builtin"): seccomp = .builtin
    case ("seccomp", _): seccomp = .profile(json: String(value))
    case ("apparmor", "unconfined"): appArmor = .unconfined
    case ("label", "disable"): return
    case ("apparmor", _), ("label", _): throw .unsupported("--security-opt \(option)")
    default: throw .invalid("invalid --security-opt 2: \"\(option)\"")
    }
  }
}

extension DeviceSpec {
  init(_ host: HostConfig) {
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

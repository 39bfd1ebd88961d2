import DockerWire
import Engine
import LaunchPlan

extension ContainerCreateRequest {
  /// Members that are honoured, or that change nothing of a container. Whatever else a request sets is refused by name.
  static let honoured: Set<String> = Set(
    """
    Hostname Domainname User AttachStdin AttachStdout AttachStderr ExposedPorts Tty OpenStdin StdinOnce Env Cmd Image
    Volumes WorkingDir Entrypoint NetworkDisabled Labels StopSignal StopTimeout
    Shell Healthcheck.Test Healthcheck.Interval Healthcheck.Timeout Healthcheck.StartPeriod Healthcheck.StartInterval
    Healthcheck.Retries
    HostConfig.Binds HostConfig.ContainerIDFile HostConfig.LogConfig.Type HostConfig.LogConfig.Config
    HostConfig.NetworkMode HostConfig.RestartPolicy.Name HostConfig.RestartPolicy.MaximumRetryCount
    HostConfig.AutoRemove HostConfig.VolumesFrom HostConfig.ConsoleSize HostConfig.Annotations HostConfig.CapAdd
    HostConfig.CapDrop HostConfig.CgroupnsMode HostConfig.Dns HostConfig.DnsOptions HostConfig.DnsSearch
    HostConfig.ExtraHosts HostConfig.GroupAdd HostConfig.IpcMode HostConfig.OomScoreAdj HostConfig.PidMode
    HostConfig.Privileged HostConfig.ReadonlyRootfs HostConfig.SecurityOpt HostConfig.Tmpfs HostConfig.UTSMode
    HostConfig.ShmSize HostConfig.Sysctls HostConfig.Runtime HostConfig.CpuShares HostConfig.Memory HostConfig.NanoCpus
    HostConfig.CgroupParent HostConfig.BlkioWeight HostConfig.BlkioWeightDevice HostConfig.BlkioDeviceReadBps
    HostConfig.BlkioDeviceWriteBps HostConfig.BlkioDeviceReadIOps HostConfig.BlkioDeviceWriteIOps HostConfig.CpuPeriod
    HostConfig.CpuQuota HostConfig.CpuRealtimePeriod HostConfig.CpuRealtimeRuntime HostConfig.CpusetCpus
    HostConfig.CpusetMems HostConfig.Devices HostConfig.DeviceCgroupRules HostConfig.MemoryReservation
    HostConfig.MemorySwap HostConfig.MemorySwappiness HostConfig.OomKillDisable HostConfig.PidsLimit HostConfig.Ulimits
    HostConfig.Mounts HostConfig.MaskedPaths HostConfig.ReadonlyPaths HostConfig.Init
    NetworkingConfig.EndpointsConfig
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// Members that are honoured only with these values, besides the empty one.
  private var defaults: [(name: String, isDefault: Bool)] {
    let host = hostConfig ?? HostConfig()
    return [
      ("HostConfig.VolumeDriver", host.volumeDriver == "local"),
      // Nothing is remapped, so that the host's user namespace is what everybody has.
      ("HostConfig.UsernsMode", host.usernsMode == "host"), ("HostConfig.Isolation", host.isolation == "default"),
    ]
  }

  /// Refuses what the engine does not honour, by name.
  ///
  /// - Throws: `unsupported`; `invalid` for what Docker refuses too, in its words.
  func refuseUnhonoured() throws(EngineError) {
    if let host = hostConfig { try host.refuseOnLinux() }
    let allowed = Set(defaults.filter(\.isDefault).map(\.name))
    // The network of another container takes none of these, and says so in Docker's words.
    let isInOtherNetwork = hostConfig?.networkMode.hasPrefix("container:") == true
    for name in setNames where !Self.honoured.contains(name) && !allowed.contains(name) {
      if isInOtherNetwork, ["HostConfig.PortBindings", "HostConfig.PublishAllPorts"].contains(name) { continue }
      throw EngineError(.unsupported, "\(name) is not supported yet")
    }
    for (network, settings) in (networkingConfig?.endpointsConfig ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let name = settings?.setNames.first else { continue }
      throw EngineError(
        .unsupported, "NetworkingConfig.EndpointsConfig.\(network).\(name) is not supported yet")
    }
  }
}

extension HostConfig {
  /// What is for Windows, in Docker's words.
  fileprivate func refuseOnLinux() throws(EngineError) {
    if !["", "default"].contains(isolation) {
      throw EngineError(.invalid, "invalid isolation (\(isolation)): linux only supports 'default'")
    }
    if resources.ioMaximumIOps != 0 {
      throw EngineError(.invalid, "invalid option: QoS maximum IOPs configuration is not supported on linux")
    }
    if resources.ioMaximumBandwidth != 0 {
      throw EngineError(.invalid, "invalid option: QoS maximum bandwidth configuration is not supported on linux")
    }
  }
}

import DockerWire
import LaunchPlan

extension MountSpec {
  /// Every mount that a create request asks for: `Binds`, `Mounts` and `Tmpfs`.
  static func all(_ config: ContainerConfig, _ host: HostConfig) throws(LaunchPlanError) -> [MountSpec] {
    var mounts: [MountSpec] = []
    for text in host.binds ?? [] { mounts.append(try MountSpec(bind: text)) }
    for request in host.mounts ?? [] { mounts.append(try MountSpec(request)) }
    for (path, options) in (host.tmpfs ?? [:]).sorted(by: { $0.key < $1.key }) {
      var tmpfs = Tmpfs()
      tmpfs.options = options.isEmpty ? [] : options.split(separator: ",").map(String.init)
      mounts.append(MountSpec(path, .tmpfs(tmpfs), origin: .tmpfsFlag))
    }
    return mounts
  }

  /// Reads `-v`'s text: `source:destination[:options]`, or a destination alone for an anonymous volume.
  private init(bind text: String) throws(LaunchPlanError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw .invalid("invalid volume specification: '\(text)'")
    }
    var isReadOnly = false
    var bind = Bind(source: parts[0])
    var volume = Volume(name: parts[0])
    for mode in parts.count == 3 ? parts[2].split(separator: ",").map(String.init) : [] {
      switch mode {
      case "ro": isReadOnly = true
      case "rw", "z", "Z": continue
      case "nocopy": volume.copiesFromImage = false
      default:
        guard let propagation = Propagation(rawValue: mode) else { throw .invalid("invalid mode: \(parts[2])") }
        bind.propagation = propagation
      }
    }
    bind.createsSource = true
    let isPath = parts[0].hasPrefix("/")
    self.init(parts[1], isPath ? .bind(bind) : .volume(volume), isReadOnly: isReadOnly, origin: .volumeFlag)
  }

  /// Reads one of `Mounts`.
  private init(_ request: MountRequest) throws(LaunchPlanError) {
    let kind: Kind
    switch request.type {
    case "bind":
      var bind = Bind(source: request.source)
      if let options = request.bindOptions {
        if !options.propagation.isEmpty {
          guard let propagation = Propagation(rawValue: options.propagation) else {
            throw .invalid("invalid propagation mode: \(options.propagation)")
          }
          bind.propagation = propagation
        }
        bind.isNonRecursive = options.nonRecursive
        bind.createsSource = options.createMountpoint
        if options.readOnlyForceRecursive { bind.readOnlyReach = .all }
        if options.readOnlyNonRecursive { bind.readOnlyReach = .topOnly }
      }
      kind = .bind(bind)
    case "volume":
      var volume = Volume(name: request.source, isAnonymous: request.source.isEmpty)
      volume.copiesFromImage = request.volumeOptions?.noCopy != true
      volume.subpath = request.volumeOptions?.subpath ?? ""
      kind = .volume(volume)
    case "tmpfs":
      var tmpfs = Tmpfs()
      tmpfs.sizeBytes = Int64(request.tmpfsOptions?.sizeBytes ?? 0)
      tmpfs.mode = request.tmpfsOptions?.mode ?? 0
      kind = .tmpfs(tmpfs)
    default: throw .unsupported("mount type \"\(request.type)\"")
    }
    self.init(request.target, kind, isReadOnly: request.readOnly, origin: .mountFlag)
  }
}

extension ResourceSpec {
  /// Reads the limits of a request.
  init(_ host: HostConfig) throws(LaunchPlanError) {
    let wire = host.resources
    self.init()
    memory.limit = Int64(wire.memory)
    memory.memoryAndSwap = Int64(wire.memorySwap)
    memory.reservation = Int64(wire.memoryReservation)
    memory.swappiness = wire.memorySwappiness.map(Int64.init)
    memory.isOOMKillerDisabled = wire.oomKillDisable
    cpu.nanoCPUs = Int64(wire.nanoCpus)
    cpu.shares = Int64(wire.cpuShares)
    cpu.period = Int64(wire.cpuPeriod)
    cpu.quota = Int64(wire.cpuQuota)
    cpu.realtimePeriod = Int64(wire.cpuRealtimePeriod)
    cpu.realtimeRuntime = Int64(wire.cpuRealtimeRuntime)
    cpu.cpus = wire.cpusetCpus
    cpu.memoryNodes = wire.cpusetMems
    tasksMax = wire.pidsLimit.map(Int64.init)
    oomScoreAdjustment = host.oomScoreAdj
    sharedMemoryBytes = Int64(host.shmSize)
    for limit in wire.ulimits ?? [] {
      ulimits.append(try Ulimit(name: limit.name, soft: Int64(limit.soft), hard: Int64(limit.hard)))
    }
    blockIO.weight = wire.blkioWeight
    func rates(_ devices: [ThrottleDevice]?) -> [DeviceRate] {
      (devices ?? []).map { DeviceRate(path: $0.path, rate: $0.rate) }
    }
    blockIO.deviceWeights = (wire.blkioWeightDevice ?? []).map { DeviceRate(path: $0.path, rate: UInt64($0.weight)) }
    blockIO.readBytesPerSecond = rates(wire.blkioDeviceReadBps)
    blockIO.writeBytesPerSecond = rates(wire.blkioDeviceWriteBps)
    blockIO.readsPerSecond = rates(wire.blkioDeviceReadIOps)
    blockIO.writesPerSecond = rates(wire.blkioDeviceWriteIOps)
  }
}

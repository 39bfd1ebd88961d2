/// What a container may use at most. Memory in bytes, CPU times in microseconds.
package struct Resources: WireStruct {
  package var cpuShares = 0
  package var memory = 0
  package var nanoCpus = 0
  package var cgroupParent = ""
  package var blkioWeight: UInt16 = 0
  package var blkioWeightDevice: [WeightDevice]?
  package var blkioDeviceReadBps: [ThrottleDevice]?
  package var blkioDeviceWriteBps: [ThrottleDevice]?
  package var blkioDeviceReadIOps: [ThrottleDevice]?
  package var blkioDeviceWriteIOps: [ThrottleDevice]?
  package var cpuPeriod = 0
  package var cpuQuota = 0
  package var cpuRealtimePeriod = 0
  package var cpuRealtimeRuntime = 0
  package var cpusetCpus = ""
  package var cpusetMems = ""
  package var devices: [DeviceMapping]?
  package var deviceCgroupRules: [String]?
  package var deviceRequests: [DeviceRequest]?
  package var kernelMemory = 0
  package var kernelMemoryTCP = 0
  package var memoryReservation = 0
  package var memorySwap = 0
  package var memorySwappiness: Int?
  package var oomKillDisable: Bool?
  package var pidsLimit: Int?
  package var ulimits: [Ulimit]?
  package var cpuCount = 0
  package var cpuPercent = 0
  package var ioMaximumIOps: UInt64 = 0
  package var ioMaximumBandwidth: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Resources>] = [
    WireField("CpuShares", \.cpuShares),
    WireField("Memory", \.memory),
    WireField("NanoCpus", \.nanoCpus),
    WireField("CgroupParent", \.cgroupParent),
    WireField("BlkioWeight", \.blkioWeight),
    WireField("BlkioWeightDevice", \.blkioWeightDevice),
    WireField("BlkioDeviceReadBps", \.blkioDeviceReadBps),
    WireField("BlkioDeviceWriteBps", \.blkioDeviceWriteBps),
    WireField("BlkioDeviceReadIOps", \.blkioDeviceReadIOps),
    WireField("BlkioDeviceWriteIOps", \.blkioDeviceWriteIOps),
    WireField("CpuPeriod", \.cpuPeriod),
    WireField("CpuQuota", \.cpuQuota),
    WireField("CpuRealtimePeriod", \.cpuRealtimePeriod),
    WireField("CpuRealtimeRuntime", \.cpuRealtimeRuntime),
    WireField("CpusetCpus", \.cpusetCpus),
    WireField("CpusetMems", \.cpusetMems),
    WireField("Devices", \.devices),
    WireField("DeviceCgroupRules", \.deviceCgroupRules),
    WireField("DeviceRequests", \.deviceRequests),
    WireField("KernelMemory", \.kernelMemory, .omitEmpty),
    WireField("KernelMemoryTCP", \.kernelMemoryTCP, .omitEmpty),
    WireField("MemoryReservation", \.memoryReservation),
    WireField("MemorySwap", \.memorySwap),
    WireField("MemorySwappiness", \.memorySwappiness),
    WireField("OomKillDisable", \.oomKillDisable),
    WireField("PidsLimit", \.pidsLimit),
    WireField("Ulimits", \.ulimits),
    WireField("CpuCount", \.cpuCount),
    WireField("CpuPercent", \.cpuPercent),
    WireField("IOMaximumIOps", \.ioMaximumIOps),
    WireField("IOMaximumBandwidth", \.ioMaximumBandwidth),
  ]
}

/// A block device's share.
package struct WeightDevice: WireStruct {
  package var path = ""
  package var weight: UInt16 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<WeightDevice>] = [
    WireField("Path", \.path),
    WireField("Weight", \.weight),
  ]
}

/// A block device's limit, per second.
package struct ThrottleDevice: WireStruct {
  package var path = ""
  package var rate: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ThrottleDevice>] = [
    WireField("Path", \.path),
    WireField("Rate", \.rate),
  ]
}

/// A device of the host that a container may use.
package struct DeviceMapping: WireStruct {
  package var pathOnHost = ""
  package var pathInContainer = ""
  package var cgroupPermissions = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<DeviceMapping>] = [
    WireField("PathOnHost", \.pathOnHost),
    WireField("PathInContainer", \.pathInContainer),
    WireField("CgroupPermissions", \.cgroupPermissions),
  ]
}

/// Devices that a driver is asked for, such as GPUs.
package struct DeviceRequest: WireStruct {
  package var driver = ""
  package var count = 0
  package var deviceIDs: [String]?
  package var capabilities: [[String]]?
  package var options: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<DeviceRequest>] = [
    WireField("Driver", \.driver),
    WireField("Count", \.count),
    WireField("DeviceIDs", \.deviceIDs),
    WireField("Capabilities", \.capabilities),
    WireField("Options", \.options),
  ]
}

/// A resource limit; -1 is unlimited.
package struct Ulimit: WireStruct {
  package var name = ""
  package var hard = 0
  package var soft = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Ulimit>] = [
    WireField("Name", \.name),
    WireField("Hard", \.hard),
    WireField("Soft", \.soft),
  ]
}

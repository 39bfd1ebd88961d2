extension RuntimeSpec {
  /// The limits of the container's cgroup: config-linux.md "Control groups". What is absent is left as it is.
  package struct Resources: Codable, Equatable, Sendable {
    /// Applied in this order; the last that matches decides.
    @OmitEmpty package var devices: [DeviceRule]
    package var memory: Memory?
    package var cpu: CPU?
    package var pids: Pids?
    package var blockIO: BlockIO?
    @OmitEmpty package var hugepageLimits: [HugepageLimit]
    package var network: Network?
    /// By device.
    @OmitEmpty package var rdma: [String: RDMA]
    /// cgroup v2 files and what is written to them.
    @OmitEmpty package var unified: [String: String]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      devices: [DeviceRule] = [], memory: Memory? = nil, cpu: CPU? = nil, pids: Pids? = nil,
      blockIO: BlockIO? = nil, hugepageLimits: [HugepageLimit] = [], network: Network? = nil,
      rdma: [String: RDMA] = [:], unified: [String: String] = [:]
    ) {
      self.devices = devices
      self.memory = memory
      self.cpu = cpu
      self.pids = pids
      self.blockIO = blockIO
      self.hugepageLimits = hugepageLimits
      self.network = network
      self.rdma = rdma
      self.unified = unified
    }
  }

  /// Allows or denies access to devices.
  package struct DeviceRule: Codable, Equatable, Sendable {
    package var allow: Bool
    /// Absent means every type.
    package var type: DeviceKind?
    /// Absent means every one.
    package var major: Int64?
    /// Absent means every one.
    package var minor: Int64?
    /// Letters of `rwm`.
    @OmitEmpty package var access: String

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(allow: Bool, type: DeviceKind? = nil, major: Int64? = nil, minor: Int64? = nil, access: String = "") {
      self.allow = allow
      self.type = type
      self.major = major
      self.minor = minor
      self.access = access
    }
  }

  /// In bytes; -1 means without limit.
  package struct Memory: Codable, Equatable, Sendable {
    package var limit: Int64?
    package var reservation: Int64?
    /// Memory and swap together, as cgroup v1 counts.
    package var swap: Int64?
    /// Deprecated by the specification.
    package var kernel: Int64?
    package var kernelTCP: Int64?
    /// 0 to 100.
    package var swappiness: UInt64?
    package var disableOOMKiller: Bool?
    package var useHierarchy: Bool?
    /// Refuse a limit below what is used.
    package var checkBeforeUpdate: Bool?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      limit: Int64? = nil, reservation: Int64? = nil, swap: Int64? = nil, kernel: Int64? = nil,
      kernelTCP: Int64? = nil, swappiness: UInt64? = nil, disableOOMKiller: Bool? = nil,
      useHierarchy: Bool? = nil, checkBeforeUpdate: Bool? = nil
    ) {
      self.limit = limit
      self.reservation = reservation
      self.swap = swap
      self.kernel = kernel
      self.kernelTCP = kernelTCP
      self.swappiness = swappiness
      self.disableOOMKiller = disableOOMKiller
      self.useHierarchy = useHierarchy
      self.checkBeforeUpdate = checkBeforeUpdate
    }
  }

  /// Times are in microseconds.
  package struct CPU: Codable, Equatable, Sendable {
    /// The v1 scale: 2 to 262144, 1024 by default.
    package var shares: UInt64?
    /// Per period; negative means without limit.
    package var quota: Int64?
    package var burst: UInt64?
    package var period: UInt64?
    package var realtimeRuntime: Int64?
    package var realtimePeriod: UInt64?
    /// A list such as `0-3,7`.
    @OmitEmpty package var cpus: String
    @OmitEmpty package var mems: String
    package var idle: Int64?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      shares: UInt64? = nil, quota: Int64? = nil, burst: UInt64? = nil, period: UInt64? = nil,
      realtimeRuntime: Int64? = nil, realtimePeriod: UInt64? = nil, cpus: String = "", mems: String = "",
      idle: Int64? = nil
    ) {
      self.shares = shares
      self.quota = quota
      self.burst = burst
      self.period = period
      self.realtimeRuntime = realtimeRuntime
      self.realtimePeriod = realtimePeriod
      self.cpus = cpus
      self.mems = mems
      self.idle = idle
    }
  }

  /// How many tasks may be.
  package struct Pids: Codable, Equatable, Sendable {
    /// 0 and negative mean without limit.
    package var limit: Int64?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(limit: Int64? = nil) {
      self.limit = limit
    }
  }

  /// Weights and limits of block devices.
  package struct BlockIO: Codable, Equatable, Sendable {
    /// 10 to 1000.
    package var weight: UInt16?
    package var leafWeight: UInt16?
    @OmitEmpty package var weightDevice: [WeightDevice]
    @OmitEmpty package var throttleReadBpsDevice: [ThrottleDevice]
    @OmitEmpty package var throttleWriteBpsDevice: [ThrottleDevice]
    @OmitEmpty package var throttleReadIOPSDevice: [ThrottleDevice]
    @OmitEmpty package var throttleWriteIOPSDevice: [ThrottleDevice]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      weight: UInt16? = nil, leafWeight: UInt16? = nil, weightDevice: [WeightDevice] = [],
      throttleReadBpsDevice: [ThrottleDevice] = [], throttleWriteBpsDevice: [ThrottleDevice] = [],
      throttleReadIOPSDevice: [ThrottleDevice] = [], throttleWriteIOPSDevice: [ThrottleDevice] = []
    ) {
      self.weight = weight
      self.leafWeight = leafWeight
      self.weightDevice = weightDevice
      self.throttleReadBpsDevice = throttleReadBpsDevice
      self.throttleWriteBpsDevice = throttleWriteBpsDevice
      self.throttleReadIOPSDevice = throttleReadIOPSDevice
      self.throttleWriteIOPSDevice = throttleWriteIOPSDevice
    }
  }

  /// The weight of one device.
  package struct WeightDevice: Codable, Equatable, Sendable {
    package var major: Int64
    package var minor: Int64
    package var weight: UInt16?
    package var leafWeight: UInt16?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(major: Int64, minor: Int64, weight: UInt16? = nil, leafWeight: UInt16? = nil) {
      self.major = major
      self.minor = minor
      self.weight = weight
      self.leafWeight = leafWeight
    }
  }

  /// The limit of one device, in bytes or operations a second.
  package struct ThrottleDevice: Codable, Equatable, Sendable {
    package var major: Int64
    package var minor: Int64
    package var rate: UInt64

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(major: Int64, minor: Int64, rate: UInt64) {
      self.major = major
      self.minor = minor
      self.rate = rate
    }
  }

  /// The limit of one size of huge pages.
  package struct HugepageLimit: Codable, Equatable, Sendable {
    /// As in `2MB`.
    package var pageSize: String
    /// Bytes.
    package var limit: UInt64

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(pageSize: String, limit: UInt64) {
      self.pageSize = pageSize
      self.limit = limit
    }
  }

  /// The class and priorities of packets (cgroup v1 only).
  package struct Network: Codable, Equatable, Sendable {
    package var classID: UInt32?
    @OmitEmpty package var priorities: [InterfacePriority]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(classID: UInt32? = nil, priorities: [InterfacePriority] = []) {
      self.classID = classID
      self.priorities = priorities
    }
  }

  /// The priority of packets on one interface.
  package struct InterfacePriority: Codable, Equatable, Sendable {
    package var name: String
    package var priority: UInt32

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(name: String, priority: UInt32) {
      self.name = name
      self.priority = priority
    }
  }

  /// Limits of one RDMA device.
  package struct RDMA: Codable, Equatable, Sendable {
    package var hcaHandles: UInt32?
    package var hcaObjects: UInt32?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
      self.hcaHandles = hcaHandles
      self.hcaObjects = hcaObjects
    }
  }
}

package import OCI

/// How much a container may take.
package struct ResourceSpec: Codable, Equatable, Sendable {
  package var memory = MemoryLimits()
  package var cpu = CPULimits()
  /// 0 and negative mean without limit.
  package var tasksMax: Int64?
  package var blockIO = BlockIOLimits()
  package var ulimits: [Ulimit] = []
  /// The size of `/dev/shm`; 0 is Docker's 64 MiB.
  package var sharedMemoryBytes: Int64 = 0
  /// The cgroup below which the container's is made; empty is the daemon's, and a relative one starts there.
  package var cgroupParent = ""
  /// From -1000 to 1000.
  package var oomScoreAdjustment = 0

  /// Creates one without limits.
  package init() {}

  /// In bytes, 0 where nothing was said.
  package struct MemoryLimits: Codable, Equatable, Sendable {
    package var limit: Int64 = 0
    package var reservation: Int64 = 0
    /// Memory and swap together; -1 means without limit, and 0, once settled, that there is no limit of memory either.
    package var memoryAndSwap: Int64 = 0
    /// 0 to 100.
    package var swappiness: Int64?
    package var isOOMKillerDisabled: Bool?

    /// Creates one without limits.
    package init() {}
  }

  /// 0 where nothing was said.
  package struct CPULimits: Codable, Equatable, Sendable {
    /// Billionths of a CPU; excludes quota and period.
    package var nanoCPUs: Int64 = 0
    package var shares: Int64 = 0
    /// Microseconds.
    package var period: Int64 = 0
    /// Microseconds in each period.
    package var quota: Int64 = 0
    package var realtimePeriod: Int64 = 0
    package var realtimeRuntime: Int64 = 0
    /// Lists such as `0-3,7`; empty means all.
    package var cpus = ""
    package var memoryNodes = ""

    /// Creates one without limits.
    package init() {}
  }

  /// Weights and limits of block devices.
  package struct BlockIOLimits: Codable, Equatable, Sendable {
    /// 10 to 1000; 0 where nothing was said.
    package var weight: UInt16 = 0
    package var deviceWeights: [DeviceRate] = []
    package var readBytesPerSecond: [DeviceRate] = []
    package var writeBytesPerSecond: [DeviceRate] = []
    package var readsPerSecond: [DeviceRate] = []
    package var writesPerSecond: [DeviceRate] = []

    /// Creates one without limits.
    package init() {}

    /// Every device that a weight or limit names.
    package var devicePaths: [String] {
      (deviceWeights + readBytesPerSecond + writeBytesPerSecond + readsPerSecond + writesPerSecond).map(\.path)
    }
  }

  /// A weight or rate of the block device at `path` on the host.
  package struct DeviceRate: Codable, Equatable, Sendable {
    package var path: String
    package var rate: UInt64

    /// Creates it from its members.
    package init(path: String, rate: UInt64) {
      self.path = path
      self.rate = rate
    }
  }

  /// `--ulimit`; -1 means without limit.
  package struct Ulimit: Codable, Equatable, Sendable {
    package var resource: RuntimeSpec.Rlimit.Resource
    package var soft: Int64
    package var hard: Int64

    /// Creates it from its members.
    package init(_ resource: RuntimeSpec.Rlimit.Resource, soft: Int64, hard: Int64) {
      self.resource = resource
      self.soft = soft
      self.hard = hard
    }

    /// Creates it from Docker's name of the resource, such as `nofile`.
    ///
    /// - Throws: `invalid` for a name that Linux does not have.
    package init(name: String, soft: Int64, hard: Int64) throws(LaunchPlanError) {
      let word = "RLIMIT_\(name.uppercased())"
      guard let resource = RuntimeSpec.Rlimit.Resource(rawValue: word) else {
        throw .invalid("wrong rlimit value: \(word)")
      }
      self.init(resource, soft: soft, hard: hard)
    }
  }
}

/// Which devices of the host a container gets, and its kernel parameters.
package struct DeviceSpec: Codable, Equatable, Sendable {
  /// `--device`.
  package var mappings: [Mapping] = []
  /// `--device-cgroup-rule`, as in `c 42:* rmw`.
  package var cgroupRules: [String] = []
  /// `--sysctl`.
  package var sysctls: [String: String] = [:]

  /// Creates one with the default devices only.
  package init() {}

  /// A device of the host, or a directory of them, and where the container has it.
  package struct Mapping: Codable, Equatable, Sendable {
    package var pathOnHost: String
    package var pathInContainer: String
    /// Letters of `rwm`.
    package var access: String

    /// Creates it from its members.
    package init(_ pathOnHost: String, at pathInContainer: String, access: String = "rwm") {
      self.pathOnHost = pathOnHost
      self.pathInContainer = pathInContainer
      self.access = access
    }
  }
}

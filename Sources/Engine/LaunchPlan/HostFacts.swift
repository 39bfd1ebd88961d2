package import OCI

/// What plans need to know of the host. Read once, when the daemon starts; a value, so that plans are pure.
package struct HostFacts: Equatable, Sendable {
  /// The host's name.
  package var name: String
  package var kernel: KernelVersion
  package var cgroups: CgroupVersion
  package var cpuCount: Int
  /// The CPUs and memory nodes that can be given, as lists such as `0-3,7`.
  package var cpus: String
  package var memoryNodes: String
  package var hasSwapLimit: Bool
  package var hasBlockIOWeight: Bool
  /// Every capability that Linux has, `CAP_…`, by number.
  package var knownCapabilities: [String]
  /// Those that we can give: our own bounding set, by number.
  package var availableCapabilities: [String]
  /// Docker masks these besides its own list: `/sys/devices/system/cpu/cpu<n>/thermal_throttle`, those that exist.
  package var thermalThrottlePaths: [String]

  /// The version of the cgroup hierarchy.
  package enum CgroupVersion: Int, Sendable { case v1 = 1, v2 }

  /// Creates it from its members.
  package init(
    name: String, kernel: KernelVersion, cgroups: CgroupVersion, cpuCount: Int, cpus: String, memoryNodes: String,
    hasSwapLimit: Bool, hasBlockIOWeight: Bool, knownCapabilities: [String], availableCapabilities: [String],
    thermalThrottlePaths: [String]
  ) {
    self.name = name
    self.kernel = kernel
    self.cgroups = cgroups
    self.cpuCount = cpuCount
    self.cpus = cpus
    self.memoryNodes = memoryNodes
    self.hasSwapLimit = hasSwapLimit
    self.hasBlockIOWeight = hasBlockIOWeight
    self.knownCapabilities = knownCapabilities
    self.availableCapabilities = availableCapabilities
    self.thermalThrottlePaths = thermalThrottlePaths
  }
}

/// A kernel's version, as far as rules look at it: `6.18` of `6.18.44-amd64`.
package struct KernelVersion: Comparable, Sendable, CustomStringConvertible {
  package let version: Int
  package let patchLevel: Int

  /// Creates it from its members.
  package init(_ version: Int, _ patchLevel: Int) {
    self.version = version
    self.patchLevel = patchLevel
  }

  /// Reads the release that uname(2) tells; nil if it does not begin with two numbers.
  package init?(release: String) {
    let parts = release.split(separator: ".", maxSplits: 2)
    guard parts.count >= 2, let version = Int(parts[0]), let level = Int(parts[1].prefix { $0.isASCII && $0.isNumber })
    else { return nil }
    self.init(version, level)
  }

  package var description: String { "\(version).\(patchLevel)" }

  package static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.version, left.patchLevel) < (right.version, right.patchLevel)
  }
}

/// What one launch of a container was given: paths that the engine prepared and objects that it looked up.
package struct LaunchInputs: Equatable, Sendable {
  /// The root file system, absolute or relative to the bundle.
  package var root: String
  /// Absolute from the cgroup mount.
  package var cgroup: String
  package var files: NetworkFiles
  /// The host directory of each volume mount, by the destination in the definition; a subpath is already resolved.
  package var volumes: [String: String] = [:]
  /// What the namespaces of other containers are, for the modes that join them.
  package var joined = JoinedNamespaces()
  /// What is at each host path that the definition names: one device, or all that a directory has.
  package var devices: [String: [HostDevice]] = [:]
  /// All devices of the host, for privileged containers.
  package var hostDevices: [HostDevice] = []
  /// The terminal's first size.
  package var consoleSize: RuntimeSpec.ConsoleSize?

  /// Creates the inputs that every launch has.
  package init(root: String, cgroup: String, files: NetworkFiles) {
    self.root = root
    self.cgroup = cgroup
    self.files = files
  }

  /// The host files that become the container's in `/etc`.
  package struct NetworkFiles: Equatable, Sendable {
    package var resolvConf: String
    package var hostname: String
    package var hosts: String

    /// Creates it from its members.
    package init(resolvConf: String, hostname: String, hosts: String) {
      self.resolvConf = resolvConf
      self.hostname = hostname
      self.hosts = hosts
    }
  }

  /// Namespace files of other containers, and what comes with them.
  package struct JoinedNamespaces: Equatable, Sendable {
    package var process: String?
    package var ipc: String?
    package var network: String?
    /// The names of the container whose network is joined: they are shared with it.
    package var hostname = ""
    package var domainname = ""
    /// A host path to the `/dev/shm` that the container shares: of the container whose IPC it joins, or its own if it
    /// is shareable. Without one, a shareable container has a `/dev/shm` of its own.
    package var sharedMemory: String?

    /// Creates one that joins nothing.
    package init() {}
  }
}

/// A device node of the host.
package struct HostDevice: Equatable, Sendable {
  package var path: String
  package var type: RuntimeSpec.DeviceKind
  package var major: Int64
  package var minor: Int64
  /// Permission bits.
  package var mode: UInt32
  package var uid: UInt32
  package var gid: UInt32

  /// Creates it from its members.
  package init(
    _ path: String, _ type: RuntimeSpec.DeviceKind, _ major: Int64, _ minor: Int64, mode: UInt32 = 0o666,
    uid: UInt32 = 0, gid: UInt32 = 0
  ) {
    self.path = path
    self.type = type
    self.major = major
    self.minor = minor
    self.mode = mode
    self.uid = uid
    self.gid = gid
  }
}

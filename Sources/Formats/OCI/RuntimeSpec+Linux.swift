extension RuntimeSpec {
  /// What only Linux has: config-linux.md.
  package struct LinuxConfiguration: Codable, Equatable, Sendable {
    /// Those that are made or joined; any other is the runtime's own.
    @OmitEmpty package var namespaces: [Namespace]
    @OmitEmpty package var uidMappings: [IDMapping]
    @OmitEmpty package var gidMappings: [IDMapping]
    /// Of a new time namespace, by clock: `monotonic`, `boottime`.
    @OmitEmpty package var timeOffsets: [String: TimeOffset]
    /// Device nodes that are made besides the default ones.
    @OmitEmpty package var devices: [Device]
    /// Host network devices that move into the container, by their host name.
    @OmitEmpty package var netDevices: [String: NetDevice]
    /// Absolute from the cgroup mount, relative to the runtime's choice, or systemd's `slice:prefix:name`.
    @OmitEmpty package var cgroupsPath: String
    package var resources: Resources?
    /// `shared`, `slave`, `private` or `unbindable`, and each with an `r` before it.
    @OmitEmpty package var rootfsPropagation: String
    package var seccomp: SeccompProfile?
    @OmitEmpty package var sysctl: [String: String]
    /// Paths made unreadable; a missing one is no error.
    @OmitEmpty package var maskedPaths: [String]
    @OmitEmpty package var readonlyPaths: [String]
    /// The SELinux context of the mounts.
    @OmitEmpty package var mountLabel: String
    package var intelRdt: IntelRDT?
    package var personality: Personality?
    package var memoryPolicy: MemoryPolicy?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      namespaces: [Namespace] = [], uidMappings: [IDMapping] = [], gidMappings: [IDMapping] = [],
      timeOffsets: [String: TimeOffset] = [:], devices: [Device] = [], netDevices: [String: NetDevice] = [:],
      cgroupsPath: String = "", resources: Resources? = nil, rootfsPropagation: String = "",
      seccomp: SeccompProfile? = nil, sysctl: [String: String] = [:], maskedPaths: [String] = [],
      readonlyPaths: [String] = [], mountLabel: String = "", intelRdt: IntelRDT? = nil,
      personality: Personality? = nil, memoryPolicy: MemoryPolicy? = nil
    ) {
      self.namespaces = namespaces
      self.uidMappings = uidMappings
      self.gidMappings = gidMappings
      self.timeOffsets = timeOffsets
      self.devices = devices
      self.netDevices = netDevices
      self.cgroupsPath = cgroupsPath
      self.resources = resources
      self.rootfsPropagation = rootfsPropagation
      self.seccomp = seccomp
      self.sysctl = sysctl
      self.maskedPaths = maskedPaths
      self.readonlyPaths = readonlyPaths
      self.mountLabel = mountLabel
      self.intelRdt = intelRdt
      self.personality = personality
      self.memoryPolicy = memoryPolicy
    }
  }

  /// One namespace: a new one, or that at `path`.
  package struct Namespace: Codable, Equatable, Sendable {
    package var type: Kind
    /// A namespace file that is joined.
    @OmitEmpty package var path: String

    /// The kind of a namespace, in the specification's words.
    package enum Kind: String, ClosedSet, CaseIterable {
      case pid, network, mount, ipc, uts, user, cgroup, time

      package static let meaning = "namespace type"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(type: Kind, path: String = "") {
      self.type = type
      self.path = path
    }
  }

  /// How far a clock of a time namespace is from the host's.
  package struct TimeOffset: Codable, Equatable, Sendable {
    package var secs: Int64
    package var nanosecs: UInt32

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(secs: Int64 = 0, nanosecs: UInt32 = 0) {
      self.secs = secs
      self.nanosecs = nanosecs
    }
  }

  /// A device node: config-linux.md "Devices".
  package struct Device: Codable, Equatable, Sendable {
    package var type: DeviceKind
    package var path: String
    /// Not for a FIFO.
    package var major: Int64?
    /// Not for a FIFO.
    package var minor: Int64?
    /// Permission bits as a number, not octal text.
    package var fileMode: UInt32?
    package var uid: UInt32?
    package var gid: UInt32?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      type: DeviceKind, path: String, major: Int64? = nil, minor: Int64? = nil, fileMode: UInt32? = nil,
      uid: UInt32? = nil, gid: UInt32? = nil
    ) {
      self.type = type
      self.path = path
      self.major = major
      self.minor = minor
      self.fileMode = fileMode
      self.uid = uid
      self.gid = gid
    }
  }

  /// The type of a device node or rule.
  package enum DeviceKind: String, ClosedSet {
    /// Only in rules: every device.
    case all = "a"
    case block = "b"
    case character = "c"
    /// A character device without buffer, by mknod(1)'s name.
    case unbuffered = "u"
    case fifo = "p"

    package static let meaning = "device type"
  }

  /// A network device that moves into the container.
  package struct NetDevice: Codable, Equatable, Sendable {
    /// Its name there, if it differs.
    @OmitEmpty package var name: String

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(name: String = "") {
      self.name = name
    }
  }

  /// Resource Director Technology: config-linux.md "IntelRdt".
  package struct IntelRDT: Codable, Equatable, Sendable {
    @OmitEmpty package var closID: String
    @OmitEmpty package var schemata: [String]
    @OmitEmpty package var l3CacheSchema: String
    @OmitEmpty package var memBwSchema: String
    @OmitEmpty package var enableMonitoring: Bool

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      closID: String = "", schemata: [String] = [], l3CacheSchema: String = "", memBwSchema: String = "",
      enableMonitoring: Bool = false
    ) {
      self.closID = closID
      self.schemata = schemata
      self.l3CacheSchema = l3CacheSchema
      self.memBwSchema = memBwSchema
      self.enableMonitoring = enableMonitoring
    }
  }

  /// The execution domain: personality(2).
  package struct Personality: Codable, Equatable, Sendable {
    package var domain: Domain
    @OmitEmpty package var flags: [String]

    /// The domain.
    package enum Domain: String, ClosedSet {
      case linux = "LINUX"
      case linux32 = "LINUX32"

      package static let meaning = "personality domain"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(domain: Domain, flags: [String] = []) {
      self.domain = domain
      self.flags = flags
    }
  }

  /// The NUMA memory policy: set_mempolicy(2).
  package struct MemoryPolicy: Codable, Equatable, Sendable {
    /// `MPOL_DEFAULT`, `MPOL_BIND` and so on.
    package var mode: String
    /// A list such as `0-1`.
    @OmitEmpty package var nodes: String
    @OmitEmpty package var flags: [String]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(mode: String, nodes: String = "", flags: [String] = []) {
      self.mode = mode
      self.nodes = nodes
      self.flags = flags
    }
  }
}

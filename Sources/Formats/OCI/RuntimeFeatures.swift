/// What a runtime can do, as `features` prints it: the OCI runtime-spec's features.md and features-linux.md.
package struct RuntimeFeatures: Codable, Equatable, Sendable {
  package var ociVersionMin: String
  package var ociVersionMax: String
  @OmitEmpty package var hooks: [String]
  @OmitEmpty package var mountOptions: [String]
  package var linux: LinuxFeatures?
  @OmitEmpty package var annotations: [String: String]
  @OmitEmpty package var potentiallyUnsafeConfigAnnotations: [String]

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    ociVersionMin: String, ociVersionMax: String, hooks: [String] = [], mountOptions: [String] = [],
    linux: LinuxFeatures? = nil, annotations: [String: String] = [:],
    potentiallyUnsafeConfigAnnotations: [String] = []
  ) {
    self.ociVersionMin = ociVersionMin
    self.ociVersionMax = ociVersionMax
    self.hooks = hooks
    self.mountOptions = mountOptions
    self.linux = linux
    self.annotations = annotations
    self.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations
  }
}

extension RuntimeFeatures {
  /// The Linux part.
  package struct LinuxFeatures: Codable, Equatable, Sendable {
    @OmitEmpty package var namespaces: [RuntimeSpec.Namespace.Kind]
    @OmitEmpty package var capabilities: [String]
    package var cgroup: Cgroup?
    package var seccomp: Seccomp?
    package var apparmor: Switch?
    package var selinux: Switch?
    package var intelRdt: Switch?
    package var mountExtensions: MountExtensions?
    package var netDevices: Switch?
    package var memoryPolicy: MemoryPolicy?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      namespaces: [RuntimeSpec.Namespace.Kind] = [], capabilities: [String] = [], cgroup: Cgroup? = nil,
      seccomp: Seccomp? = nil, apparmor: Switch? = nil, selinux: Switch? = nil, intelRdt: Switch? = nil,
      mountExtensions: MountExtensions? = nil, netDevices: Switch? = nil, memoryPolicy: MemoryPolicy? = nil
    ) {
      self.namespaces = namespaces
      self.capabilities = capabilities
      self.cgroup = cgroup
      self.seccomp = seccomp
      self.apparmor = apparmor
      self.selinux = selinux
      self.intelRdt = intelRdt
      self.mountExtensions = mountExtensions
      self.netDevices = netDevices
      self.memoryPolicy = memoryPolicy
    }
  }

  /// Whether something was built in.
  package struct Switch: Codable, Equatable, Sendable {
    package var enabled: Bool?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(enabled: Bool? = nil) {
      self.enabled = enabled
    }
  }

  /// Which cgroup managers there are.
  package struct Cgroup: Codable, Equatable, Sendable {
    package var v1: Bool?
    package var v2: Bool?
    package var systemd: Bool?
    package var systemdUser: Bool?
    package var rdma: Bool?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(v1: Bool? = nil, v2: Bool? = nil, systemd: Bool? = nil, systemdUser: Bool? = nil, rdma: Bool? = nil) {
      self.v1 = v1
      self.v2 = v2
      self.systemd = systemd
      self.systemdUser = systemdUser
      self.rdma = rdma
    }
  }

  /// Which parts of seccomp profiles are known.
  package struct Seccomp: Codable, Equatable, Sendable {
    package var enabled: Bool?
    @OmitEmpty package var actions: [RuntimeSpec.SeccompProfile.Action]
    @OmitEmpty package var operators: [RuntimeSpec.SeccompProfile.Comparison]
    @OmitEmpty package var archs: [RuntimeSpec.Architecture]
    @OmitEmpty package var knownFlags: [RuntimeSpec.SeccompProfile.Flag]
    @OmitEmpty package var supportedFlags: [RuntimeSpec.SeccompProfile.Flag]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      enabled: Bool? = nil, actions: [RuntimeSpec.SeccompProfile.Action] = [],
      operators: [RuntimeSpec.SeccompProfile.Comparison] = [], archs: [RuntimeSpec.Architecture] = [],
      knownFlags: [RuntimeSpec.SeccompProfile.Flag] = [], supportedFlags: [RuntimeSpec.SeccompProfile.Flag] = []
    ) {
      self.enabled = enabled
      self.actions = actions
      self.operators = operators
      self.archs = archs
      self.knownFlags = knownFlags
      self.supportedFlags = supportedFlags
    }
  }

  /// What mounts can do beyond mount(8).
  package struct MountExtensions: Codable, Equatable, Sendable {
    package var idmap: Switch?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(idmap: Switch? = nil) {
      self.idmap = idmap
    }
  }

  /// Which memory policies are known.
  package struct MemoryPolicy: Codable, Equatable, Sendable {
    @OmitEmpty package var modes: [String]
    @OmitEmpty package var flags: [String]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(modes: [String] = [], flags: [String] = []) {
      self.modes = modes
      self.flags = flags
    }
  }
}

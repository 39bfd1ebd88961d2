/// What a container is, as the OCI runtime-spec writes it into a bundle's `config.json` (versions 1.0 to 1.3, the
/// Linux part).
///
/// Member names are those of the specification, so that its text can be read beside this code. What Go writes with
/// `omitempty` is here a plain value that may be empty: absent, `null` and empty are the same thing. A number whose
/// zero means something is optional. Unknown members are ignored, as config.md "Extensibility" demands; unknown values
/// of a closed set are errors that name the value.
package struct RuntimeSpec: Codable, Equatable, Sendable {
  /// The specification's version that the document follows.
  package var ociVersion: String
  /// What runs; a bundle without one can be created but not started.
  package var process: Process?
  /// The root file system.
  package var root: Root?
  /// The UTS namespace's host name.
  @OmitEmpty package var hostname: String
  /// The UTS namespace's domain name.
  @OmitEmpty package var domainname: String
  /// What is mounted over the root, in this order.
  @OmitEmpty package var mounts: [Mount]
  package var hooks: Hooks?
  @OmitEmpty package var annotations: [String: String]
  package var linux: LinuxConfiguration?

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    ociVersion: String = RuntimeSpec.version, process: Process? = nil, root: Root? = nil, hostname: String = "",
    domainname: String = "", mounts: [Mount] = [], hooks: Hooks? = nil, annotations: [String: String] = [:],
    linux: LinuxConfiguration? = nil
  ) {
    self.ociVersion = ociVersion
    self.process = process
    self.root = root
    self.hostname = hostname
    self.domainname = domainname
    self.mounts = mounts
    self.hooks = hooks
    self.annotations = annotations
    self.linux = linux
  }

  /// The version that we write.
  package static let version = "1.2.1"
}

extension RuntimeSpec {
  /// The container's root file system: config.md "Root".
  package struct Root: Codable, Equatable, Sendable {
    /// Absolute, or relative to the bundle.
    package var path: String
    @OmitEmpty package var readonly: Bool

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(path: String, readonly: Bool = false) {
      self.path = path
      self.readonly = readonly
    }
  }

  /// One mount: config.md "Mounts".
  package struct Mount: Codable, Equatable, Sendable {
    /// The absolute path in the container.
    package var destination: String
    /// The file system's type; empty for bind mounts.
    @OmitEmpty package var type: String
    /// A device, a name, or a path that is absolute or relative to the bundle.
    @OmitEmpty package var source: String
    /// Options as `mount(8)` in /etc/fstab takes them, and the specification's own.
    @OmitEmpty package var options: [String]
    /// With `gidMappings`, an id-mapped mount.
    @OmitEmpty package var uidMappings: [IDMapping]
    @OmitEmpty package var gidMappings: [IDMapping]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      destination: String, type: String = "", source: String = "", options: [String] = [],
      uidMappings: [IDMapping] = [], gidMappings: [IDMapping] = []
    ) {
      self.destination = destination
      self.type = type
      self.source = source
      self.options = options
      self.uidMappings = uidMappings
      self.gidMappings = gidMappings
    }
  }

  /// A range of ids of the container and the range of the host that stands behind it.
  package struct IDMapping: Codable, Equatable, Sendable {
    package var containerID: UInt32
    package var hostID: UInt32
    package var size: UInt32

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(containerID: UInt32, hostID: UInt32, size: UInt32) {
      self.containerID = containerID
      self.hostID = hostID
      self.size = size
    }
  }

  /// Programs of somebody else that run at points of the life cycle: config.md "POSIX-platform Hooks".
  package struct Hooks: Codable, Equatable, Sendable {
    /// Deprecated; in the runtime's namespaces, after the container's exist and before `createRuntime`.
    @OmitEmpty package var prestart: [Hook]
    /// In the runtime's namespaces, during `create`, before `pivot_root`.
    @OmitEmpty package var createRuntime: [Hook]
    /// In the container's namespaces, during `create`, before `pivot_root`.
    @OmitEmpty package var createContainer: [Hook]
    /// In the container, before its process is executed.
    @OmitEmpty package var startContainer: [Hook]
    /// In the runtime's namespaces, after the process started.
    @OmitEmpty package var poststart: [Hook]
    /// In the runtime's namespaces, after the container is deleted.
    @OmitEmpty package var poststop: [Hook]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      prestart: [Hook] = [], createRuntime: [Hook] = [], createContainer: [Hook] = [],
      startContainer: [Hook] = [], poststart: [Hook] = [], poststop: [Hook] = []
    ) {
      self.prestart = prestart
      self.createRuntime = createRuntime
      self.createContainer = createContainer
      self.startContainer = startContainer
      self.poststart = poststart
      self.poststop = poststop
    }
  }

  /// One program of a hook; it reads the container's state from its standard input.
  package struct Hook: Codable, Equatable, Sendable {
    /// The program's absolute path.
    package var path: String
    /// All arguments with the program's name; empty means the path alone.
    @OmitEmpty package var args: [String]
    @OmitEmpty package var env: [String]
    /// Seconds until it is killed, more than zero; without it there is no limit.
    package var timeout: Int?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(path: String, args: [String] = [], env: [String] = [], timeout: Int? = nil) {
      self.path = path
      self.args = args
      self.env = env
      self.timeout = timeout
    }
  }
}

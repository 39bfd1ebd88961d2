import OCI

/// What a container is: our own stored form of its definition, complete in itself.
///
/// It is made once, when the container is created, from a create request and the image's config, and says everything
/// that later launches need besides the host. Docker's JSON is mapped to it and from it at the API; nothing here is
/// spelled for a wire.
package struct ContainerSpec: Codable, Equatable, Sendable {
  /// 64 hexadecimal digits.
  package let id: String
  /// Without Docker's leading slash.
  package var name: String
  package var image: ImageSource
  package var program: ProgramSpec
  package var streams = StreamSpec()
  /// In no particular order; one at most for each destination.
  package var mounts: [MountSpec] = []
  package var namespaces = NamespaceSpec()
  package var network = NetworkSpec()
  package var resources = ResourceSpec()
  package var security = SecuritySpec()
  package var devices = DeviceSpec()
  package var lifecycle = LifecycleSpec()

  /// Creates the definition of a container with defaults for everything that is not said.
  package init(id: String, name: String, image: ImageSource, program: ProgramSpec) {
    self.id = id
    self.name = name
    self.image = image
    self.program = program
  }

  /// What a container's root file system came from.
  package struct ImageSource: Codable, Equatable, Sendable {
    /// As the user wrote it.
    package var reference: String
    /// The digest of the image's config.
    package var id: String

    /// Creates it from its members.
    package init(reference: String, id: String) {
      self.reference = reference
      self.id = id
    }
  }
}

/// Which of a program's streams exist and who reads them.
package struct StreamSpec: Codable, Equatable, Sendable {
  /// Whether it gets a pseudo terminal instead of three pipes.
  package var hasTerminal = false
  /// Whether its standard input is kept open; without it, it reads end of file at once.
  package var isInputOpen = false
  /// Whether its input ends when the first client that attached leaves.
  package var closesInputAfterFirstClient = false
  /// What the client that created it asked to be attached to; only told again, never acted on.
  package var attachesInput = false
  package var attachesOutput = false
  package var attachesErrors = false
  /// The first size of its terminal.
  package var consoleSize: ConsoleSize?

  /// Creates one with pipes, no input and nobody attached.
  package init() {}

  /// A terminal's size in characters.
  package struct ConsoleSize: Codable, Equatable, Sendable {
    package var rows: Int
    package var columns: Int

    /// Creates it from its members.
    package init(rows: Int, columns: Int) {
      self.rows = rows
      self.columns = columns
    }
  }
}

/// Which namespaces and mounts a container shares, and with whom.
package struct NamespaceSpec: Codable, Equatable, Sendable {
  package var process = ProcessNamespace.own
  package var ipc = IPCNamespace.own
  package var uts = UTSNamespace.own
  package var cgroup = CgroupNamespace.own
  /// Whose mounts were added to its own when it was created.
  package var volumesFrom: [VolumesFrom] = []

  /// Creates one with namespaces of its own for everything.
  package init() {}

  /// `--pid`.
  package enum ProcessNamespace: Codable, Equatable, Sendable {
    case own, host
    case container(id: String)
  }

  /// `--ipc`. A namespace of its own is joined by others only if it is `shareable`; with `none` there is no `/dev/shm`.
  package enum IPCNamespace: Codable, Equatable, Sendable {
    case own, shareable, none, host
    case container(id: String)
  }

  /// `--uts`.
  package enum UTSNamespace: String, Codable, Sendable { case own, host }

  /// `--cgroupns`.
  package enum CgroupNamespace: String, Codable, Sendable { case own, host }
}

/// What a container sees of networks and how names are resolved in it.
package struct NetworkSpec: Codable, Equatable, Sendable {
  package var mode = Mode.default
  /// Filled when the container is created: see ``ContainerSpec/settle(on:)``.
  package var hostname = ""
  package var domainname = ""
  /// The container whose files in `/etc` it has since its last launch, because it shares that one's network.
  package var filesOwner: String?
  /// `name:address`, in the user's order.
  package var extraHosts: [String] = []
  /// `--dns`, `--dns-search` and `--dns-option`.
  package var resolvers: [String] = []
  package var searchDomains: [String] = []
  package var resolverOptions: [String] = []

  /// Creates one in the default mode.
  package init() {}

  /// `--network`.
  package enum Mode: Codable, Equatable, Sendable {
    /// What nobody asked for otherwise. Until there are networks it is `none`.
    case `default`
    /// Loopback alone.
    case none
    case host
    case container(id: String)

    /// Whether the container has a network namespace that nobody else made.
    package var isOwn: Bool {
      switch self {
      case .default, .none: true
      case .host, .container: false
      }
    }
  }
}

/// What a container may do to the host.
package struct SecuritySpec: Codable, Equatable, Sendable {
  package var isPrivileged = false
  /// As the user wrote them: any case, with or without `CAP_`, or `ALL`.
  package var addedCapabilities: [String] = []
  package var droppedCapabilities: [String] = []
  /// Whether no program of it can gain privileges.
  package var hasNoNewPrivileges = false
  package var seccomp = Seccomp.standard
  package var appArmor = AppArmor.standard
  package var isRootReadOnly = false
  /// Whether `/sys/fs/cgroup` can be written; nil means if privileged.
  package var hasWritableCgroups: Bool?
  /// Instead of Docker's lists; nil leaves those.
  package var maskedPaths: [String]?
  package var readOnlyPaths: [String]?
  /// `--group-add`, names or numbers of the image.
  package var additionalGroups: [String] = []
  /// `--security-opt`, as the user wrote them; the members above are what they say.
  package var options: [String] = []

  /// Creates Docker's standard confinement.
  package init() {}

  /// `--security-opt seccomp=`.
  package enum Seccomp: Codable, Equatable, Sendable {
    /// Nothing was said: Docker's profile, unless privileged.
    case standard
    /// Docker's profile, said by name.
    case builtin
    case unconfined
    /// The text of a profile in Docker's JSON.
    case profile(json: String)
  }

  /// `--security-opt apparmor=`. Other profiles are refused by name until the runtime honours them.
  package enum AppArmor: String, Codable, Sendable { case standard, unconfined }
}

/// When a container is restarted and how it ends, is watched and is logged.
package struct LifecycleSpec: Codable, Equatable, Sendable {
  package var restart = RestartPolicy.never
  /// Whether it is removed, with its anonymous volumes, when it ends.
  package var isRemovedAtEnd = false
  /// Seconds between the stop signal and SIGKILL; negative means forever, nil is Docker's 10.
  package var stopTimeoutSeconds: Int?
  /// Whether a small init runs as pid 1 before the program; nil is the daemon's default.
  package var hasInit: Bool?
  /// The name of the OCI runtime; empty is our own.
  package var runtime = ""
  package var log = LogSpec()
  package var annotations: [String: String] = [:]

  /// Creates one that ends once and stays.
  package init() {}

  /// `--restart`.
  package enum RestartPolicy: Codable, Equatable, Sendable {
    case never, always, unlessStopped
    /// `maximumRetries` 0 means without limit.
    case onFailure(maximumRetries: Int)
  }
}

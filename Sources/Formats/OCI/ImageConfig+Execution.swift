extension ImageConfig {
  /// The defaults of containers made from the image: the `config` member.
  package struct Execution: Codable, Equatable, Sendable {
    /// `user`, `uid`, `user:group` and so on.
    @OmitEmpty package var user: String
    /// As `80/tcp`.
    @OmitEmpty package var exposedPorts: KeySet
    /// `NAME=value`.
    @OmitEmpty package var env: [String]
    @OmitEmpty package var entrypoint: [String]
    @OmitEmpty package var cmd: [String]
    /// Paths.
    @OmitEmpty package var volumes: KeySet
    @OmitEmpty package var workingDir: String
    @OmitEmpty package var labels: [String: String]
    /// A name or a number.
    @OmitEmpty package var stopSignal: String
    /// Windows only.
    @OmitEmpty package var argsEscaped: Bool
    package var healthcheck: Healthcheck?
    /// Instructions that run when the image is a base.
    @OmitEmpty package var onBuild: [String]
    /// What runs the shell form of instructions.
    @OmitEmpty package var shell: [String]
    /// Docker's commit leaves it the config of older images.
    @OmitEmpty package var hostname: String
    @OmitEmpty package var domainname: String

    private enum CodingKeys: String, CodingKey {
      case user = "User"
      case exposedPorts = "ExposedPorts"
      case env = "Env"
      case entrypoint = "Entrypoint"
      case cmd = "Cmd"
      case volumes = "Volumes"
      case workingDir = "WorkingDir"
      case labels = "Labels"
      case stopSignal = "StopSignal"
      case argsEscaped = "ArgsEscaped"
      case healthcheck = "Healthcheck"
      case onBuild = "OnBuild"
      case shell = "Shell"
      case hostname = "Hostname"
      case domainname = "Domainname"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      user: String = "", exposedPorts: KeySet = [], env: [String] = [], entrypoint: [String] = [],
      cmd: [String] = [], volumes: KeySet = [], workingDir: String = "", labels: [String: String] = [:],
      stopSignal: String = "", argsEscaped: Bool = false, healthcheck: Healthcheck? = nil, onBuild: [String] = [],
      shell: [String] = [], hostname: String = "", domainname: String = ""
    ) {
      self.user = user
      self.exposedPorts = exposedPorts
      self.env = env
      self.entrypoint = entrypoint
      self.cmd = cmd
      self.volumes = volumes
      self.workingDir = workingDir
      self.labels = labels
      self.stopSignal = stopSignal
      self.argsEscaped = argsEscaped
      self.healthcheck = healthcheck
      self.onBuild = onBuild
      self.shell = shell
      self.hostname = hostname
      self.domainname = domainname
    }
  }

  /// How the health of a container is tested. Times are nanoseconds; 0 inherits the default.
  package struct Healthcheck: Codable, Equatable, Sendable {
    /// `NONE`, `CMD` with arguments or `CMD-SHELL` with a command; empty inherits.
    @OmitEmpty package var test: [String]
    package var interval: Int64?
    package var timeout: Int64?
    package var startPeriod: Int64?
    package var startInterval: Int64?
    package var retries: Int?

    private enum CodingKeys: String, CodingKey {
      case test = "Test"
      case interval = "Interval"
      case timeout = "Timeout"
      case startPeriod = "StartPeriod"
      case startInterval = "StartInterval"
      case retries = "Retries"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      test: [String] = [], interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
      startInterval: Int64? = nil, retries: Int? = nil
    ) {
      self.test = test
      self.interval = interval
      self.timeout = timeout
      self.startPeriod = startPeriod
      self.startInterval = startInterval
      self.retries = retries
    }
  }
}

/// A set that JSON writes as an object of empty objects: `{"80/tcp": {}}`.
package struct KeySet: Codable, Equatable, Sendable, ExpressibleByArrayLiteral, EmptyValue {
  package var keys: Set<String>

  /// Creates it from its members.
  package init(_ keys: some Sequence<String>) { self.keys = Set(keys) }

  package init(arrayLiteral keys: String...) { self.keys = Set(keys) }

  package static var emptyValue: KeySet { [] }
  package var isEmptyValue: Bool { keys.isEmpty }

  /// The members in order.
  package var sorted: [String] { keys.sorted() }

  private struct Nothing: Codable {}

  /// Reads the keys; whatever stands behind them says nothing.
  package init(from decoder: any Decoder) throws { keys = Set(try [String: Nothing?](from: decoder).keys) }

  package func encode(to encoder: any Encoder) throws {
    try Dictionary(uniqueKeysWithValues: keys.map { ($0, Nothing()) }).encode(to: encoder)
  }
}

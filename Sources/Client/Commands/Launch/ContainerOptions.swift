import EngineClient

/// All that `create` and `run` can say of a container, in groups.
struct ContainerOptions {
  var process = ProcessOptions()
  var identity = IdentityOptions()
  var health = HealthOptions()
  var resources = ResourceOptions()
  var limits = LimitOptions()
  var security = SecurityOptions()
  var namespaces = NamespaceOptions()
  var storage = StorageOptions()
  var network = NetworkOptions()
  var log = LogOptions()

  static var flags: [Flag<ContainerOptions>] {
    ProcessOptions.flags.map { $0.inside(\.process) } + IdentityOptions.flags.map { $0.inside(\.identity) }
      + HealthOptions.flags.map { $0.inside(\.health) } + ResourceOptions.flags.map { $0.inside(\.resources) }
      + LimitOptions.flags.map { $0.inside(\.limits) } + SecurityOptions.flags.map { $0.inside(\.security) }
      + NamespaceOptions.flags.map { $0.inside(\.namespaces) } + StorageOptions.flags.map { $0.inside(\.storage) }
      + NetworkOptions.flags.map { $0.inside(\.network) } + LogOptions.flags.map { $0.inside(\.log) }
  }

  /// What the flags are seen against: the user's environment, directory and terminal.
  struct Surroundings {
    var environment: [String: String] = [:]
    var directory = "/"
    /// Rows and columns; zero without a terminal.
    var console: (rows: UInt16, columns: UInt16) = (0, 0)
  }

  /// The body of `POST /containers/create`, member by member as Docker's client writes it.
  ///
  /// - Parameter attaches: the streams that are going to be attached to.
  /// - Throws: `LaunchProblem` when the flags contradict each other.
  func document(
    image: String, command: [String], attaches: (input: Bool, output: Bool, error: Bool), _ around: Surroundings
  ) throws -> JSONValue {
    let ports = try PortFlags(published: network.published, exposed: network.exposed)
    let volumes = storage.parsedVolumes(around.directory)
    var members: [JSONValue.Member] = [
      .init("Hostname", .string(identity.hostname)), .init("Domainname", .string(identity.domainname)),
      .init("User", .string(process.user)), .init("AttachStdin", .bool(attaches.input)),
      .init("AttachStdout", .bool(attaches.output)), .init("AttachStderr", .bool(attaches.error)),
    ]
    if let exposed = ports.exposedDocument { members.append(.init("ExposedPorts", exposed)) }
    members += [
      .init("Tty", .bool(process.tty)), .init("OpenStdin", .bool(process.interactive)),
      .init("StdinOnce", .bool(process.interactive && attaches.input)),
      .init("Env", Self.orNull(try process.variables(around.environment))), .init("Cmd", Self.orNull(command)),
    ]
    if let check = try health.document() { members.append(.init("Healthcheck", check)) }
    members += [
      .init("Image", .string(image)), .init("Volumes", .object(volumes.anonymous.map { .init($0, .object([])) })),
      .init("WorkingDir", .string(process.workingDirectory)),
      .init("Entrypoint", process.entrypoint.map { JSONValue([$0]) } ?? .null), .init("OnBuild", .null),
      .init("Labels", JSONValue(try identity.allLabels())),
    ]
    if !process.stopSignal.isEmpty { members.append(.init("StopSignal", .string(process.stopSignal))) }
    if let seconds = process.stopTimeoutSeconds { members.append(.init("StopTimeout", JSONValue(seconds))) }
    members.append(.init("HostConfig", try hostConfig(binds: volumes.binds, ports, around)))
    members.append(.init("NetworkingConfig", .object([.init("EndpointsConfig", network.endpoints())])))
    return .object(members)
  }

  /// Docker's client says `null` where nothing was given to some flags, and an empty list to others.
  static func orNull(_ strings: [String]) -> JSONValue { strings.isEmpty ? .null : JSONValue(strings) }
}

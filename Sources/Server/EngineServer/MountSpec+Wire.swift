import DockerWire
import LaunchPlan

extension MountSpec {
  /// Every mount that a create request asks for: `Binds`, `Mounts` and `Tmpfs`.
  ///
  /// - Throws: `invalid` with Docker's texts.
  static func all(_ host: HostConfig) throws(LaunchPlanError) -> [MountSpec] {
    var mounts: [MountSpec] = []
    for text in host.binds ?? [] { mounts.append(try MountSpec(bind: text)) }
    for request in host.mounts ?? [] {
      do { mounts.append(try MountSpec(request)) } catch  where error.kind == .invalid {
        throw .invalid("invalid mount config for type \"\(request.type)\": \(error.text)")
      }
    }
    for (path, options) in (host.tmpfs ?? [:]).sorted(by: { $0.key < $1.key }) {
      var tmpfs = Tmpfs()
      tmpfs.options = options.isEmpty ? [] : options.split(separator: ",").map(String.init)
      mounts.append(MountSpec(path, .tmpfs(tmpfs), origin: .tmpfsFlag))
    }
    return mounts
  }

  /// Reads `-v`'s text: `source:destination[:mode]`, or the destination of an anonymous volume alone.
  private init(bind text: String) throws(LaunchPlanError) {
    let malformed = LaunchPlanError.invalid("invalid volume specification: '\(text)'")
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(parts.count), parts.prefix(2).allSatisfy({ !$0.isEmpty }) else { throw malformed }
    guard parts.count > 1 else {
      try checkDestination(text)
      self.init(
        ContainerPath.clean(text), .volume(Volume(name: "", isAnonymous: true)), origin: .volumeFlag(mode: ""))
      return
    }
    let modeText = parts.count == 3 ? parts[2] : ""
    let mode = try MountMode(modeText)
    // `path:ro` has lost its destination.
    if parts.count == 2, !parts[1].hasPrefix("/"), (try? MountMode(parts[1])) != nil { throw malformed }
    let isPath = parts[0].hasPrefix("/")
    let kind: Kind
    do throws(LaunchPlanError) {
      try checkDestination(parts[1])
      if isPath {
        if mode.skipsCopy { throw .invalid("field VolumeOptions must not be specified") }
        var bind = Bind(source: ContainerPath.clean(parts[0]))
        bind.propagation = mode.propagation
        bind.createsSource = true
        kind = .bind(bind)
      } else {
        if mode.propagation != nil { throw .invalid("field BindOptions must not be specified") }
        var volume = Volume(name: parts[0])
        volume.copiesFromImage = !mode.skipsCopy
        kind = .volume(volume)
      }
    } catch {
      let type = isPath ? "bind" : "volume"
      throw .invalid(
        "invalid volume specification: '\(text)': invalid mount config for type \"\(type)\": \(error.text)")
    }
    self.init(
      ContainerPath.clean(parts[1]), kind, isReadOnly: mode.isReadOnly, origin: .volumeFlag(mode: modeText))
  }

  /// Reads one of `Mounts`.
  private init(_ request: MountRequest) throws(LaunchPlanError) {
    if request.target.isEmpty { throw .invalid("field Target must not be empty") }
    try checkDestination(request.target)
    let kind: Kind =
      switch request.type {
      case "bind": .bind(try Bind(request))
      case "volume": .volume(try Volume(request))
      case "tmpfs": .tmpfs(try Tmpfs(request))
      case "image": throw .unsupported("mount type \"image\"")
      default: throw .invalid("mount type unknown")
      }
    self.init(request.target, kind, isReadOnly: request.readOnly, origin: .mountFlag)
  }
}

/// Where a mount may be, in Docker's words.
private func checkDestination(_ path: String) throws(LaunchPlanError) {
  guard path.hasPrefix("/") else { throw .invalid("invalid mount path: '\(path)' mount path must be absolute") }
  if ContainerPath.clean(path) == "/" { throw .invalid("invalid specification: destination can't be '/'") }
}

extension MountRequest {
  /// Refuses the options of another kind of mount.
  fileprivate func refuseOptions(but own: String) throws(LaunchPlanError) {
    let given = [
      ("BindOptions", bindOptions != nil), ("VolumeOptions", volumeOptions != nil),
      ("ImageOptions", imageOptions != nil), ("TmpfsOptions", tmpfsOptions != nil),
    ]
    if let other = given.first(where: { $0.1 && $0.0 != own }) {
      throw .invalid("field \(other.0) must not be specified")
    }
    if !clusterOptions.isEmpty { throw .unsupported("ClusterOptions") }
  }
}

extension MountSpec.Bind {
  fileprivate init(_ request: MountRequest) throws(LaunchPlanError) {
    if request.source.isEmpty { throw .invalid("field Source must not be empty") }
    let options = request.bindOptions ?? MountBindOptions()
    var propagation: MountSpec.Propagation?
    if !options.propagation.isEmpty {
      propagation = MountSpec.Propagation(rawValue: options.propagation)
      if propagation == nil { throw .invalid("invalid propagation mode: \(options.propagation)") }
    }
    try request.refuseOptions(but: "BindOptions")
    guard request.source.hasPrefix("/") else {
      throw .invalid("invalid mount path: '\(request.source)' mount path must be absolute")
    }
    self.init(source: request.source)
    self.propagation = propagation
    isNonRecursive = options.nonRecursive
    createsSource = options.createMountpoint
    if options.readOnlyForceRecursive { readOnlyReach = .all }
    if options.readOnlyNonRecursive { readOnlyReach = .topOnly }
  }
}

extension MountSpec.Volume {
  fileprivate init(_ request: MountRequest) throws(LaunchPlanError) {
    try request.refuseOptions(but: "VolumeOptions")
    let options = request.volumeOptions ?? MountVolumeOptions()
    let isAnonymous = request.source.isEmpty
    if !options.subpath.isEmpty {
      if isAnonymous { throw .invalid("must not set Subpath when using anonymous volumes") }
      guard MountSpec.isLocal(options.subpath) else {
        throw .invalid("subpath must be a relative path within the volume")
      }
    }
    if isAnonymous, request.readOnly { throw .invalid("must not set ReadOnly mode when using anonymous volumes") }
    let driver = options.driverConfig?.name ?? ""
    guard ["", "local"].contains(driver) else { throw .unsupported("volume driver \"\(driver)\"") }
    self.init(name: request.source, isAnonymous: isAnonymous)
    copiesFromImage = !options.noCopy
    subpath = options.subpath
    labels = options.labels ?? [:]
    self.options = options.driverConfig?.options ?? [:]
  }
}

extension MountSpec {
  /// Go's `filepath.IsLocal`: relative, and nowhere above its start.
  fileprivate static func isLocal(_ path: String) -> Bool {
    guard !path.hasPrefix("/") else { return false }
    var depth = 0
    for part in path.split(separator: "/") where part != "." {
      depth += part == ".." ? -1 : 1
      if depth < 0 { return false }
    }
    return true
  }
}

extension MountSpec.Tmpfs {
  fileprivate init(_ request: MountRequest) throws(LaunchPlanError) {
    try request.refuseOptions(but: "TmpfsOptions")
    if !request.source.isEmpty { throw .invalid("field Source must not be specified") }
    self.init()
    let wire = request.tmpfsOptions ?? MountTmpfsOptions()
    sizeBytes = Int64(wire.sizeBytes)
    mode = wire.mode
    for option in wire.options ?? [] {
      guard option == ["exec"] || option == ["noexec"] else {
        throw .invalid("invalid option: \(option.first ?? "")")
      }
      options += option
    }
  }
}

/// The part of `-v` after its second colon: a comma between any of Docker's words, one of a kind.
struct MountMode {
  private(set) var isReadOnly = false
  private(set) var skipsCopy = false
  private(set) var propagation: MountSpec.Propagation?

  /// - Throws: `invalid` with Docker's text.
  init(_ text: String) throws(LaunchPlanError) {
    let malformed = LaunchPlanError.invalid("invalid mode: \(text)")
    var kinds: Set<String> = []
    for word in text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
      let kind: String
      switch word {
      case "ro", "rw":
        kind = "access"
        isReadOnly = word == "ro"
      // SELinux's labels, where there is no SELinux: Docker accepts them as well. How caches are kept is macOS's.
      case "z", "Z": kind = "label"
      case "consistent", "cached", "delegated": kind = "consistency"
      case "nocopy":
        kind = "copy"
        skipsCopy = true
      default:
        kind = "propagation"
        propagation = MountSpec.Propagation(rawValue: String(word))
        if propagation == nil { throw malformed }
      }
      guard kinds.insert(kind).inserted else { throw malformed }
    }
  }
}

extension VolumesFrom {
  /// Reads `VolumesFrom`.
  ///
  /// - Throws: `invalid` with Docker's texts.
  static func all(_ host: HostConfig) throws(LaunchPlanError) -> [VolumesFrom] {
    var sources: [VolumesFrom] = []
    for text in host.volumesFrom ?? [] {
      if text.isEmpty { throw .invalid("volumes-from specification cannot be an empty string") }
      let colon = text.firstIndex(of: ":") ?? text.endIndex
      let modeText = String(text[colon...].dropFirst())
      let mode = try MountMode(modeText)
      // What is copied was mounted once: nothing is filled, and nothing propagates in another way.
      if mode.skipsCopy || mode.propagation != nil { throw .invalid("invalid mode: \(modeText)") }
      sources.append(
        VolumesFrom(container: String(text[..<colon]), mode: modeText, isReadOnly: mode.isReadOnly))
    }
    return sources
  }
}

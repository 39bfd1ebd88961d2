import DockerWire
import Engine
import Glibc
import HTTPServer
import Images
import OCI

// Images in Docker's words.
extension Image {
  /// When it was made, as far as it says so.
  var createdTime: Int64 { WireTime.parse(config.created) ?? 0 }
}

extension Reference {
  /// Whether Docker's filter `reference` with `pattern` means it: with its tag or without, `*` for all but slashes.
  func matches(pattern: String) -> Bool {
    fnmatch(pattern, familiar, FNM_PATHNAME) == 0 || fnmatch(pattern, familiarName, FNM_PATHNAME) == 0
  }
}

extension Filters {
  /// The filter `until`: a moment, or how long ago.
  func until() throws -> Int64? {
    guard values("until").count < 2 else { throw EngineError(.invalid, "more than one until filter specified") }
    guard let text = values("until").first else { return nil }
    guard let time = WireTime.parse(text) ?? WireTime.parse(timestamp: text) ?? WireTime.parse(ago: text) else {
      throw EngineError(.invalid, "failed to parse value as time or duration: \"\(text)\"")
    }
    return time
  }
}

extension ImageSummary {
  /// The line of a list; `tags` and `digests` are the names that it shows.
  init(_ image: Image, tags: [Reference], digests: [Reference]) {
    self.init()
    created = Int(image.createdTime / 1_000_000_000)
    id = image.id.description
    labels = (image.config.config?.labels).flatMap { $0.isEmpty ? nil : $0 }
    repoTags = tags.map(\.familiar)
    repoDigests = digests.map(\.familiar)
    sharedSize = -1
    size = Int(image.size)
  }
}

extension ImageInspect {
  /// Everything about an image.
  init(_ image: Image) {
    self.init()
    let config = image.config
    id = image.id.description
    repoTags = image.tags.map(\.familiar)
    repoDigests = image.digests.map(\.familiar)
    // Newer images keep their comment in the history.
    comment = config.comment.isEmpty ? config.history.last?.comment ?? "" : config.comment
    created = config.created
    dockerVersion = config.dockerVersion
    author = config.author
    architecture = config.architecture
    variant = config.variant
    os = config.os
    osVersion = config.osVersion
    size = Int(image.size)
    var driver = StorageInfo()
    driver.name = SystemRoutes.storageDriver
    graphDriver = driver
    var layers = RootFS()
    layers.type = config.rootfs.type
    layers.layers = config.rootfs.diffIDs.map(\.description)
    rootFS = layers
    // When a name was given last is not kept; when the image came is.
    metadata.lastTagTime = image.tags.isEmpty ? WireTime.never : WireTime.text(image.added)
    self.config = DockerWire.ImageConfig(config.config ?? OCI.ImageConfig.Execution())
  }
}

extension DockerWire.ImageConfig {
  /// The defaults of containers; what the image leaves out is null, as Docker shows it.
  init(_ execution: OCI.ImageConfig.Execution) {
    self.init()
    func some<Value: Collection>(_ value: Value) -> Value? { value.isEmpty ? nil : value }
    argsEscaped = execution.argsEscaped
    cmd = some(execution.cmd).map { CommandWords($0) }
    entrypoint = some(execution.entrypoint).map { CommandWords($0) }
    env = some(execution.env)
    exposedPorts = some(execution.exposedPorts.sorted).map { WireSet($0) }
    healthcheck = execution.healthcheck.map { Alphabetical(HealthConfig($0)) }
    labels = some(execution.labels)
    onBuild = some(execution.onBuild)
    shell = some(execution.shell).map { CommandWords($0) }
    stopSignal = execution.stopSignal
    user = execution.user
    volumes = some(execution.volumes.sorted).map { WireSet($0) }
    workingDir = execution.workingDir
  }
}

extension HealthConfig {
  fileprivate init(_ check: OCI.ImageConfig.Healthcheck) {
    self.init()
    test = check.test.isEmpty ? nil : check.test
    interval = Int(check.interval ?? 0)
    timeout = Int(check.timeout ?? 0)
    startPeriod = Int(check.startPeriod ?? 0)
    startInterval = Int(check.startInterval ?? 0)
    retries = check.retries ?? 0
  }
}

extension ImageHistoryItem {
  /// A step; only the image itself has an ID.
  init(_ entry: HistoryEntry) {
    self.init()
    comment = entry.comment
    created = Int((WireTime.parse(entry.created) ?? 0) / 1_000_000_000)
    createdBy = entry.createdBy
    id = entry.id?.description ?? "<missing>"
    size = Int(entry.size)
    tags = entry.tags.isEmpty ? nil : entry.tags.map(\.familiar)
  }
}

extension ImageDeleteItem {
  /// What a removal did.
  init(_ removed: ImageStore.Removed) {
    self.init()
    switch removed {
    case .untagged(let name): untagged = name.familiar
    case .deleted(let id): deleted = id
    }
  }
}

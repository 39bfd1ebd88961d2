import DockerWire
import Engine
import HTTPServer
import Images
import Volumes

/// What belongs to no noun: ping, version, info, disk usage, registry logins. Events are in `SystemRoutes+Events.swift`.
struct SystemRoutes {
  let engine: Engine

  /// How layers lie on each other.
  static let storageDriver = "overlay"

  var table: [Route] {
    [
      Route(.get, "/_ping", access: .read, handler: ping),
      Route(.head, "/_ping", access: .read, handler: ping),
      Route(.get, "/version", access: .read, handler: answering(version)),
      Route(.get, "/info", access: .read, handler: answering(info)),
      Route(.get, "/events", access: .read, handler: answering(events)),
      Route(.get, "/system/df", since: APIVersion(1, 25), access: .read, handler: answering(diskUsage)),
      Route(.post, "/auth", access: .operate, handler: answering(logIn)),
    ]
  }

  @Sendable private func ping(_ request: Request) async -> Response {
    .bytes(Array("OK".utf8), contentType: "text/plain; charset=utf-8")
      .adding("Cache-Control", "no-cache, no-store, must-revalidate").adding("Pragma", "no-cache")
      .adding("Swarm", "inactive")
  }

  @Sendable private func version(_ request: Request) async throws -> Response {
    let host = try await engine.executor.run { HostSystem.read() }
    var answer = EngineVersion()
    answer.platform.name = "Skiff"
    answer.version = Engine.version
    answer.apiVersion = "\(APIVersion.newest)"
    answer.minAPIVersion = "\(APIVersion.oldest)"
    answer.os = "linux"
    answer.arch = Self.architecture(host)
    answer.kernelVersion = host.kernelVersion
    var component = Component()
    component.name = "Engine"
    component.version = Engine.version
    component.details = [
      "ApiVersion": answer.apiVersion, "Arch": answer.arch, "Experimental": "false",
      "KernelVersion": answer.kernelVersion, "MinAPIVersion": answer.minAPIVersion, "Os": answer.os,
    ]
    answer.components = [component]
    return .json(answer.json)
  }

  @Sendable private func info(_ request: Request) async throws -> Response {
    let host = try await engine.executor.run { HostSystem.read() }
    var answer = SystemInfo()
    answer.id = engine.instance.uuid
    answer.name = host.hostName
    answer.serverVersion = Engine.version
    answer.images = try await engine.imageList().count
    let states = engine.containers.snapshots.map(\.status)
    answer.containers = states.count
    answer.containersRunning = states.count { $0 == "running" }
    answer.containersPaused = states.count { $0 == "paused" }
    answer.containersStopped = answer.containers - answer.containersRunning - answer.containersPaused
    answer.dockerRootDir = engine.configuration.dataRoot
    answer.debug = engine.configuration.isDebugging
    answer.nEventsListener = engine.events.listenersCount
    answer.systemTime = WireTime.text(WireTime.now())
    answer.driver = Self.storageDriver
    answer.driverStatus = []
    answer.plugins.volume = [Engine.volumeDriver]
    answer.plugins.network = []
    answer.plugins.log = ["json-file"]
    answer.loggingDriver = "json-file"
    answer.indexServerAddress = "https://index.docker.io/v1/"
    answer.labels = []
    answer.runtimes = ["skiff": RuntimeInfo(path: engine.configuration.monitorPath)]
    answer.defaultRuntime = "skiff"
    answer.swarm.localNodeState = "inactive"
    answer.liveRestoreEnabled = true
    answer.securityOptions = ["name=seccomp,profile=builtin"]
    answer.cdiSpecDirs = []
    answer.describe(host)
    return .json(answer.json)
  }

  @Sendable private func diskUsage(_ request: Request) async throws -> Response {
    let types = Set(request.query.values("type"))
    let known: Set = ["build-cache", "container", "image", "volume"]
    if let unknown = types.subtracting(known).min() {
      throw EngineError(.invalid, "unknown object type: \(unknown)")
    }
    let wanted = types.isEmpty ? known : types
    var json = JSONWriter()
    let (images, layersSize) = wanted.contains("image") ? try await imageUsage() : (nil, 0)
    let volumes = wanted.contains("volume") ? try await volumeUsage() : nil
    let routes = ContainerRoutes(engine: engine)
    let containers =
      wanted.contains("container") ? try await routes.summariesWithSizes(engine.containers.snapshots) : nil
    json.object { json in
      json.field("LayersSize") { $0.integer(layersSize) }
      json.field("Images") { images.write(&$0) }
      json.field("Containers") { containers.write(&$0) }
      json.field("Volumes") { volumes.write(&$0) }
      json.field("BuildCache") { $0.array { _ in } }
    }
    return .json(json.bytes + [UInt8(ascii: "\n")])
  }

  private func imageUsage() async throws -> (lines: [ImageSummary]?, layersSize: Int64) {
    let list = try await engine.imageList()
    let usage = try await engine.layerUsage(of: list)
    let uses = engine.containers.countsByImage
    let lines = list.map { image in
      var line = ImageSummary(image, tags: image.tags, digests: image.digests)
      line.containers = uses[line.id] ?? 0
      line.sharedSize = Int(usage.shared[image.id] ?? 0)
      return line
    }
    return (lines, usage.total)
  }

  private func volumeUsage() async throws -> [DockerWire.Volume]? {
    let routes = VolumeRoutes(engine: engine)
    return try await engine.volumeUsage().map { volume, bytes in
      var wire = routes.wire(volume)
      var usage = VolumeUsage()
      usage.refCount = engine.containers.users(ofVolume: volume.name).count
      usage.size = Int(bytes)
      wire.usageData = usage
      return wire
    }
  }

  @Sendable private func logIn(_ request: Request) async throws -> Response {
    throw EngineError(.unsupported, "logging in to registries is not supported yet")
  }

  /// The architecture in Go's words.
  private static func architecture(_ host: HostSystem) -> String {
    switch host.architecture {
    case "x86_64": "amd64"
    case "aarch64": "arm64"
    case let other: other
    }
  }
}

extension RuntimeInfo {
  /// The runtime whose program is at `path`.
  fileprivate init(path: String) {
    self.init()
    self.path = path
  }
}

extension SystemInfo {
  /// What the machine is, and which limits its cgroups know.
  fileprivate mutating func describe(_ host: HostSystem) {
    kernelVersion = host.kernelVersion
    operatingSystem = host.operatingSystem
    osVersion = host.operatingSystemVersion
    osType = "linux"
    architecture = host.architecture
    ncpu = host.processors
    memTotal = Int(host.memoryBytes)
    iPv4Forwarding = host.forwardsIPv4
    cgroupDriver = host.cgroupVersion == nil ? "none" : "cgroupfs"
    cgroupVersion = host.cgroupVersion.map { "\($0)" } ?? ""
    memoryLimit = host.controllers.contains("memory")
    swapLimit = memoryLimit
    cpuCfsPeriod = host.controllers.contains("cpu")
    cpuCfsQuota = cpuCfsPeriod
    cpuShares = cpuCfsPeriod
    cpuSet = host.controllers.contains("cpuset")
    pidsLimit = host.controllers.contains("pids")
    oomKillDisable = memoryLimit && host.cgroupVersion == 1
  }
}

import DockerWire
import Engine
import HTTPServer
import Volumes

/// `/volumes`.
struct VolumeRoutes {
  let engine: Engine

  var table: [Route] {
    [
      Route(.get, "/volumes", access: .read, handler: answering(list)),
      Route(.get, "/volumes/{name}", access: .read, handler: answering(inspect)),
      Route(.post, "/volumes/create", access: .operate, handler: answering(create)),
      Route(.post, "/volumes/prune", since: APIVersion(1, 25), access: .operate, handler: answering(prune)),
      Route(.delete, "/volumes/{name}", access: .operate, handler: answering(remove)),
    ]
  }

  @Sendable private func list(_ request: Request) async throws -> Response {
    let filters = try request.filters(known: ["dangling", "driver", "label", "name"])
    let isDangling = try filters.flag("dangling")
    let volumes = try await engine.volumeList().filter { volume in
      (isDangling.map { $0 == engine.containers.users(ofVolume: volume.name).isEmpty } ?? true)
        && filters.allows("driver", Engine.volumeDriver)
        && filters.allows(labels: volume.wireLabels)
        && (filters.values("name").isEmpty || filters.values("name").contains { volume.name.contains($0) })
    }
    var answer = VolumesList()
    answer.volumes = volumes.map { wire($0) }
    return .json(answer.json)
  }

  @Sendable private func inspect(_ request: Request) async throws -> Response {
    .json(wire(try await engine.volume(request.parameter("name"))).json)
  }

  @Sendable private func create(_ request: Request) async throws -> Response {
    let body = try await request.jsonIfPresent(VolumeCreateRequest.self)
    if let unknown = body?.unknown.first {
      throw EngineError(.unsupported, "member \"\(unknown)\" of the request is not supported")
    }
    let wanted = body?.value ?? VolumeCreateRequest()
    guard wanted.clusterVolumeSpec.isEmpty else {
      throw EngineError(.unsupported, "cluster volumes are not supported")
    }
    guard ["", Engine.volumeDriver].contains(wanted.driver) else {
      throw EngineError(
        .notFound,
        "create \(wanted.name): error looking up volume plugin \(wanted.driver): plugin \"\(wanted.driver)\" not found")
    }
    let volume = try await engine.createVolume(
      wanted.name.isEmpty ? nil : wanted.name, labels: wanted.labels ?? [:], options: wanted.driverOpts ?? [:])
    return .json(wire(volume).json, status: 201)
  }

  @Sendable private func remove(_ request: Request) async throws -> Response {
    try await engine.removeVolume(request.parameter("name"), isForced: request.query.flag("force"))
    return Response()
  }

  @Sendable private func prune(_ request: Request) async throws -> Response {
    let filters = try request.filters(known: ["all", "label", "label!"])
    // Since API 1.42 only those go that nobody named, unless told otherwise.
    let onlyAnonymous = try request.version >= APIVersion(1, 42) && filters.flag("all") != true
    let (names, bytes) = try await engine.pruneVolumes { volume in
      (volume.isAnonymous || !onlyAnonymous) && filters.allowsRemoval(labels: volume.wireLabels)
    }
    var answer = VolumesPruneReport()
    answer.volumesDeleted = names
    answer.spaceReclaimed = UInt64(max(0, bytes))
    return .json(answer.json)
  }

  /// A volume as every answer shows it.
  func wire(_ volume: Volumes.Volume) -> DockerWire.Volume {
    var wire = DockerWire.Volume()
    wire.createdAt = WireTime.text(volume.created, wholeSeconds: true)
    wire.driver = Engine.volumeDriver
    wire.labels = volume.wireLabels.isEmpty ? nil : volume.wireLabels
    wire.mountpoint = engine.volumes.mountpoint(of: volume.name)
    wire.name = volume.name
    wire.options = volume.options.isEmpty ? nil : volume.options
    wire.scope = "local"
    return wire
  }
}

extension Volumes.Volume {
  /// Docker marks volumes that nobody named with a label.
  var wireLabels: [String: String] {
    isAnonymous ? labels.merging(["com.docker.volume.anonymous": ""]) { own, _ in own } : labels
  }
}

extension Filters {
  /// Whether a prune may take what has `labels`: it has every one of `label` and none of `label!`.
  func allowsRemoval(labels: [String: String]) -> Bool {
    allows(labels: labels) && values("label!").allSatisfy { !Filters(["label": [$0]]).allows(labels: labels) }
  }
}

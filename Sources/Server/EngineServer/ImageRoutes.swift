import DockerWire
import Engine
import HTTPServer
import Images
import OCI

/// `/images`: what is there, names, removal. Archives are in `ImageRoutes+Archives.swift`.
struct ImageRoutes {
  let engine: Engine

  var table: [Route] {
    [
      Route(.get, "/images/json", access: .read, handler: answering(list)),
      Route(.get, "/images/search", access: .read, handler: answering(search)),
      Route(.get, "/images/get", access: .operate, handler: answering(save)),
      Route(.get, "/images/{name...}/json", access: .read, handler: answering(inspect)),
      Route(.get, "/images/{name...}/history", access: .read, handler: answering(history)),
      Route(.get, "/images/{name...}/get", access: .operate, handler: answering(save)),
      Route(.post, "/images/load", access: .operate, handler: answering(load)),
      Route(.post, "/images/create", access: .operate, handler: answering(create)),
      Route(.post, "/images/prune", since: APIVersion(1, 25), access: .operate, handler: answering(prune)),
      Route(.post, "/images/{name...}/tag", access: .operate, handler: answering(tag)),
      Route(.delete, "/images/{name...}", access: .operate, handler: answering(remove)),
    ]
  }

  // MARK: - Looking

  @Sendable private func list(_ request: Request) async throws -> Response {
    try request.refuse("manifests")
    let filters = try request.filters(known: ["before", "dangling", "label", "reference", "since", "until"])
    let selection = try await ImageSelection(filters, engine)
    var wire = try await engine.imageList().compactMap(selection.summary)
    if request.query.flag("shared-size") {
      let usage = try await engine.layerUsage(of: try await engine.imageList())
      for index in wire.indices {
        wire[index].sharedSize = (try? Digest(parsing: wire[index].id)).map { Int(usage.shared[$0] ?? 0) } ?? 0
      }
    }
    if request.version < APIVersion(1, 44) {
      for index in wire.indices { wire[index].virtualSize = wire[index].size }
    }
    let uses = engine.containers.countsByImage
    for index in wire.indices { wire[index].containers = uses[wire[index].id] ?? 0 }
    return .json(wire.sorted { $0.created > $1.created }.json)
  }

  @Sendable private func inspect(_ request: Request) async throws -> Response {
    try request.refuse("manifests", "platform")
    var answer = ImageInspect(try await engine.image(request.parameter("name")))
    if request.version < APIVersion(1, 44) { answer.virtualSize = answer.size }
    return .json(answer.json)
  }

  @Sendable private func history(_ request: Request) async throws -> Response {
    try request.refuse("platform")
    let entries = try await engine.imageHistory(request.parameter("name"))
    return .json(entries.map { ImageHistoryItem($0) }.json)
  }

  @Sendable private func search(_ request: Request) async throws -> Response {
    throw EngineError(
      .unsupported, "searching registries is not supported yet",
      hint: "images come from archives: see `docker load` and `docker import`")
  }

  // MARK: - Naming and removing

  @Sendable private func tag(_ request: Request) async throws -> Response {
    let target = try Self.name(repository: request.query["repo"] ?? "", tag: request.query["tag"] ?? "")
    guard let target else { throw EngineError(.invalid, "invalid reference format") }
    try await engine.tagImage(request.parameter("name"), as: target)
    return Response(status: 201)
  }

  @Sendable private func remove(_ request: Request) async throws -> Response {
    try request.refuse("platforms")
    let removed = try await engine.removeImage(request.parameter("name"), isForced: request.query.flag("force"))
    return .json(removed.map { ImageDeleteItem($0) }.json)
  }

  @Sendable private func prune(_ request: Request) async throws -> Response {
    let filters = try request.filters(known: ["dangling", "label", "label!", "until"])
    let onlyDangling = try filters.flag("dangling") ?? true
    let until = try filters.until()
    let (removed, bytes) = try await engine.pruneImages { image in
      if onlyDangling, !image.isDangling { return false }
      if let until, image.createdTime > until { return false }
      return filters.allowsRemoval(labels: image.config.config?.labels ?? [:])
    }
    var answer = ImagesPruneReport()
    answer.imagesDeleted = removed.isEmpty ? nil : removed.map { ImageDeleteItem($0) }
    answer.spaceReclaimed = UInt64(max(0, bytes))
    return .json(answer.json)
  }

  /// The reference that `repo` and `tag` of a query make together; nil without `repo`.
  ///
  /// - Throws: `invalid` in Docker's words.
  static func name(repository: String, tag: String) throws(EngineError) -> Reference? {
    guard !repository.isEmpty else { return nil }
    let name: Reference
    do throws(ReferenceError) {
      let reference = try Reference(parsing: repository)
      name = try tag.isEmpty || reference.digest != nil ? reference.taggedByDefault() : reference.with(tag: tag)
    } catch { throw EngineError(error) }
    guard name.digest == nil else { throw EngineError(.invalid, "refusing to create a tag with a digest reference") }
    return name
  }
}

/// Which images a list shows, and with which of their names.
private struct ImageSelection {
  private let filters: Filters
  private let isDangling: Bool?
  private let until: Int64?
  private let before: Int64?
  private let since: Int64?

  init(_ filters: Filters, _ engine: Engine) async throws {
    self.filters = filters
    isDangling = try filters.flag("dangling")
    until = try filters.until()
    before = try await Self.creation(of: filters.values("before"), engine)
    since = try await Self.creation(of: filters.values("since"), engine)
  }

  private static func creation(of names: [String], _ engine: Engine) async throws -> Int64? {
    guard let name = names.first else { return nil }
    return try await engine.image(name).createdTime
  }

  /// The line of `image`; nil if it is not shown.
  func summary(_ image: Image) -> ImageSummary? {
    let created = image.createdTime
    if let before, created >= before { return nil }
    if let since, created <= since { return nil }
    if let until, created > until { return nil }
    guard filters.allows(labels: image.config.config?.labels ?? [:]) else { return nil }
    if let isDangling, isDangling != image.isDangling { return nil }
    let patterns = filters.values("reference")
    guard !patterns.isEmpty else { return ImageSummary(image, tags: image.tags, digests: image.digests) }
    let matches = { (name: Reference) in patterns.contains { name.matches(pattern: $0) } }
    let (tags, digests) = (image.tags.filter(matches), image.digests.filter(matches))
    return tags.isEmpty && digests.isEmpty ? nil : ImageSummary(image, tags: tags, digests: digests)
  }
}

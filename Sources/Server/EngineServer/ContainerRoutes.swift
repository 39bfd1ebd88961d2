import DockerWire
import Engine
import Glibc
import HTTPServer
import LaunchPlan
import Linux
import Volumes

/// `/containers`: their table and their lives. The rest is in the files `ContainerRoutes+….swift`.
struct ContainerRoutes {
  let engine: Engine

  var table: [Route] {
    [
      Route(.get, "/containers/json", access: .read, handler: answering(list)),
      Route(.post, "/containers/create", access: .operate, handler: answering(create)),
      Route(.get, "/containers/{name}/json", access: .read, handler: answering(inspect)),
      Route(.post, "/containers/{name}/start", access: .operate, handler: answering(start)),
      Route(.post, "/containers/{name}/stop", access: .operate, handler: answering(stop)),
      Route(.post, "/containers/{name}/restart", access: .operate, handler: answering(restart)),
      Route(.post, "/containers/{name}/kill", access: .operate, handler: answering(kill)),
      Route(.post, "/containers/{name}/pause", access: .operate, handler: answering(pause)),
      Route(.post, "/containers/{name}/unpause", access: .operate, handler: answering(unpause)),
      Route(.post, "/containers/{name}/resize", access: .operate, handler: answering(resize)),
      Route(.post, "/containers/{name}/wait", access: .read, handler: answering(wait)),
      Route(.delete, "/containers/{name}", access: .operate, handler: answering(remove)),
      Route(.post, "/containers/{name}/attach", access: .operate, handler: answering(attach)),
      Route(.get, "/containers/{name}/logs", access: .read, handler: answering(logs)),
      Route(.post, "/containers/{name}/rename", access: .operate, handler: answering(rename)),
      Route(.get, "/containers/{name}/stats", access: .read, handler: answering(statistics)),
      Route(.post, "/containers/prune", since: APIVersion(1, 25), access: .operate, handler: answering(prune)),
    ]
  }

  func container(_ request: Request) throws -> Container { try engine.containers.container(request.parameter("name")) }

  @Sendable private func create(_ request: Request) async throws -> Response {
    let body = try await request.json(ContainerCreateRequest.self)
    if let unknown = body.unknown.first {
      throw EngineError(.unsupported, "member \"\(unknown)\" of the request is not supported")
    }
    let name = request.query["name"] ?? ""
    let spec = try ContainerSpec(body.value, name: name.hasPrefix("/") ? String(name.dropFirst()) : name)
    let (container, warnings) = try await engine.containers.create(spec)
    var answer = ContainerCreateResponse()
    answer.id = container.id
    answer.warnings = warnings
    return .json(answer.json, status: 201)
  }

  @Sendable private func inspect(_ request: Request) async throws -> Response {
    let container = try container(request)
    var answer = ContainerInspect(
      container.snapshot, folder: engine.containers.folder.path, volumePath: engine.volumes.mountpoint)
    let execs = container.snapshot.hasProcess ? container.execs.liveIDs : []
    answer.execIDs = execs.isEmpty ? nil : execs
    if request.query.flag("size"), let size = try await engine.containerSizes([container.id])[container.id] {
      answer.sizeRw = Int(size.ownBytes)
      answer.sizeRootFs = Int(size.rootBytes)
    }
    return .json(answer.json)
  }

  @Sendable private func start(_ request: Request) async throws -> Response {
    let container = try container(request)
    guard try await request.body.collect().isEmpty else {
      throw EngineError(
        .invalid,
        "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24")
    }
    try await container.start()
    return Response()
  }

  @Sendable private func stop(_ request: Request) async throws -> Response {
    try await container(request).stop(signal: try signal(request), timeoutSeconds: try request.query.integer("t"))
    return Response()
  }

  @Sendable private func restart(_ request: Request) async throws -> Response {
    try await container(request).restart(
      signal: try signal(request), timeoutSeconds: try request.query.integer("t"))
    return Response()
  }

  @Sendable private func kill(_ request: Request) async throws -> Response {
    try await naming("cannot kill container: \(request.parameter("name"))") {
      let signal = try signal(request) ?? SIGKILL
      try await container(request).kill(signal)
    }
    return Response()
  }

  @Sendable private func pause(_ request: Request) async throws -> Response {
    try await container(request).pause()
    return Response()
  }

  @Sendable private func unpause(_ request: Request) async throws -> Response {
    try await container(request).unpause()
    return Response()
  }

  @Sendable private func resize(_ request: Request) async throws -> Response {
    let rows = try size("h", "height", request)
    let columns = try size("w", "width", request)
    try await container(request).resize(rows: rows, columns: columns)
    return Response(status: 200)
  }

  private func size(_ name: String, _ meaning: String, _ request: Request) throws(EngineError) -> UInt16 {
    let text = request.query[name] ?? ""
    guard let number = UInt32(text) else {
      throw EngineError(.invalid, "invalid resize \(meaning) \"\(text)\": invalid syntax")
    }
    return UInt16(clamping: number)
  }

  /// The head goes out at once: the stock client starts the container only then.
  @Sendable private func wait(_ request: Request) async throws -> Response {
    let container = try container(request)
    let text = request.query["condition"] ?? ""
    guard let condition = WaitCondition(rawValue: text.isEmpty ? "not-running" : text) else {
      throw EngineError(.invalid, "invalid condition: \"\(text)\"")
    }
    return .stream(contentType: "application/json") { writer in
      let end = try await container.wait(condition)
      var answer = ContainerWait()
      answer.statusCode = Int(end.exitCode)
      answer.oomKilled = end.wasOutOfMemory
      if let message = end.error {
        var error = ContainerWaitError()
        error.message = message
        answer.error = error
      }
      try await writer.write(answer.jsonLine)
    }
  }

  @Sendable private func remove(_ request: Request) async throws -> Response {
    guard !request.query.flag("link") else { throw EngineError(.unsupported, "links are not supported") }
    let container = try container(request)
    do {
      try await container.remove(force: request.query.flag("force"), withVolumes: request.query.flag("v"))
    } catch let error as EngineError where error.message.hasPrefix("container is ") {
      throw EngineError(
        error.code, "cannot remove container \"\(request.parameter("name"))\": \(error.message)")
    }
    return Response()
  }

  /// Runs an order, whose errors begin with `subject`: Docker names what was asked for as the client did.
  private func naming(_ subject: String, _ order: () async throws -> Void) async throws {
    do { try await order() } catch let error as EngineError {
      throw EngineError(error.code, "\(subject): \(error.message)", hint: error.hint)
    }
  }

  private func signal(_ request: Request) throws -> Int32? {
    guard let text = request.query["signal"], !text.isEmpty else { return nil }
    if let signal = Signal.number(text) { return signal }
    let isNumber = (Int(text) ?? 0) > 0
    throw EngineError(
      .invalid, isNumber ? "the linux daemon does not support signal \(text)" : "invalid signal: \(text)")
  }
}

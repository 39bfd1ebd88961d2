import DockerWire
import Engine
import HTTPServer
import LaunchPlan
import OCI

/// `/exec`, and what else looks at the processes of containers.
struct ExecRoutes {
  let engine: Engine

  var table: [Route] {
    [
      Route(.post, "/containers/{name}/exec", access: .operate, handler: answering(create)),
      Route(.get, "/containers/{name}/top", access: .read, handler: answering(top)),
      Route(.post, "/exec/{id}/start", access: .operate, handler: answering(start)),
      Route(.post, "/exec/{id}/resize", access: .operate, handler: answering(resize)),
      Route(.get, "/exec/{id}/json", access: .read, handler: answering(inspect)),
    ]
  }

  @Sendable private func create(_ request: Request) async throws -> Response {
    let name = request.parameter("name")
    let container = try engine.containers.container(name)
    let body = try await request.jsonIfPresent(ExecCreateRequest.self)
    // Clients of old say here, too, which container they mean.
    if let unknown = body?.unknown.first(where: { $0 != "Container" }) {
      throw EngineError(.unsupported, "member \"\(unknown)\" of the request is not supported")
    }
    let spec = try ExecSpec(body?.value ?? ExecCreateRequest())
    _ = try DetachKeys(spec.detachKeys)
    let exec = try await container.makeExec(spec, called: name)
    var answer = ExecCreateResponse()
    answer.id = exec.id
    return .json(answer.json, status: 201)
  }

  @Sendable private func start(_ request: Request) async throws -> Response {
    let (container, exec) = try engine.containers.exec(request.parameter("id"))
    let body = try await request.jsonIfPresent(ExecStartRequest.self)
    if let unknown = body?.unknown.first {
      throw EngineError(.unsupported, "member \"\(unknown)\" of the request is not supported")
    }
    let options = body?.value ?? ExecStartRequest()
    guard !options.detach else {
      try await container.start(exec)
      return Response(status: 200)
    }
    let kind: HijackedStream = exec.spec.hasTerminal ? .raw : .multiplexed
    let size = try RuntimeSpec.ConsoleSize(options.consoleSize)
    let input = InputFrames(
      takesInput: exec.spec.attachesInput, endsInput: !exec.spec.hasTerminal,
      detachKeys: exec.spec.hasTerminal ? try DetachKeys(exec.spec.detachKeys) : nil)
    try await container.checkTakesExecs()
    // The head goes out before anything is started, as Docker's does. docker-py reads it through a buffer that it then
    // leaves, and loses what came along with it: output must not be there yet.
    return .hijack(kind) { stream in
      do {
        let socket = try await container.startAttached(exec, size: size)
        try? await stream.splice(with: socket, input: input)
        await container.clientLeft(exec, detached: input.detached)
      } catch let error as EngineError {
        let text = Array("\(error.message)\r\n".utf8)
        try await stream.write(kind == .raw ? text : StreamFrame.encode(.output, text))
      }
    }
  }

  @Sendable private func resize(_ request: Request) async throws -> Response {
    let (container, exec) = try engine.containers.exec(request.parameter("id"))
    let size = RuntimeSpec.ConsoleSize(
      height: try side(request, "h", "height"), width: try side(request, "w", "width"))
    try await container.resize(exec, size)
    return Response(status: 200)
  }

  private func side(_ request: Request, _ key: String, _ name: String) throws(EngineError) -> UInt16 {
    let text = request.query[key] ?? ""
    guard let side = UInt16(text) else {
      throw EngineError(.invalid, "invalid resize \(name) \"\(text)\": invalid syntax")
    }
    return side
  }

  @Sendable private func inspect(_ request: Request) async throws -> Response {
    let (container, exec) = try engine.containers.exec(request.parameter("id"))
    return .json(ExecInspect(exec, await container.settledPhase(of: exec)).json)
  }

  @Sendable private func top(_ request: Request) async throws -> Response {
    let container = try engine.containers.container(request.parameter("name"))
    let table = try await container.processes(request.query["ps_args"] ?? "")
    var answer = ContainerTop()
    answer.titles = table.titles
    answer.processes = table.processes
    return .json(answer.json)
  }
}

extension ExecSpec {
  /// Reads Docker's request.
  fileprivate init(_ request: ExecCreateRequest) throws(EngineError) {
    self.init(arguments: request.cmd?.words ?? [])
    environment = request.env ?? []
    user = request.user
    workingDirectory = request.workingDir
    isPrivileged = request.privileged
    hasTerminal = request.tty
    attachesInput = request.attachStdin
    attachesOutput = request.attachStdout
    attachesErrors = request.attachStderr
    detachKeys = request.detachKeys
    consoleSize = try RuntimeSpec.ConsoleSize(request.consoleSize)
  }
}

extension RuntimeSpec.ConsoleSize {
  /// Reads Docker's pair of height and width; nil where nothing was said.
  fileprivate init?(_ sides: [Int]?) throws(EngineError) {
    guard let sides, !sides.isEmpty else { return nil }
    guard sides.count == 2, let height = UInt16(exactly: sides[0]), let width = UInt16(exactly: sides[1]) else {
      throw EngineError(.invalid, "invalid ConsoleSize \(sides): a height and a width are needed")
    }
    self.init(height: height, width: width)
  }
}

extension ExecInspect {
  /// Tells an exec as Docker does.
  fileprivate init(_ exec: Exec, _ phase: Exec.Phase) {
    self.init()
    id = exec.id
    containerID = exec.containerID
    switch phase {
    case .created: break
    case .starting: running = true
    case .running(let process): (running, pid) = (true, Int(process.pid))
    case .ended(let code, let pid): (exitCode, self.pid) = (Int(code), Int(pid))
    }
    let spec = exec.spec
    processConfig.tty = spec.hasTerminal
    processConfig.entrypoint = spec.arguments.first ?? ""
    processConfig.arguments = Array(spec.arguments.dropFirst())
    processConfig.privileged = spec.isPrivileged
    processConfig.user = spec.user
    openStdin = spec.attachesInput
    openStdout = spec.attachesOutput
    openStderr = spec.attachesErrors
    detachKeys = spec.detachKeys
  }
}

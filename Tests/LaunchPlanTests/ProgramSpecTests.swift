import LaunchPlan
import OCI
import Testing

@Suite("image and request")
struct ProgramSpecTests {
  private let image = ImageConfig.Execution(
    user: "app", exposedPorts: ["80/tcp"], env: ["PATH=/bin", "A=image"], entrypoint: ["/entry"], cmd: ["serve"],
    volumes: ["/data"], workingDir: "/srv", labels: ["a": "image", "b": "image"], stopSignal: "SIGQUIT",
    healthcheck: ImageConfig.Healthcheck(test: ["CMD-SHELL", "true"], interval: 5_000_000_000, retries: 3))

  private func merged(_ change: (inout ProgramSpec) -> Void = { _ in }) throws(LaunchPlanError) -> ProgramSpec {
    var request = ProgramSpec()
    change(&request)
    return try request.merging(image)
  }

  @Test("a request that says nothing gets everything from the image")
  func nothing() throws {
    let program = try merged()
    #expect(program.arguments == ["/entry", "serve"])
    #expect(program.environment == ["PATH=/bin", "A=image"])
    #expect(program.user == "app")
    #expect(program.workingDirectory == "/srv")
    #expect(program.exposedPorts == ["80/tcp"])
    #expect(program.volumes == ["/data"])
    #expect(program.stopSignal == "SIGQUIT")
    #expect(program.healthcheck?.test == .shell("true"))
  }

  @Test("a command replaces the image's and keeps its entrypoint")
  func command() throws {
    #expect(try merged { $0.command = ["other"] }.arguments == ["/entry", "other"])
  }

  @Test("an entrypoint takes the image's command away")
  func entrypoint() throws {
    let program = try merged { $0.entrypoint = ["/mine"] }
    #expect(program.arguments == ["/mine"])
    #expect(program.command == nil)
  }

  @Test("an empty entrypoint takes the image's entrypoint away and keeps its command")
  func emptyEntrypoint() throws {
    let program = try merged { $0.entrypoint = [] }
    #expect(program.entrypoint == [])
    #expect(program.arguments == ["serve"])
  }

  @Test("--entrypoint \"\" takes both away: the request's command stands alone")
  func blankEntrypoint() throws {
    let program = try merged {
      $0.entrypoint = [""]
      $0.command = ["sh"]
    }
    #expect(program.entrypoint == nil)
    #expect(program.arguments == ["sh"])
    #expect(throws: LaunchPlanError.self) { try merged { $0.entrypoint = [""] } }
  }

  @Test("variables of the request come first and hide the image's of the same name")
  func environment() throws {
    #expect(try merged { $0.environment = ["A=mine", "PATH"] }.environment == ["A=mine", "PATH"])
    #expect(try merged { $0.environment = ["B=1"] }.environment == ["B=1", "PATH=/bin", "A=image"])
  }

  @Test("labels, ports and volumes are united, and the request's label wins")
  func united() throws {
    let program = try merged {
      $0.labels = ["a": "mine", "c": "mine"]
      $0.exposedPorts = ["443/tcp"]
      $0.volumes = ["/cache"]
    }
    #expect(program.labels == ["a": "mine", "b": "image", "c": "mine"])
    #expect(program.exposedPorts == ["443/tcp", "80/tcp"])
    #expect(program.volumes == ["/cache", "/data"])
  }

  @Test("a health check takes from the image what it leaves open; NONE takes it away")
  func healthcheck() throws {
    var own = Healthcheck()
    own.retries = 7
    let program = try merged { $0.healthcheck = own }
    #expect(program.healthcheck?.test == .shell("true"))
    #expect(program.healthcheck?.intervalNanoseconds == 5_000_000_000)
    #expect(program.healthcheck?.retries == 7)
    own.test = .disabled
    #expect(try merged { $0.healthcheck = own }.healthcheck?.test == .disabled)
  }

  @Test("a working directory is cleaned")
  func workingDirectory() throws {
    #expect(try merged { $0.workingDirectory = "/a/../b//c/." }.workingDirectory == "/b/c")
  }

  @Test("what Docker refuses is refused in its words")
  func refusals() {
    func text(_ image: ImageConfig.Execution, _ change: (inout ProgramSpec) -> Void) -> String? {
      var request = ProgramSpec()
      change(&request)
      do {
        _ = try request.merging(image)
        return nil
      } catch { return error.text }
    }
    var check = Healthcheck()
    check.intervalNanoseconds = 5
    #expect(text(ImageConfig.Execution()) { _ in } == "no command specified")
    #expect(text(image) { $0.environment = ["=x"] } == "invalid environment variable: =x")
    #expect(
      text(image) { $0.workingDirectory = "rel" }
        == "the working directory 'rel' is invalid, it needs to be an absolute path")
    #expect(text(image) { $0.healthcheck = check } == "Interval in Healthcheck cannot be less than 1ms")
  }

  @Test("anonymous volumes come to the image's volumes, where nothing else is mounted")
  func anonymousVolumes() throws {
    var program = ProgramSpec()
    program.volumes = ["/a/../cache/"]
    var spec = ContainerSpec(
      id: Fixture.id, name: "v", image: .init(reference: "busybox", id: "sha256:0"), program: try program.merging(image)
    )
    spec.mounts = [MountSpec("/data/", .bind(.init(source: "/host")), origin: .volumeFlag(mode: ""))]
    var names = ["one", "two"].makeIterator()
    spec.addAnonymousVolumes { names.next() ?? "more" }
    #expect(
      spec.mounts.dropFirst() == [
        MountSpec("/cache", .volume(.init(name: "one", isAnonymous: true)), origin: .image)
      ])
  }
}

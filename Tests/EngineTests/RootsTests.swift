import Engine
import Glibc
import Linux
import Testing
import Volumes

@Suite struct RootsTests {
  @Test("a second engine on the same data root is refused by name, and the first goes on")
  func dataRootIsTaken() async throws {
    try await withDirectory { directory async throws in
      let first = try Engine(configuration(directory))
      var other = configuration(directory)
      other.execRoot = "\(directory)/exec2"
      let error = #expect(throws: EngineError.self) { try Engine(other) }
      #expect(
        error?.description == """
          "\(directory)/data" is in use by another daemon
          hint: stop that one, or give this one its own --data-root
          """)
      #expect(try await first.createVolume("data", labels: [:], options: [:]).name == "data")
    }
  }

  @Test("a second engine on the same exec root is refused by name")
  func execRootIsTaken() async throws {
    try await withDirectory { directory async throws in
      let first = try Engine(configuration(directory))
      var other = configuration(directory)
      other.dataRoot = "\(directory)/data2"
      let error = #expect(throws: EngineError.self) { try Engine(other) }
      #expect(error?.code == .conflict)
      withExtendedLifetime(first) {}
    }
  }

  @Test("an engine that starts again is the same instance, finds its volumes, and knows that it is the same boot")
  func startsAgain() async throws {
    try await withDirectory { directory async throws in
      let instance: Instance
      do {
        let first = try Engine(configuration(directory))
        #expect(!first.isSameBoot)
        instance = first.instance
        _ = try await first.createVolume("data", labels: ["a": "b"], options: [:])
      }
      let second = try Engine(configuration(directory))
      #expect(second.instance == instance)
      #expect(instance.name == "skiff-\(instance.id)")
      #expect(second.isSameBoot)
      #expect(try await second.volumeList().map(\.labels) == [["a": "b"]])
    }
  }

  @Test("tasks of an earlier boot are swept; of this boot's, those that nobody wants and nobody watches")
  func tasksOfEarlierBoots() async throws {
    try await withDirectory { directory async throws in
      do { _ = try Engine(configuration(directory)) }
      try makeDirectories("\(directory)/exec/tasks/abc/1")
      try makeDirectories("\(directory)/exec/tasks/def/2")
      let watched = try open("\(directory)/exec/tasks/abc/1", O_RDONLY | O_DIRECTORY)
      #expect(try watched.tryLock())
      do { _ = try Engine(configuration(directory)) }
      let exec = try open("\(directory)/exec", O_RDONLY | O_DIRECTORY)
      let tasks = { try open("tasks", at: .directory(exec), O_RDONLY | O_DIRECTORY).entries() }
      #expect(try tasks() == ["abc"])
      try replaceFile("boot-id", at: .directory(exec), Array("another boot\n".utf8))
      do { _ = try Engine(configuration(directory)) }
      #expect(try tasks() == [])
    }
  }

  @Test("a data root whose instance file is no UUID stops the engine, and is left as it is")
  func damagedInstance() async throws {
    try await withDirectory { directory async throws in
      do { _ = try Engine(configuration(directory)) }
      let data = try open("\(directory)/data", O_RDONLY | O_DIRECTORY)
      try replaceFile("instance", at: .directory(data), Array("x\n".utf8))
      let error = #expect(throws: EngineError.self) { try Engine(configuration(directory)) }
      #expect(error?.message == "\"\(directory)/data/instance\" is no UUID")
      #expect(try readText("instance", at: .directory(data)) == "x\n")
    }
  }

  /// Nothing is launched here, so any program does for a monitor.
  private func configuration(_ directory: String) -> EngineConfiguration {
    EngineConfiguration(dataRoot: "\(directory)/data", execRoot: "\(directory)/exec", monitorPath: "/bin/true")
  }

  private func withDirectory(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/skiff-roots-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result: Result<Void, any Error>
    do { result = .success(try await body(directory)) } catch { result = .failure(error) }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }
}

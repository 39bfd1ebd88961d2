import Engine
import EngineServer
import Glibc
import HTTPServer
import Linux
import Testing

/// An engine over new roots, served on a socket of its own, and the stock `docker` command to ask it.
struct Fixture: Sendable {
  let engine: Engine
  let directory: String
  var socketPath: String { "\(directory)/s" }

  /// How long a command may take that should take milliseconds.
  static let deadlineSeconds = 60

  /// Serves while `body` runs, then stops and removes everything.
  static func with(_ body: (Fixture) async throws -> Void) async throws {
    var template = Array("/tmp/skiff-engine-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result: Result<Void, any Error>
    do { result = .success(try await serve(directory, body)) } catch { result = .failure(error) }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }

  private static func serve(_ directory: String, _ body: (Fixture) async throws -> Void) async throws {
    let fixture = Fixture(engine: try Engine(configuration(in: directory)), directory: directory)
    let server = APIServer(
      Router(EngineRoutes.all(fixture.engine)), options: APIServer.Options(serverName: "Skiff/test (linux)"))
    try await server.listen(on: .unix(path: fixture.socketPath))
    let result: Result<Void, any Error>
    do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
    fixture.engine.events.close()
    await server.shutdown(graceSeconds: 0)
    try result.get()
  }

  /// Roots below `directory`. Nothing is launched here, so any program does for a monitor.
  static func configuration(in directory: String) -> EngineConfiguration {
    EngineConfiguration(
      dataRoot: "\(directory)/data", execRoot: "\(directory)/exec", monitorPath: "/bin/true")
  }

  /// Runs `docker` with `words`, as a shell reads them, in the fixture's directory. Answers what it printed on both
  /// outputs, and how it ended if that was not well.
  func docker(_ words: String) async throws -> String { try await shell("docker \(words)") }

  /// Runs a shell's `command` with `DOCKER_HOST` set to this engine.
  func shell(_ command: String) async throws -> String {
    let environment = "HOME=\(directory) DOCKER_HOST=unix://\(socketPath) DOCKER_CLI_HINTS=false"
    let line = "cd \(directory) && export \(environment) && { \(command) ; } 2>&1"
    return try await offPool {
      let command = "timeout \(Self.deadlineSeconds) sh -c '\(line.split(separator: "'").joined(separator: "'\\''"))'"
      guard let stream = popen(command, "re") else { throw SyscallError("popen", command, errno: .current) }
      var output: [UInt8] = []
      while case let byte = getc(stream), byte != EOF { output.append(UInt8(byte)) }
      let status = pclose(stream)
      if status != 0 { output += Array("[status \(status >> 8)]".utf8) }
      return String(decoding: output, as: UTF8.self)
    }
  }

  /// The answer's status and body for a request by curl.
  func request(_ method: String, _ path: String, body: String? = nil) async throws -> String {
    let data = body.map { "-H Content-Type:application/json -d '\($0)'" } ?? ""
    return try await shell("curl -s -w '%{http_code}' -X \(method) \(data) --unix-socket s 'http://d\(path)'")
  }

  /// Writes the tar of a root file system with one file, always the same bytes, and imports it under `name`.
  func importImage(_ name: String) async throws -> String {
    try await shell(
      """
      mkdir -p root/bin && echo hello > root/bin/x && chmod 755 root root/bin && chmod 644 root/bin/x &&
      tar -C root --sort=name --owner=0 --group=0 --mtime=@0 -cf root.tar . && docker import -m test root.tar \(name)
      """)
  }
}

/// Runs blocking `body` on a thread of its own: the server's handlers need the pool's.
private func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  let executor = BlockingExecutor(threadsMax: 1)
  return try await executor.run(body)
}

extension String {
  /// Without IDs, times and what else differs from run to run.
  func normal(_ replacements: [(String, String)] = []) -> String {
    var text = self
    for (found, replacement) in replacements {
      text = text.split(separator: found, omittingEmptySubsequences: false).joined(separator: replacement)
    }
    return text
  }
}

import Glibc
import Linux
import Testing

/// A daemon of its own with a busybox image, and the stock client. Leaves nothing behind.
final class Engine {
  let directory: String
  private var daemon: Program?
  private var calls = 0

  /// Runs `body` with a new one.
  static func with(_ body: (Engine) throws -> Void) throws {
    var template = Array("/tmp/skiff-containers-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let engine = Engine(directory)
    let result = Result {
      try engine.start()
      try engine.importBusybox()
      try body(engine)
    }
    engine.end()
    #expect(engine.leftovers() == [])
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }

  private init(_ directory: String) { self.directory = directory }

  /// Starts the daemon and waits until it answers.
  ///
  /// - Parameter failpoint: where it kills itself when it gets there.
  func start(failpoint: String? = nil) throws {
    calls += 1
    let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + (failpoint.map { ["SKIFF_FAILPOINT=\($0)"] } ?? [])
    let daemon = try Program(
      "\(try programs())/skiffd",
      [
        "skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H", "unix://\(directory)/s",
      ], stem: "\(directory)/daemon-\(calls)", environment: environment)
    self.daemon = daemon
    _ = try eventually("the daemon answers") { () -> Bool? in
      guard try daemon.isRunning() else { throw TestFailure("skiffd ended: \(try daemon.wait())") }
      return (try? connect(toPath: "\(directory)/s")) == nil ? nil : true
    }
  }

  /// Kills the daemon with SIGKILL.
  func kill() throws {
    try daemon?.send(SIGKILL)
    _ = try daemon?.wait()
    daemon = nil
  }

  /// Ends the daemon in order, and waits until it has.
  func stop() throws {
    try daemon?.send(SIGTERM)
    _ = try daemon?.wait()
    daemon = nil
  }

  /// Waits until the daemon has killed itself at its failpoint.
  func waitUntilDead() throws {
    let outcome = try daemon?.wait()
    daemon = nil
    guard outcome?.code == 137 else { throw TestFailure("the daemon did not die at its failpoint: \(outcome as Any)") }
  }

  /// The same as `kill`, and a new daemon over the same roots.
  func killAndRestart() throws {
    try kill()
    try start()
  }

  /// Waits until every monitor has written how its task ended.
  func waitUntilNoTaskRuns() throws {
    _ = try eventually("the tasks have ended") { () -> Bool? in
      try shell("find exec/tasks -name monitor.sock").isEmpty ? true : nil
    }
  }

  /// Runs `docker` with `words` and answers both outputs, and the status when that is not 0.
  func docker(_ words: String, input: String = "") throws -> String {
    try shell("docker \(words)", input: input)
  }

  /// All containers, sorted: `name status code`.
  func containers() throws -> [String] {
    try shell(
      "docker ps -aq | xargs -r docker inspect -f '{{.Name}} {{.State.Status}} {{.State.ExitCode}}'"
    ).split(separator: "\n").map { String($0.dropFirst()) }.sorted()
  }

  /// Runs our own command line with `words`, likewise.
  func skiff(_ words: String) throws -> String { try shell("skiff \(words)") }

  /// Begins a shell's `command`, which runs on while the test goes on. Both programs find this engine.
  func begin(_ command: String) throws -> Program {
    calls += 1
    let path = "PATH=\(try programs()):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    let address = "unix://\(directory)/s"
    let environment = "\(path) HOME=\(directory) DOCKER_HOST=\(address) SKIFF_HOST=\(address) DOCKER_CLI_HINTS=false"
    let script = "cd \(directory); export \(environment); \(command)"
    return try Program(
      "/bin/bash", ["bash", "-o", "pipefail", "-c", script], stem: "\(directory)/call-\(calls)")
  }

  /// Runs a shell's `command` in the engine's directory and answers both outputs, and the status when that is not 0.
  func shell(_ command: String, input: String = "") throws -> String {
    let outcome = try begin("printf %s '\(input)' | { \(command); } 2>&1").wait()
    return outcome.text + (outcome.code == 0 ? "" : "[status \(outcome.code)]")
  }

  private func programs() throws -> String {
    guard let programs = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    return programs
  }

  private func importBusybox() throws {
    let made = try shell(
      "mkdir -p root/bin && cp /bin/busybox root/bin/ && for a in sh cat echo head seq sleep true; do "
        + "ln -s busybox root/bin/$a; done && tar -C root -c . | docker import - busybox")
    guard made.hasPrefix("sha256:") else { throw TestFailure("docker import: \(made)") }
  }

  private func end() {
    _ = try? docker("ps -aq | xargs -r docker rm -f")
    try? stop()
  }

  /// Mounts of the host, and cgroups: a daemon that ends in order while nothing runs leaves not even the parent.
  private func leftovers() -> [String] {
    let mounts = ((try? readText("/proc/self/mountinfo")) ?? "").split(separator: "\n").map(String.init)
    var found = mounts.filter { $0.contains(directory) }
    guard let uuid = try? readText("\(directory)/data/instance") else { return found }
    let parent = "skiff-\(uuid.prefix(8))"
    for controller in (try? open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY).entries()) ?? [] {
      let path = "/sys/fs/cgroup/\(controller)/\(parent)"
      if access(path, F_OK) == 0 { found.append(path) }
    }
    return found
  }
}

/// A named pipe by which a test paces what runs: who reads it waits until the test has written, or has closed.
struct Pipe {
  let path: String

  /// Opens it for writing, once a reader is there.
  func writer() throws -> PipeWriter {
    try eventually("somebody reads \(path)") { () -> PipeWriter? in
      do { return PipeWriter(try open(path, O_WRONLY | O_NONBLOCK)) } catch let error as SyscallError {
        guard error.errno == Errno(ENXIO) else { throw error }
        return nil
      }
    }
  }
}

/// The writing end of a pipe, which is closed when the test says so.
final class PipeWriter {
  private var descriptor: Descriptor?

  init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  /// Writes `text`, which has room.
  func writeAll(_ text: String) throws { try descriptor?.writeAll(text) }

  /// Ends the pipe for its readers.
  func closeNow() { descriptor = nil }
}

extension Engine {
  /// Makes the named pipe `name` in the engine's directory.
  func pipe(_ name: String) throws -> Pipe {
    let path = "\(directory)/\(name)"
    guard mkfifo(path, 0o600) == 0 else { throw TestFailure("mkfifo \(path): \(errno)") }
    return Pipe(path: path)
  }

  /// Waits until `program` has written `text`, and nothing else.
  func waitFor(_ text: String, from program: Program) throws {
    var output = ""
    do {
      _ = try eventually("\(text.debugDescription) comes") { () -> Bool? in
        output = try program.outputSoFar()
        return output == text ? true : nil
      }
    } catch { throw TestFailure("\(error); so far: \(output.debugDescription)") }
  }
}

import Glibc
import Linux
import Testing

/// Containers by the stock `docker` command, through the built daemon and monitor.
@Suite("containers, by the stock docker") struct ContainerTests {
  @Test("run: output, input and exit codes are the process's own")
  func run() throws {
    try Engine.with { engine throws in
      #expect(try engine.docker("run --rm busybox sh -c 'echo out; echo err >&2; exit 7'") == "out\nerr\n[status 7]")
      #expect(try engine.docker("run --rm -i busybox cat", input: "piped\n") == "piped\n")
      #expect(try engine.docker("run --rm busybox sh -c 'head -c 20000000 /dev/zero' | wc -c") == "20000000\n")
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test("run: a program that is not there is Docker's 127, and --rm leaves nothing")
  func notFound() throws {
    try Engine.with { engine throws in
      let answer = try engine.docker("run --rm busybox nope")
      #expect(answer.contains("exec: \"nope\": executable file not found in $PATH"))
      #expect(answer.hasSuffix("[status 127]"))
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test("kill -9 of the daemon: the container runs on, no line is lost, and the next daemon stops it")
  func daemonKilled() throws {
    try Engine.with { engine throws in
      let script = "trap 'exit 5' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done"
      _ = try engine.docker("run -d --name web busybox sh -c \"\(script.replacing("$", with: "\\$"))\"")
      let pid = try engine.docker("inspect -f '{{.State.Pid}}' web")
      try engine.killAndRestart()
      #expect(try engine.docker("inspect -f '{{.State.Pid}} {{.State.Running}}' web") == "\(pid.dropLast()) true\n")
      #expect(try engine.docker("stop -t 10 web") == "web\n")
      #expect(try engine.docker("inspect -f '{{.State.ExitCode}} {{.State.Status}}' web") == "5 exited\n")
      let lines = try engine.docker("logs web").split(separator: "\n").map(String.init)
      #expect(lines == (1...max(1, lines.count)).map(String.init))
      #expect(try engine.docker("rm web") == "web\n")
    }
  }

  @Test("an end that no daemon saw is known to the next one")
  func endedMeanwhile() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name web busybox sh -c 'echo last words; sleep 0.5; exit 9'")
      try engine.kill()
      try engine.waitUntilNoTaskRuns()
      try engine.start()
      #expect(try engine.docker("inspect -f '{{.State.ExitCode}} {{.State.Status}}' web") == "9 exited\n")
      #expect(try engine.docker("logs web") == "last words\n")
      _ = try engine.docker("rm web")
    }
  }

  @Test("what a container uses cannot be removed from under it")
  func inUse() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("create --name web -v data:/data busybox true")
      #expect(try engine.docker("rmi busybox").contains("must force"))
      #expect(try engine.docker("volume rm data").contains("volume is in use"))
      #expect(try engine.docker("rm web") == "web\n")
      #expect(try engine.docker("volume rm data") == "data\n")
    }
  }

  @Test("a volume keeps what containers write")
  func volume() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run --rm -v data:/data busybox sh -c 'echo kept > /data/f'")
      #expect(try engine.docker("run --rm -v data:/data:ro busybox cat /data/f") == "kept\n")
      _ = try engine.docker("volume rm data")
    }
  }

  @Test("what is not honoured yet is refused by name", arguments: ["-p 80:80", "--network other", "--link x"])
  func refusals(flag: String) throws {
    try Engine.with { engine throws in
      #expect(try engine.docker("run \(flag) busybox true").hasSuffix("[status 125]"))
      #expect(try engine.docker("ps -aq") == "")
    }
  }
}

/// A daemon of its own with a busybox image, and the stock client. Leaves nothing behind.
private final class Engine {
  private let directory: String
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
  func start() throws {
    guard let programs = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    calls += 1
    let daemon = try Program(
      "\(programs)/skiffd",
      [
        "skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H", "unix://\(directory)/s",
      ], stem: "\(directory)/daemon-\(calls)")
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

  /// The same, and a new daemon over the same roots.
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

  private func shell(_ command: String, input: String = "") throws -> String {
    calls += 1
    let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    let environment = "\(path) HOME=\(directory) DOCKER_HOST=unix://\(directory)/s DOCKER_CLI_HINTS=false"
    let script = "cd \(directory); export \(environment); printf %s '\(input)' | { \(command); } 2>&1"
    let outcome = try Program(
      "/bin/bash", ["bash", "-o", "pipefail", "-c", script], stem: "\(directory)/call-\(calls)"
    ).wait()
    return outcome.text + (outcome.code == 0 ? "" : "[status \(outcome.code)]")
  }

  private func importBusybox() throws {
    let made = try shell(
      "mkdir -p root/bin && cp /bin/busybox root/bin/ && for a in sh cat echo head sleep true; do "
        + "ln -s busybox root/bin/$a; done && tar -C root -c . | docker import - busybox")
    guard made.hasPrefix("sha256:") else { throw TestFailure("docker import: \(made)") }
  }

  private func end() {
    _ = try? docker("ps -aq | xargs -r docker rm -f")
    try? daemon?.send(SIGTERM)
    _ = try? daemon?.wait()
  }

  /// Mounts of the host and cgroups of containers; the empty parent of the instance's is taken away.
  private func leftovers() -> [String] {
    let mounts = ((try? readText("/proc/self/mountinfo")) ?? "").split(separator: "\n").map(String.init)
    var found = mounts.filter { $0.contains(directory) }
    guard let uuid = try? readText("\(directory)/data/instance") else { return found }
    let parent = "skiff-\(uuid.prefix(8))"
    for controller in (try? open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY).entries()) ?? [] {
      let path = "/sys/fs/cgroup/\(controller)/\(parent)"
      guard access(path, F_OK) == 0 else { continue }
      if rmdir(path) != 0 { found.append(path) }
    }
    return found
  }
}

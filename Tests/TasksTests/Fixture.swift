import Cgroups
import Glibc
import Linux
import MonitorProtocol
import OCI
import Tasks
import Testing

/// Task directories, a root of Debian's busybox and the built monitor; all of it is gone afterwards.
struct Fixture {
  let path: String
  let tasks: Tasks
  let name: String

  /// How long a test waits for what must come at once.
  static let patience = Duration.seconds(20)

  /// Runs `body` with a new fixture and checks that it leaves nothing behind.
  static func with(_ body: (Fixture) async throws -> Void) async throws {
    let fixture = try Fixture()
    let failure: (any Error)?
    do {
      try await body(fixture)
      failure = nil
    } catch { failure = error }
    #expect(fixture.leftovers() == [], "left behind")
    try removeTree(fixture.path)
    if let failure { throw failure }
  }

  private init() throws {
    let programs = try #require(getenv("SKIFF_BIN").map { String(cString: $0) }, "SKIFF_BIN names no built programs")
    name = "skiff-tasks-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    path = "/tmp/\(name)"
    try makeDirectories("\(path)/tasks", mode: 0o700)
    try makeDirectories("\(path)/log", mode: 0o700)
    for directory in ["bin", "proc", "dev", "sys", "etc", "tmp"] { try makeDirectories("\(path)/root/\(directory)") }
    let busybox = try readFile("/bin/busybox", limit: 16 << 20)
    let root = try open("\(path)/root", O_RDONLY | O_DIRECTORY)
    try replaceFile("bin/busybox", at: .directory(root), busybox, mode: 0o755)
    for applet in ["sh", "cat", "echo", "head", "sleep", "wc", "id", "sha256sum", "yes", "kill"] {
      try symlink("busybox", "bin/\(applet)", at: .directory(root))
    }
    try replaceFile("etc/passwd", at: .directory(root), Array("app:x:1000:1001::/home/app:/bin/sh\n".utf8), mode: 0o644)
    let program = try MonitorProgram(path: "\(programs)/skiff-monitor")
    tasks = try Tasks(program: program, directory: try open("\(path)/tasks", O_RDONLY | O_DIRECTORY))
  }

  /// A task that was launched.
  struct Launched {
    let id: LaunchID
    let started: Started
    let connection: TaskConnection
  }

  /// Launches `command` in the busybox root.
  ///
  /// - Parameter attach: the monitor's end of a connection that is attached before the start. The caller must not hold
  ///   it any longer, or it will never see the end.
  func launch(
    _ command: [String], terminal: Bool = false, input: LaunchRecord.Input = .none, user: String? = nil,
    attach: (socket: Descriptor, streams: StreamSet)? = nil
  ) async throws -> Launched {
    let id = LaunchID.random()
    let process = RuntimeSpec.Process(
      terminal: terminal, args: command, env: ["PATH=/bin"],
      capabilities: RuntimeSpec.Capabilities(bounding: ["CAP_KILL"], effective: ["CAP_KILL"], permitted: ["CAP_KILL"]))
    let spec = RuntimeSpec(
      process: process, hostname: "task",
      mounts: [
        RuntimeSpec.Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
        RuntimeSpec.Mount(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"]),
        RuntimeSpec.Mount(destination: "/dev/pts", type: "devpts", source: "devpts", options: ["ptmxmode=0666"]),
      ],
      linux: RuntimeSpec.LinuxConfiguration(
        namespaces: [.pid, .mount, .ipc, .uts, .network, .cgroup].map { RuntimeSpec.Namespace(type: $0) }))
    let state = try tasks.makeDirectory(container: "container", launch: id)
    let log = try open("\(path)/log", O_RDONLY | O_DIRECTORY)
    let record = LaunchRecord(
      launchID: id,
      kind: .container(LaunchRecord.NewContainer(id: "container", root: .directory("\(path)/root"))), spec: spec,
      user: user, input: input,
      log: LaunchRecord.Log(format: .jsonFile(attributes: []), segmentBytesMax: nil, segmentCountMax: nil),
      cgroupPath: "/\(name)/\(id)",
      descriptors: [.stateDirectory, .logDirectory] + (attach.map { [.attach($0.streams)] } ?? []))
    let (started, connection) = try await tasks.launch(record, [state, log] + (attach.map { [$0.socket] } ?? []))
    return Launched(id: id, started: started, connection: connection)
  }

  /// Finds the task of `launched` again, as a new daemon would.
  func adopt(_ launched: Launched) async throws -> Tasks.Found {
    try await tasks.adopt(container: "container", launch: launched.id)
  }

  /// Waits for the end that the task's connection reports.
  func end(of connection: TaskConnection) async throws -> ExitRecord {
    for await event in connection.events {
      switch event {
      case .exited(let record): return record
      case .lost: throw TaskError.lost
      case .outOfMemory: continue
      }
    }
    throw TaskError.lost
  }

  /// The text of everything that was logged.
  func logged() throws -> String {
    let log = try open("\(path)/log", O_RDONLY | O_DIRECTORY)
    return try log.entries().filter { $0.hasSuffix(".log") }.sorted()
      .map { try readText($0, at: .directory(log), limit: 64 << 20) }.joined()
  }

  /// Removes the cgroup of a task whose monitor cannot do it any more.
  func removeCgroup(of task: Launched) {
    let cgroup = try? CgroupHierarchy.detect().cgroup(at: "/\(name)/\(task.id)")
    try? cgroup?.kill()
    try? cgroup?.remove()
  }

  private func leftovers() -> [String] {
    var found: [String] = []
    let mounts = (try? readText("/proc/self/mountinfo")) ?? ""
    found += mounts.split(separator: "\n").filter { $0.contains(name) }.map(String.init)
    // The parent is made with the first container, and is nobody's when the test is over.
    for controller in (try? open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY).entries()) ?? [] {
      let parent = "/sys/fs/cgroup/\(controller)/\(name)"
      guard (try? status(of: parent)) != nil else { continue }
      do { try unlink(parent, isDirectory: true) } catch { found.append(parent) }
    }
    return found
  }
}

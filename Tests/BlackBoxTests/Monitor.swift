import Glibc
import Linux
import OCI
import Testing

/// `skiff-monitor` with a state root, a bundle of busybox and cgroups that only one test uses.
final class Monitor {
  /// Distinguishes everything that the test makes: its folder, its cgroups, and what stands in mount tables.
  let name: String
  let folder: String
  /// What `config.json` will say.
  var spec: RuntimeSpec
  let program: String
  private var programs: [Program] = []

  var rootfs: String { "\(folder)/bundle/rootfs" }
  var root: String { "\(folder)/state" }

  fileprivate init() throws {
    name = "skiff-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    folder = "/tmp/\(name)"
    program = try Monitor.programs() + "/skiff-monitor"
    spec = .busybox(cgroup: "/\(name)/payload")
    try Busybox.makeRoot(rootfs)
  }

  /// Where the built programs are. Nothing stands in for them.
  private static func programs() throws -> String {
    guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    guard access("\(folder)/skiff-monitor", X_OK) == 0 else { throw TestFailure("there is no \(folder)/skiff-monitor") }
    // Where .build is a link, a peer in its own root has only what the link points to.
    guard let real = realpath(folder, nil) else { throw TestFailure("cannot resolve \(folder)") }
    defer { free(real) }
    return String(cString: real)
  }

  // MARK: Calling

  /// Starts `skiff-monitor` with `words`.
  func start(_ words: [String], input: Input = .none, program: String? = nil) throws -> Program {
    let started = try Program(
      program ?? self.program, ["skiff-monitor", "--root", root] + words, input: input,
      stem: "\(folder)/call-\(programs.count)")
    programs.append(started)
    return started
  }

  /// Calls `skiff-monitor` with `words`.
  func call(_ words: String..., input: Input = .none) throws -> Outcome { try start(words, input: input).wait() }

  /// Calls it and requires that it succeeds.
  @discardableResult
  func require(_ words: String...) throws -> Outcome {
    let outcome = try start(words).wait()
    guard outcome.code == 0 else { throw TestFailure("skiff-monitor \(words.joined(separator: " ")): \(outcome)") }
    return outcome
  }

  /// Writes the bundle's `config.json`.
  func writeBundle() throws { try replaceFile("\(folder)/bundle/config.json", try BoundedJSON.encode(spec)) }

  /// Runs `command` in a container from its creation to its deletion.
  func run(_ command: [String], input: Input = .none) throws -> Outcome {
    spec.process?.args = command
    try writeBundle()
    let outcome = try start(["run", "--bundle", "\(folder)/bundle", "c"], input: input).wait()
    try expectNothingLeft()
    return outcome
  }

  /// Runs a shell script in a container.
  func script(_ script: String, input: Input = .none) throws -> Outcome { try run(["sh", "-c", script], input: input) }

  /// Creates the container `id` and starts it.
  func launch(_ command: [String], id: String = "c") throws {
    try create(command, id: id)
    try require("start", id)
  }

  /// Creates the container `id`.
  func create(_ command: [String], id: String = "c") throws {
    spec.process?.args = command
    spec.linux?.cgroupsPath = "/\(name)/\(id)"
    try writeBundle()
    try require("create", "--bundle", "\(folder)/bundle", id)
  }

  /// Launches a container that does nothing until it is told to end.
  func launchIdle(id: String = "c") throws { try launch(["sleep", "1000"], id: id) }

  /// Runs a shell script in the running container `c`.
  func execute(_ script: String, _ flags: String...) throws -> Outcome {
    try start(["exec"] + flags + ["c", "sh", "-c", script]).wait()
  }

  /// The state of the container `id`.
  func state(_ id: String = "c") throws -> RuntimeState {
    try BoundedJSON.decode(RuntimeState.self, from: try require("state", id).output)
  }

  /// Waits until the container `id` has stopped.
  func waitUntilStopped(_ id: String = "c") throws {
    _ = try eventually("\(id) stops") { try state(id).status == .stopped ? true : nil }
  }

  /// The cgroups of this test on this host, in all hierarchies.
  func cgroupFolders() throws -> [String] {
    let base = "/sys/fs/cgroup"
    let roots = [base] + (try open(base, O_RDONLY | O_DIRECTORY).entries().map { "\(base)/\($0)" })
    return roots.map { "\($0)/\(name)" }.filter { access($0, F_OK) == 0 }
  }

  // MARK: Nothing stays

  /// Expects that no container, cgroup, process or mount is there.
  func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) throws {
    let states = (try? open(root, O_RDONLY | O_DIRECTORY).entries().filter { $0 != ".seccomp" }) ?? []
    #expect(states == [], "state directories", sourceLocation: location)
    for cgroup in try cgroupFolders() {
      let children = try open(cgroup, O_RDONLY | O_DIRECTORY).entries().filter {
        (try? status(of: "\(cgroup)/\($0)").isDirectory) == true
      }
      #expect(children == [], "cgroups below \(cgroup)", sourceLocation: location)
      #expect(try readText("\(cgroup)/cgroup.procs") == "", "processes", sourceLocation: location)
    }
    let mounts = try readText("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(name) }
    #expect(mounts.filter { !$0.contains("\(folder)/host") } == [], "mounts", sourceLocation: location)
  }

  fileprivate func cleanUp() throws {
    for program in programs { program.abandon() }
    for id in try call("list", "-q").lines { try require("delete", "--force", id) }
    try expectNothingLeft()
    for cgroup in try cgroupFolders() { _ = rmdir(cgroup) }
    #expect(try cgroupFolders() == [])
    try removeTree(folder)
  }
}

/// Runs `body` with a monitor of its own; afterwards nothing of it is left on the host.
func withMonitor(_ body: (Monitor) throws -> Void) throws {
  let monitor = try Monitor()
  let result = Result { try body(monitor) }
  try monitor.cleanUp()
  try result.get()
}

/// Mounts a tmpfs on `HOST` of the monitor's folder for the time of `body`, with this propagation.
func withHostMount(_ monitor: Monitor, _ propagation: MountPropagation, _ body: (String) throws -> Void) throws {
  let place = "\(monitor.folder)/host"
  try makeDirectory(place)
  try FileSystemContext("tmpfs").mount().attachMount(on: try open(place, O_PATH), place)
  defer { while umount2(place, Int32(MNT_DETACH)) == 0 {} }
  try setPropagation(propagation, of: place)
  try body(place)
}

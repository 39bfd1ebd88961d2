import Cgroups
import Glibc
import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `create [-b BUNDLE] [--console-socket PATH] [--pid-file PATH] ID`
  static func create(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: creationFlags, values: creationValues)
    try SealedProgram.ensure()
    let creation = try Creation(arguments, globals, isDetached: true)
    _ = try creation.make(waitsForStart: true)
    return 0
  }

  /// `run [-d] [-b BUNDLE] [--console-socket PATH] [--pid-file PATH] ID`
  ///
  /// Without `-d` it waits, forwards signals, answers the container's exit code and deletes the container.
  static func run(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: creationFlags.union(["d", "detach", "keep"]), values: creationValues)
    try SealedProgram.ensure()
    let isDetached = arguments.has("d", "detach")
    let creation = try Creation(arguments, globals, isDetached: isDetached)
    let foreground = isDetached ? nil : try Foreground()
    let (launched, record) = try creation.make(waitsForStart: false)
    record.run(record.poststart, .running)
    guard let foreground else { return 0 }
    let status: ExitStatus
    do { status = try foreground.follow(launched) } catch {
      try? destroy(record, globals.root)
      throw error
    }
    if !arguments.has("keep") { try destroy(record, globals.root) }
    return status.code
  }

  private static let creationFlags: Set<String> = ["no-pivot", "no-new-keyring"]
  private static let creationValues: Set<String> = ["b", "bundle", "console-socket", "pid-file", "preserve-fds"]
}

/// One call of `create` or `run`, from its words to its container.
private struct Creation {
  let id: String
  private let bundle: Bundle
  private let root: StateRoot
  private let consoleSocket: String?
  private let pidFile: String?

  init(
    _ arguments: Arguments, _ globals: CommandLineInterface.Globals, isDetached: Bool
  ) throws(RuntimeError) {
    id = try arguments.operand(0, "the container's id")
    bundle = try Bundle(arguments.value("b", "bundle") ?? ".")
    root = globals.root
    consoleSocket = arguments.value("console-socket")
    pidFile = arguments.value("pid-file")
    if arguments.has("no-pivot") { throw RuntimeError(.unsupported, "--no-pivot is not supported") }
    if let count = arguments.value("preserve-fds"), count != "0" {
      throw RuntimeError(.unsupported, "--preserve-fds \(count) is not supported: no descriptor of ours gets inside")
    }
    let hasTerminal = bundle.spec.process?.terminal == true
    if !hasTerminal, consoleSocket != nil {
      throw RuntimeError(.invalid, "--console-socket is only for a process with a terminal")
    }
    if hasTerminal, isDetached, consoleSocket == nil {
      throw RuntimeError(.invalid, "a detached process with a terminal needs --console-socket")
    }
    let sets = bundle.spec.process?.capabilities
    let names = Set(
      [sets?.bounding, sets?.effective, sets?.permitted, sets?.inheritable, sets?.ambient].compactMap { $0 }.joined())
    for name in names.sorted() where Capability(name) == nil {
      CommandLineInterface.warn("unknown capability \"\(name)\" is left out")
    }
  }

  /// Makes the container. What a failed attempt made is gone again.
  func make(waitsForStart: Bool) throws(RuntimeError) -> (launched: LaunchedProcess, record: ContainerRecord) {
    let directory = try root.create(id)
    do {
      return try makeContainer(in: directory, waitsForStart: waitsForStart)
    } catch {
      try? root.remove(id)
      throw error
    }
  }

  private func makeContainer(
    in directory: Descriptor, waitsForStart: Bool
  ) throws(RuntimeError) -> (LaunchedProcess, ContainerRecord) {
    let hierarchy = try during("find the cgroups") { try CgroupHierarchy.detect() }
    let path = try bundle.cgroupPath(id: id)
    let cgroup = try during("make the cgroup") { try hierarchy.cgroup(at: path) }
    try during("make the cgroup") { try cgroup.create() }
    // Written before there is anything to find: if we are killed, `delete --force` knows where to look.
    var record = ContainerRecord(
      id: id, bundle: bundle.path, cgroupPath: path, annotations: bundle.spec.annotations,
      poststart: bundle.spec.hooks?.poststart ?? [], poststop: bundle.spec.hooks?.poststop ?? [])
    do throws(RuntimeError) {
      try root.write(configuration: bundle.configuration, to: directory)
      try root.write(record, to: directory)
      let limits = try CgroupLimits.ofNewContainer(bundle.spec.linux?.resources)
      try during("limit the container") { try cgroup.apply(limits) }
      let launched = try launch(in: directory, hierarchy, cgroup, waitsForStart: waitsForStart)
      do throws(RuntimeError) { try complete(&record, launched, in: directory) } catch {
        try? launched.child.send(signal: SIGKILL)
        _ = try? launched.child.wait()
        throw error
      }
      return (launched, record)
    } catch {
      try? cgroup.remove()
      // Runtime-spec, runtime.md "Lifecycle": what fails goes on with the destruction, and so with these.
      record.run(record.poststop, .stopped)
      throw error
    }
  }

  private func launch(
    in directory: Descriptor, _ hierarchy: CgroupHierarchy, _ cgroup: any Cgroup, waitsForStart: Bool
  ) throws(RuntimeError) -> LaunchedProcess {
    let hasTerminal = bundle.spec.process?.terminal == true
    var spec = bundle.spec
    if hasTerminal, consoleSocket == nil, var process = spec.process {
      TerminalBridge.giveOwnSize(to: &process)
      spec.process = process
    }
    let launch = ContainerLaunch(
      id: id, bundle: bundle.path, spec: spec, root: try bundle.rootSource(),
      streams: hasTerminal ? .terminal : .inherited, hierarchy: hierarchy, cgroup: cgroup,
      seccomp: try root.seccompProgram(bundle.spec),
      startDirectory: waitsForStart ? directory : nil)
    let launched = try launch.launch()
    guard let consoleSocket, let terminal = launched.terminal else { return launched }
    do throws(RuntimeError) { try sendTerminal(terminal, toSocket: consoleSocket) } catch {
      try? launched.child.send(signal: SIGKILL)
      _ = try? launched.child.wait()
      throw error
    }
    return LaunchedProcess(child: launched.child, terminal: nil)
  }

  /// Adds the init process to the record.
  private func complete(
    _ record: inout ContainerRecord, _ launched: LaunchedProcess, in directory: Descriptor
  ) throws(RuntimeError) {
    record.pid = launched.child.pid
    // A process that has ended already still has its line: we have not reaped it.
    record.startTime = try during("look at the container's init") { try ProcessStat(pid: record.pid).startTime }
    try root.write(record, to: directory)
    guard let pidFile else { return }
    try during("write the pid file") { try replaceFile(pidFile, Array("\(record.pid)".utf8), mode: 0o644) }
  }
}

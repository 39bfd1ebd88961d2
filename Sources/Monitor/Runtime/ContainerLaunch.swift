package import Cgroups
import Glibc
package import Linux
package import OCI
package import Seccomp

/// Everything that makes a process of a spec: the input of `launch`.
package struct ContainerLaunch {
  package var id: String
  /// The absolute path of the bundle; the spec's relative paths start there.
  package var bundle: String
  package var spec: RuntimeSpec
  package var root: RootSource
  package var streams: StandardStreams
  package var seccomp: SeccompProgram?
  /// Whether a small init of ours is pid 1 and the process its child.
  package var hasInit: Bool
  /// The container's cgroup, made and limited already; nil leaves it in the caller's.
  package var cgroup: (any Cgroup)?
  /// How this host mounts its cgroups.
  package var hierarchy: CgroupHierarchy
  /// Non-nil: whom the process runs as, in the words of the image; it replaces the spec's numbers.
  package var user: UserRequest?
  /// What replaces namespaces and sources of mounts that the spec names by their paths.
  package var given: GivenObjects
  /// Non-nil: the container is created only. A socket `start.sock` is made in this directory, and who connects to it
  /// starts the process.
  package var startDirectory: Descriptor?

  /// Creates it from its members.
  package init(
    id: String, bundle: String, spec: RuntimeSpec, root: RootSource, streams: StandardStreams,
    hierarchy: CgroupHierarchy, cgroup: (any Cgroup)? = nil, seccomp: SeccompProgram? = nil, hasInit: Bool = false,
    user: UserRequest? = nil, given: GivenObjects = GivenObjects(),
    startDirectory: Descriptor? = nil
  ) {
    self.id = id
    self.bundle = bundle
    self.spec = spec
    self.root = root
    self.streams = streams
    self.seccomp = seccomp
    self.hasInit = hasInit
    self.cgroup = cgroup
    self.hierarchy = hierarchy
    self.user = user
    self.given = given
    self.startDirectory = startDirectory
  }

  /// The name of the socket that starts a created container.
  private static let startSocketName = "start.sock"

  /// Whether the container of this `startDirectory` still waits to be started.
  package static func awaitsStart(in directory: Descriptor) -> Bool {
    (try? status(of: startSocketName, at: .directory(directory))) != nil
  }
}

/// What a process reads from and writes to.
package enum StandardStreams {
  /// The caller's own.
  case inherited
  case descriptors(input: Descriptor, output: Descriptor, error: Descriptor)
  /// A new terminal; its master is handed to the caller.
  case terminal
}

/// A process that was launched.
package struct LaunchedProcess {
  package let child: ChildProcess
  /// The master of its terminal, if it has one.
  package let terminal: Descriptor?

  /// Creates it from its members.
  package init(child: ChildProcess, terminal: Descriptor?) {
    self.child = child
    self.terminal = terminal
  }
}

extension ContainerLaunch {
  /// Makes the container. When this returns, its process runs, or waits to be started.
  ///
  /// Only for a process with one thread. A container that cannot be made leaves no process behind; the cgroup is the
  /// caller's.
  package func launch() throws(RuntimeError) -> LaunchedProcess {
    guard var process = spec.process else { throw RuntimeError(.invalid, "the spec has no process") }
    try refuseUnsupported(process)
    try spec.refuseContradictions(joining: given)
    let root = try root.detachedMount()
    try user?.resolve(&process, in: root)
    let prepared = try prepare(process, root: root)
    let startSocket = try startDirectory.map { directory throws(RuntimeError) in
      try during("make the start socket") {
        try listen(on: ContainerLaunch.startSocketName, in: directory, backlog: 1)
      }
    }
    let (ours, theirs) = try during("make the report socket") { try socketPair() }
    let forked = try during("clone") {
      // In a pid namespace that it joins, others see the child: none may reach its memory.
      try setDumpable(false)
      return try prepared.namespaces.joinedByParent.entered { () throws(SyscallError) in
        try fork(into: prepared.namespaces.created, cgroup: prepared.cgroupEntry?.cloneTarget)
      }
    }
    guard case .parent(let child) = forked else {
      ContainerInit(spec: spec, process: process, prepared: prepared, report: theirs, startSocket: startSocket).run()
    }
    _ = consume theirs
    do {
      try supervise(child, prepared, reports: ours)
    } catch {
      try? child.send(signal: SIGKILL)
      _ = try? child.wait()
      throw error
    }
    return LaunchedProcess(child: child, terminal: prepared.terminal?.pair.master)
  }

  /// Starts the process of a container that was created with this `startDirectory`. When this returns, it runs.
  ///
  /// - Throws: why the process could not be executed; the container's init has ended then.
  package static func start(in directory: Descriptor) throws(RuntimeError) {
    let answer = try during("start the container") {
      let connection = try connect(to: startSocketName, in: directory)
      // Gone before the process runs: from here on the container is running, whoever looks.
      try unlink(startSocketName, at: .directory(directory))
      return try ChildReport.read(from: connection)
    }
    if case .failed(let error) = answer { throw error }
  }

  /// Follows the child's reports until it is the program, or created.
  private func supervise(
    _ child: ChildProcess, _ prepared: PreparedContainer, reports: Descriptor
  ) throws(RuntimeError) {
    while true {
      switch try during("read the child's report", { try ChildReport.read(from: reports) }) {
      case .ready: return
      case .failed(let error): throw error
      case .hooks:
        let state = prepared.hookState(.creating, pid: child.pid)
        for hook in (spec.hooks?.prestart ?? []) + (spec.hooks?.createRuntime ?? []) { try hook.run(state) }
        try during("let the child go on") { try reports.writeAll([1]) }
      case nil:
        guard startDirectory != nil else { return }
        throw RuntimeError(.system, "the container's init ended while it was being created")
      }
    }
  }

  private func prepare(_ process: RuntimeSpec.Process, root: Descriptor) throws(RuntimeError) -> PreparedContainer {
    let terminal: PreparedTerminal?
    let childStreams: ChildStreams
    switch streams {
    case .inherited: (terminal, childStreams) = (nil, .inherited)
    case .descriptors(let input, let output, let error):
      (terminal, childStreams) = (nil, .descriptors(input: input, output: output, error: error))
    case .terminal:
      let made = try PreparedTerminal(mounts: spec.mounts, process: process)
      (terminal, childStreams) = (made, .terminal(made.pair.slave))
    }
    let namespaces = try NamespacePlan(
      spec.linux?.namespaces ?? [], joining: given, isUnified: hierarchy.isUnified)
    var sources = given.mountSources
    if let memory = try given.sharedMemory() { sources["/dev/shm"] = memory }
    return PreparedContainer(
      state: RuntimeState(id: id, status: .creating, bundle: bundle, annotations: spec.annotations),
      root: root,
      mounts: try PreparedMount.prepare(
        spec.mounts, bundle: bundle, sources: sources, terminalMount: terminal?.mount),
      cgroupMounts: try during("open the cgroup's mounts") {
        try CgroupMount.all(of: hierarchy, confinedTo: namespaces.hasCgroupNamespace ? nil : cgroup)
      },
      cgroupEntry: try cgroup.map { cgroup throws(RuntimeError) in
        try during("open the cgroup") { try cgroup.entry() }
      },
      namespaces: namespaces,
      terminal: terminal, childStreams: childStreams, seccomp: seccomp, initProgram: try openInitProgram(),
      hasParentHooks: !(spec.hooks?.prestart ?? []).isEmpty || !(spec.hooks?.createRuntime ?? []).isEmpty)
  }

  /// Our own binary, to be executed by descriptor inside the container.
  private func openInitProgram() throws(RuntimeError) -> Descriptor? {
    guard hasInit else { return nil }
    return try during("open the init program") { try open("/proc/self/exe", O_PATH) }
  }
}

extension Descriptor? {
  /// Runs `body` while children are born into this pid namespace; without one, just runs it.
  fileprivate func entered<Result>(_ body: () throws(SyscallError) -> Result) throws(SyscallError) -> Result {
    guard let self else { return try body() }
    let own = try open("/proc/self/ns/pid", O_RDONLY)
    try self.enterNamespaces([.pid])
    let result = try body()
    // The child needs no way back, and could not find one: its pid namespace is below ours.
    if getpid() != 1 { try? own.enterNamespaces([.pid]) }
    return result
  }
}

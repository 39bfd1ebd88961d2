package import Cgroups
import Glibc
package import Linux
package import OCI
package import Seccomp

/// A further process in a container that runs: the input of `launch`.
package struct ExecLaunch {
  package var process: RuntimeSpec.Process
  package var streams: StandardStreams
  package var seccomp: SeccompProgram?
  /// The container's init.
  package var container: Descriptor
  /// Non-nil: whom the process runs as, in the words of the image; it replaces the numbers of `process`.
  package var user: UserRequest?
  /// The container's cgroup; nil leaves the process in the caller's.
  package var cgroup: (any Cgroup)?

  /// Creates it from its members.
  package init(
    process: RuntimeSpec.Process, streams: StandardStreams, seccomp: SeccompProgram? = nil, container: Descriptor,
    cgroup: (any Cgroup)? = nil, user: UserRequest? = nil
  ) {
    self.process = process
    self.streams = streams
    self.seccomp = seccomp
    self.container = container
    self.cgroup = cgroup
    self.user = user
  }

  /// Every kind but user: that of a container is ours. A kernel may lack time namespaces.
  private static var kinds: [NamespaceKind] {
    [.cgroup, .ipc, .mount, .network, .uts] + (access("/proc/self/ns/time", F_OK) == 0 ? [.time] : [])
  }

  /// Starts the process inside the container. When this returns, it runs.
  ///
  /// Only for a process with one thread.
  package func launch() throws(RuntimeError) -> LaunchedProcess {
    try process.refuseUnsupported()
    try process.refuseContradictions()
    var process = process
    if let user { try user.resolve(&process, in: try openRoot()) }
    let terminal = try openTerminal(process)
    let entry = try cgroup.map { cgroup throws(RuntimeError) in
      try during("open the container's cgroup") { try cgroup.entry() }
    }
    let (ours, theirs) = try during("make the report socket") { try socketPair() }
    let forked = try during("enter the container") {
      // Only children follow into the pid namespace, so the caller itself stays where it is. It enters no other
      // namespace of the container either. From its birth on processes of the container see the child: none may reach
      // its memory or its binary (CVE-2019-5736), and what it inherits leaves no moment to try.
      try setDumpable(false)
      let own = try open("/proc/self/ns/pid", O_RDONLY)
      try container.enterNamespaces([.pid])
      let forked = try fork(cgroup: entry?.cloneTarget)
      if case .parent = forked { try own.enterNamespaces([.pid]) }
      return forked
    }
    guard case .parent(let child) = forked else {
      becomeChild(process, report: theirs, terminal: terminal, entry: entry)
    }
    _ = consume theirs
    switch try during("read the child's report", { try ChildReport.read(from: ours) }) {
    case .failed(let error):
      _ = try? child.wait()
      throw error
    case nil, .ready, .hooks: return LaunchedProcess(child: child, terminal: terminal?.master)
    }
  }

  private func becomeChild(
    _ process: RuntimeSpec.Process, report: Descriptor, terminal: PseudoTerminal?, entry: CgroupEntry?
  ) -> Never {
    do {
      try during("enter the container") {
        setProcessName("skiff-exec")
        _ = try syscall("setsid") { setsid() }
        // While /proc is the host's: what the container has there may be anything.
        if let score = process.oomScoreAdj { try setOOMScore(score) }
        try entry?.enter()
        try container.enterNamespaces(ExecLaunch.kinds)
        try joinNewSessionKeyring(named: "skiff")
      }
    } catch { report.fail(error) }
    let childStreams: ChildStreams
    switch streams {
    case .inherited: childStreams = .inherited
    case .descriptors(let input, let output, let error):
      childStreams = .descriptors(input: input, output: output, error: error)
    case .terminal: childStreams = terminal.map { .terminal($0.slave) } ?? .inherited
    }
    ProcessStart(
      setup: ProcessSetup(process: process, seccomp: seccomp, initProgram: nil), streams: childStreams,
      report: report, startSocket: nil, startHooks: [],
      hookState: RuntimeState(id: "", status: .running, pid: 1, bundle: "")
    ).run()
  }

  /// The container's root, as its init sees it.
  private func openRoot() throws(RuntimeError) -> Descriptor {
    try during("open the container's root") {
      let root = try open("/proc/\(container.processIdentifier())/root", O_PATH | O_DIRECTORY)
      // While the pidfd still has its process, the number cannot have become somebody else's.
      _ = try container.processIdentifier()
      return root
    }
  }

  /// A pair of the container's own devpts, so that `tty` inside finds its name.
  private func openTerminal(_ process: RuntimeSpec.Process) throws(RuntimeError) -> PseudoTerminal? {
    guard case .terminal = streams else { return nil }
    return try during("make a terminal in the container's /dev/pts") {
      let root = try openRoot()
      let pair = try PseudoTerminal(in: try open("dev/pts", below: root, O_PATH | O_DIRECTORY))
      if let size = process.consoleSize {
        try pair.master.setWindowSize(WindowSize(rows: size.height, columns: size.width))
      }
      _ = fchown(pair.slave.raw, process.user.uid, gid_t.max)
      return pair
    }
  }
}

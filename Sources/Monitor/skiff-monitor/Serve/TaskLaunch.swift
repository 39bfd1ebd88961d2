import Cgroups
import Glibc
import Linux
import LogRecords
import MonitorProtocol
import OCI
import Runtime
import Seccomp

/// A launch record, opened: its descriptors by their roles, and its process made.
struct TaskLaunch {
  let record: LaunchRecord
  /// The task's directory: the socket and the exit record are made there.
  let stateDirectory: Descriptor
  let logDirectory: Descriptor?
  let given: GivenObjects
  let attachments: [(Descriptor, StreamSet)]

  /// Sorts the descriptors that came with `record`.
  init(_ record: LaunchRecord, _ descriptors: [Descriptor]) throws(RuntimeError) {
    guard descriptors.count == record.descriptors.count else {
      throw RuntimeError(
        .invalid, "the launch record names \(record.descriptors.count) descriptors, and \(descriptors.count) came")
    }
    var state: Descriptor?
    var log: Descriptor?
    var given = GivenObjects()
    var attachments: [(Descriptor, StreamSet)] = []
    for (role, descriptor) in zip(record.descriptors, descriptors) {
      switch role {
      case .stateDirectory: state = descriptor
      case .logDirectory: log = descriptor
      case .networkNamespace: given.network = descriptor
      case .processNamespace: given.process = descriptor
      case .ipcNamespace: given.ipc = descriptor
      case .sharedMemoryOwner: given.sharedMemoryOwner = descriptor
      case .mountSource(let destination):
        given.mountSources[destination] = try during("open what is mounted at \"\(destination)\"") {
          try cloneMount("", at: .directory(descriptor))
        }
      case .attach(let streams): attachments.append((descriptor, streams))
      // Of a later version: it is closed, and its purpose is not missed by what we do.
      case .unknown: continue
      }
    }
    guard let state else { throw RuntimeError(.invalid, "the launch record has no state directory") }
    self.record = record
    stateDirectory = state
    logDirectory = log
    self.given = given
    self.attachments = attachments
  }

  /// Makes the process.
  func launch() throws(RuntimeError) -> LaunchedTask {
    let hierarchy = try during("find the cgroups") { try CgroupHierarchy.detect() }
    let hasTerminal = record.spec.process?.terminal == true
    let pipes = hasTerminal ? nil : try ProcessStreams.pipes(record.input)
    let streams = pipes?.child ?? .terminal
    let cgroup = try openCgroup(hierarchy)
    let launched: LaunchedProcess
    do throws(RuntimeError) {
      switch record.kind {
      case .container(let container): launched = try launchContainer(container, streams, hierarchy, cgroup)
      case .exec(let container): launched = try launchExec(container, streams, cgroup)
      }
    } catch {
      removeCgroup(cgroup)
      throw error
    }
    if let pipes { return LaunchedTask(child: launched.child, streams: pipes.ours, cgroup: cgroup) }
    guard let terminal = launched.terminal else { throw RuntimeError(.system, "the process has no terminal") }
    return LaunchedTask(
      child: launched.child, streams: try ProcessStreams.terminal(terminal, record.input), cgroup: cgroup)
  }

  /// Removes the cgroup that `launch` made; an exec's is the container's.
  func removeCgroup(_ cgroup: (any Cgroup)?) {
    guard case .container = record.kind, let cgroup else { return }
    try? cgroup.kill()
    try? cgroup.remove()
  }

  private func openCgroup(_ hierarchy: CgroupHierarchy) throws(RuntimeError) -> (any Cgroup)? {
    guard !record.cgroupPath.isEmpty else { return nil }
    let cgroup = try during("find the cgroup") { try hierarchy.cgroup(at: record.cgroupPath) }
    guard case .container = record.kind else { return cgroup }
    try during("make the cgroup") { try cgroup.create() }
    do throws(RuntimeError) {
      // Also without any said: a new container may use no device but the default ones.
      let limits = try CgroupLimits.ofNewContainer(record.spec.linux?.resources)
      try during("limit the container") { try cgroup.apply(limits) }
    } catch {
      try? cgroup.remove()
      throw error
    }
    return cgroup
  }

  private func launchContainer(
    _ container: LaunchRecord.NewContainer, _ streams: StandardStreams, _ hierarchy: CgroupHierarchy,
    _ cgroup: (any Cgroup)?
  ) throws(RuntimeError) -> LaunchedProcess {
    try ContainerLaunch(
      id: container.id, bundle: "/", spec: record.spec, root: RootSource(container.root), streams: streams,
      hierarchy: hierarchy, cgroup: cgroup, seccomp: seccomp, hasInit: container.hasInit, user: userRequest,
      given: given
    ).launch()
  }

  private func launchExec(
    _ container: LaunchRecord.RunningContainer, _ streams: StandardStreams, _ cgroup: (any Cgroup)?
  ) throws(RuntimeError) -> LaunchedProcess {
    guard let process = record.spec.process else { throw RuntimeError(.invalid, "the launch record has no process") }
    let handle: Descriptor
    do {
      handle = try openProcess(container.pid)
      guard try ProcessStat(pid: container.pid).startTime == container.startTime else {
        throw SyscallError("pidfd_open", errno: .noSuchProcess)
      }
    } catch { throw RuntimeError(.conflict, "the container is not running") }
    return try ExecLaunch(
      process: process, streams: streams, seccomp: seccomp, container: handle, cgroup: cgroup, user: userRequest
    ).launch()
  }

  private var seccomp: SeccompProgram? {
    record.seccomp.map { SeccompProgram(bytes: $0.program, flags: $0.flags) }
  }

  private var userRequest: UserRequest? {
    record.user.map { UserRequest(text: $0, additionalGroups: record.additionalGroups) }
  }
}

/// A process that was launched, with what belongs to it.
struct LaunchedTask {
  let child: ChildProcess
  var streams: ProcessStreams
  let cgroup: (any Cgroup)?
}

extension RootSource {
  /// The root of a launch record in the runtime's terms.
  init(_ root: LaunchRecord.Root) {
    switch root {
    case .directory(let path): self = .directory(path)
    case .overlay(let overlay):
      self = .overlay(OverlayRoot(lowers: overlay.lowers, upper: overlay.upper.map { ($0.path, $0.work) }))
    }
  }
}

import Cgroups
import LaunchPlan
import Linux
import MonitorProtocol
import OCI
import Runtime
import Seccomp
import Snapshots
import Tasks
import Volumes

/// One launch of a container, from its definition to its process.
struct ContainerLauncher: Sendable {
  let spec: ContainerSpec
  let services: ContainerServices
  /// Whose namespaces it joins.
  let owners: NamespaceOwners

  /// Launches it.
  ///
  /// - Parameter clients: attached before the start, so that they miss nothing.
  func launch(
    _ launch: String, _ clients: [(socket: Descriptor, streams: StreamSet)]
  ) async throws -> (Started, TaskConnection) {
    guard let id = LaunchID(launch) else { throw EngineError(.internalError, "\(launch) is no launch") }
    let record = try await services.executor.run { try prepare(id) }
    try Failpoint("containers.start.prepared").reach()
    var launched = record.record
    launched.descriptors += clients.map { .attach($0.streams) }
    let (started, connection) = try await services.tasks.launch(
      launched, record.descriptors + clients.map(\.socket))
    return (started, connection)
  }

  private var cgroupPath: String { services.cgroupPath(of: spec) }

  /// Everything on disk that a launch needs, and its record.
  private func prepare(_ id: LaunchID) throws -> (record: LaunchRecord, descriptors: [Descriptor]) {
    let root = try services.snapshots.root(of: spec.id)
    let mounts = try MountPreparation(spec: spec, volumes: services.volumes).run()
    var inputs = LaunchInputs(root: "/", cgroup: cgroupPath, files: try networkFiles())
    let joined = try owners.open(&inputs)
    inputs.volumes = mounts.paths
    inputs.devices = try HostDevices().named(by: spec)
    if spec.security.isPrivileged { inputs.hostDevices = HostDevices().all() }
    inputs.consoleSize = spec.streams.consoleSize.map {
      RuntimeSpec.ConsoleSize(height: UInt16(clamping: $0.rows), width: UInt16(clamping: $0.columns))
    }
    let plan = try LaunchPlan.make(spec, on: services.host, with: inputs)
    var runtime = plan.runtime
    let seccomp = try SeccompProgram.compiled(runtime.linux?.seccomp, cache: services.seccomp)
    // The profile stays here: the monitor gets its program.
    runtime.linux?.seccomp = nil
    var given = joined + mounts.sources
    given.append((.stateDirectory, try services.tasks.makeDirectory(container: String(spec.id.prefix(12)), launch: id)))
    if plan.log != nil { given.append((.logDirectory, try services.folder.log(of: spec.id))) }
    let record = LaunchRecord(
      launchID: id,
      kind: .container(
        LaunchRecord.NewContainer(id: spec.id, root: LaunchRecord.Root(root), hasInit: plan.hasInit)),
      spec: runtime, seccomp: seccomp.map { LaunchRecord.Seccomp(program: $0.bytes, flags: $0.flags) },
      user: plan.user, additionalGroups: plan.additionalGroups, input: LaunchRecord.Input(plan.streams),
      log: plan.log.map { LaunchRecord.Log($0) }, stopSignal: Signal.number(spec.program.stopSignal) ?? 15,
      cgroupPath: cgroupPath, descriptors: given.map(\.role))
    return (record, given.map(\.descriptor))
  }

  /// The files in `/etc`: whose network it shares, those it shares.
  private func networkFiles() throws -> LaunchInputs.NetworkFiles {
    guard let network = owners.network else { return try services.folder.writeNetworkFiles(spec) }
    return services.folder.networkFiles(of: network.spec)
  }
}

extension ContainerServices {
  /// The cgroup of a container, below each cgroup mount.
  func cgroupPath(of spec: ContainerSpec) -> String {
    let parent = ContainerPath.clean(spec.resources.cgroupParent)
    return "\(spec.resources.cgroupParent.hasPrefix("/") ? "" : cgroupParent)\(parent)/\(spec.id)"
  }

  /// Kills what is left in a container's cgroup and removes it.
  func removeCgroup(of spec: ContainerSpec) throws {
    let cgroup = try CgroupHierarchy.detect().cgroup(at: cgroupPath(of: spec))
    try cgroup.kill()
    try cgroup.remove()
  }
}

extension ContainerFolder {
  /// The files for `/etc` of the container `spec`, which has been launched: of one that shares another's network they
  /// are the other's.
  func networkFiles(of spec: ContainerSpec) -> LaunchInputs.NetworkFiles {
    let base = "\(path)/\(spec.network.filesOwner ?? spec.id)"
    return LaunchInputs.NetworkFiles(
      resolvConf: "\(base)/resolv.conf", hostname: "\(base)/hostname", hosts: "\(base)/hosts")
  }
}

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

  /// Kills what is left in the container's cgroup and removes it.
  func removeCgroup() throws {
    let cgroup = try CgroupHierarchy.detect().cgroup(at: cgroupPath)
    try cgroup.kill()
    try cgroup.remove()
  }

  private var cgroupPath: String { services.cgroupPath(of: spec.id) }

  /// Everything on disk that a launch needs, and its record.
  private func prepare(_ id: LaunchID) throws -> (record: LaunchRecord, descriptors: [Descriptor]) {
    let root = try services.snapshots.root(of: spec.id)
    var inputs = LaunchInputs(root: "/", cgroup: cgroupPath, files: try services.folder.writeNetworkFiles(spec))
    inputs.volumes = try volumePaths(root)
    inputs.devices = try hostDevices()
    let plan = try LaunchPlan.make(spec, on: services.host, with: inputs)
    var runtime = plan.runtime
    let seccomp = try SeccompProgram.compiled(runtime.linux?.seccomp, cache: services.seccomp)
    // The profile stays here: the monitor gets its program.
    runtime.linux?.seccomp = nil
    let state = try services.tasks.makeDirectory(container: String(spec.id.prefix(12)), launch: id)
    var descriptors = [state]
    var roles: [LaunchRecord.DescriptorRole] = [.stateDirectory]
    if spec.lifecycle.log.driver == .jsonFile {
      descriptors.append(try services.folder.log(of: spec.id))
      roles.append(.logDirectory)
    }
    let record = LaunchRecord(
      launchID: id,
      kind: .container(
        LaunchRecord.NewContainer(id: spec.id, root: LaunchRecord.Root(root), hasInit: plan.hasInit)),
      spec: runtime, seccomp: seccomp.map { LaunchRecord.Seccomp(program: $0.bytes, flags: $0.flags) },
      user: plan.user, additionalGroups: plan.additionalGroups, input: LaunchRecord.Input(plan.streams),
      log: spec.lifecycle.log.driver == .jsonFile ? LaunchRecord.Log(spec.lifecycle.log) : nil,
      stopSignal: Signal.number(spec.program.stopSignal) ?? 15, cgroupPath: cgroupPath, descriptors: roles)
    return (record, descriptors)
  }

  /// The host's directory of each volume; a new one is filled with what the image has at its place.
  private func volumePaths(_ root: SnapshotRoot) throws -> [String: String] {
    var paths: [String: String] = [:]
    for mount in spec.mounts {
      guard case .volume(let volume) = mount.kind else { continue }
      guard volume.subpath.isEmpty else { throw EngineError(.unsupported, "volume subpaths are not supported yet") }
      if volume.copiesFromImage { try fill(volume.name, from: mount.destination, root) }
      paths[mount.destination] = services.volumes.mountpoint(of: volume.name)
    }
    return paths
  }

  private func fill(_ name: String, from destination: String, _ root: SnapshotRoot) throws {
    let tree = try RootSource(root).detachedMount()
    let source: Descriptor
    do {
      source = try open(String(destination.drop { $0 == "/" }), below: tree, Int32(0o200000))
    } catch {
      // The image has nothing there: the volume stays empty.
      return
    }
    _ = try services.volumes.fill(name, from: source)
  }

  private func hostDevices() throws -> [String: [HostDevice]] {
    var devices: [String: [HostDevice]] = [:]
    for mapping in spec.devices.mappings {
      devices[mapping.pathOnHost] = [try HostDevice(at: mapping.pathOnHost)]
    }
    return devices
  }
}

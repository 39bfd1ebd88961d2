import LaunchPlan
import Linux
import MonitorProtocol

/// The containers whose namespaces a launch joins, as they are at its start.
///
/// Each process is known by its pid and start time, and its namespaces are held open before either is looked at again:
/// a container that ends meanwhile is never mistaken for the process that got its number.
struct NamespaceOwners: Sendable {
  private(set) var network: Owner?
  private(set) var process: Owner?
  private(set) var ipc: Owner?

  /// A container that runs.
  struct Owner: Sendable {
    let spec: ContainerSpec
    let running: Running
  }

  /// Finds them.
  ///
  /// - Throws: with Docker's texts, if one is not there, does not run, or does not share its IPC.
  init(of spec: ContainerSpec, _ find: (String) -> ContainerSnapshot?) throws(EngineError) {
    if case .container(let id) = spec.network.mode {
      guard let found = find(id) else {
        throw EngineError(.internalError, "joining network namespace of container: No such container: \(id)")
      }
      guard let owner = Owner(found) else {
        throw EngineError(
          .conflict,
          "cannot join network namespace of a non running container: container \(found.spec.name) is \(found.status)")
      }
      network = owner
    }
    if case .container(let id) = spec.namespaces.process {
      process = try NamespaceOwners.owner(id, "PID", notRunning: .internalError, find)
    }
    if case .container(let id) = spec.namespaces.ipc {
      let owner = try NamespaceOwners.owner(id, "IPC", notRunning: .conflict, find)
      guard owner.spec.namespaces.ipc.isShared else {
        throw EngineError(
          .invalid,
          "failed to join IPC namespace: container \(id): non-shareable IPC "
            + "(hint: use IpcMode:shareable for the donor container)")
      }
      ipc = owner
    }
  }

  private static func owner(
    _ id: String, _ kind: String, notRunning code: EngineError.Code, _ find: (String) -> ContainerSnapshot?
  ) throws(EngineError) -> Owner {
    guard let found = find(id) else {
      throw EngineError(code, "failed to join \(kind) namespace: No such container: \(id)")
    }
    guard let owner = Owner(found) else {
      throw EngineError(code, "failed to join \(kind) namespace: container \(id) is not running")
    }
    return owner
  }

  /// Opens what is joined, and says to the plan what that is.
  func open(_ inputs: inout LaunchInputs) throws -> [(role: LaunchRecord.DescriptorRole, descriptor: Descriptor)] {
    var opened: [(LaunchRecord.DescriptorRole, Descriptor)] = []
    if let network {
      opened.append((.networkNamespace, try network.open(.network)))
      inputs.joined.network = network.path(.network)
      inputs.joined.hostname = network.spec.network.hostname
      inputs.joined.domainname = network.spec.network.domainname
    }
    if let process {
      opened.append((.processNamespace, try process.open(.pid)))
      inputs.joined.process = process.path(.pid)
    }
    if let ipc {
      opened.append((.ipcNamespace, try ipc.open(.ipc)))
      opened.append((.sharedMemoryOwner, try ipc.open(.mount)))
      inputs.joined.ipc = ipc.path(.ipc)
      inputs.joined.sharedMemory = "/proc/\(ipc.running.pid)/root/dev/shm"
    }
    return opened
  }
}

extension NamespaceOwners.Owner {
  /// nil of a container without a process.
  init?(_ container: ContainerSnapshot) {
    guard case .running(let running) = container.state else { return nil }
    self.init(spec: container.spec, running: running)
  }

  fileprivate func path(_ kind: NamespaceKind) -> String { "/proc/\(running.pid)/ns/\(kind.fileName)" }

  /// Opens one of its namespaces.
  fileprivate func open(_ kind: NamespaceKind) throws -> Descriptor {
    let ended = EngineError(.conflict, "container \(spec.id) is not running")
    guard let file = try? Linux.open(path(kind), 0) else { throw ended }
    // Looked at afterwards: a process that still has the number now had it when the file was opened.
    let stat = try? ProcessStat(pid: running.pid)
    guard let stat, stat.startTime == running.startTime, !stat.isZombie else { throw ended }
    return file
  }
}

extension NamespaceSpec.IPCNamespace {
  /// Whether others may join it.
  fileprivate var isShared: Bool {
    switch self {
    case .shareable, .host, .container: true
    case .own, .none: false
    }
  }
}

extension ContainerSpec {
  /// The containers that must run for this one to start.
  var joinedContainers: [String] {
    var ids: [String] = []
    if case .container(let id) = network.mode { ids.append(id) }
    if case .container(let id) = namespaces.process { ids.append(id) }
    if case .container(let id) = namespaces.ipc { ids.append(id) }
    return ids
  }
}

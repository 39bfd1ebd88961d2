import Cgroups
import Glibc
import Linux
import OCI
import Seccomp

/// A container that is about to be made: its spec with everything that had to be fetched or made in the host's
/// namespaces. The parent makes it, the child uses it up.
struct PreparedContainer {
  /// What hooks are told while the container is being created, without its pid.
  let state: RuntimeState
  /// The detached root.
  let root: Descriptor
  let mounts: [PreparedMount]
  let cgroupMounts: [CgroupMount]
  let cgroupEntry: CgroupEntry?
  let namespaces: NamespacePlan
  let terminal: PreparedTerminal?
  let childStreams: ChildStreams
  let seccomp: SeccompProgram?
  let initProgram: Descriptor?
  let hasParentHooks: Bool

  /// The state as hooks read it. OCI runtime-spec, runtime.md "State": what runs inside knows its own pid only.
  func hookState(_ status: RuntimeState.Status, pid: Int32) -> RuntimeState {
    var state = state
    state.status = status
    state.pid = pid
    return state
  }
}

/// Which namespaces a container makes and which it joins.
struct NamespacePlan {
  /// Made by clone3.
  private(set) var created: [NamespaceKind] = []
  /// Joined by the child.
  private(set) var joined: [(kind: NamespaceKind, file: Descriptor)] = []
  /// Joined by the parent before it clones: a process's own pid namespace never changes.
  private(set) var joinedByParent: Descriptor?
  /// On cgroup v1 the namespace is made after the child has entered its cgroup: with `CLONE_NEWCGROUP` it would be
  /// rooted in the parent's.
  private(set) var unsharesCgroup = false

  /// Whether the container has a cgroup namespace of its own, or somebody else's; else it sees the host's.
  let hasCgroupNamespace: Bool

  /// Reads the spec's list.
  ///
  /// - Parameter others: replace what the spec says of their kinds.
  init(
    _ namespaces: [RuntimeSpec.Namespace], joining others: GivenObjects, isUnified: Bool
  ) throws(RuntimeError) {
    hasCgroupNamespace = namespaces.contains { $0.type == .cgroup }
    joinedByParent = others.process
    for kind in [NamespaceKind.network, .ipc] {
      if let file = others[kind] { joined.append((kind, file)) }
    }
    for namespace in namespaces {
      let kind = NamespaceKind(namespace.type)
      if others[kind] != nil { continue }
      if namespace.path.isEmpty {
        if kind == .user { throw RuntimeError(.unsupported, "user namespaces are not supported yet") }
        if kind == .cgroup, !isUnified { unsharesCgroup = true } else { created.append(kind) }
        continue
      }
      if kind == .user || kind == .mount {
        throw RuntimeError(.unsupported, "joining a \(kind.rawValue) namespace by its path is not supported")
      }
      let file = try during("open the \(kind.rawValue) namespace \"\(namespace.path)\"") {
        try open(namespace.path, O_RDONLY)
      }
      if kind == .pid { joinedByParent = file } else { joined.append((kind, file)) }
    }
    guard created.contains(.mount) else {
      throw RuntimeError(.unsupported, "a container needs a new mount namespace")
    }
  }
}

extension NamespaceKind {
  /// The specification's word for the same kind.
  init(_ kind: RuntimeSpec.Namespace.Kind) {
    self =
      switch kind {
      case .pid: .pid
      case .network: .network
      case .mount: .mount
      case .ipc: .ipc
      case .uts: .uts
      case .user: .user
      case .cgroup: .cgroup
      case .time: .time
      }
  }
}

/// A container's terminal in a devpts instance of its own.
struct PreparedTerminal {
  /// The instance, detached until the child mounts it at `/dev/pts`.
  let mount: Descriptor
  let pair: PseudoTerminal

  /// Makes the instance with the options of the spec's devpts mount, and one pair in it.
  init(mounts: [RuntimeSpec.Mount], process: RuntimeSpec.Process) throws(RuntimeError) {
    let devpts = mounts.last { $0.type == "devpts" }
    let options = try MountOptions(devpts?.options ?? [], destination: devpts?.destination ?? "/dev/pts")
    let size = process.consoleSize
    (mount, pair) = try during("make a terminal") { () throws -> (Descriptor, PseudoTerminal) in
      let context = try FileSystemContext("devpts")
      try context.set("source", "devpts")
      for option in options.data where option != "newinstance" { try context.set(option: option) }
      let mount = try context.mount(options.set)
      let pair = try PseudoTerminal(in: mount)
      if let size { try pair.master.setWindowSize(WindowSize(rows: size.height, columns: size.width)) }
      return (mount, pair)
    }
    // The program owns its terminal, as login(1) would see to.
    let user = process.user
    _ = fchown(pair.slave.raw, user.uid, gid_t.max)
  }
}

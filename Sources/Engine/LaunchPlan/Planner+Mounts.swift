import OCI

extension Planner {
  /// Docker's mounts, and over them the user's, the shallow ones first so that none hides another.
  func mounts() throws(LaunchPlanError) -> [RuntimeSpec.Mount] {
    let own = try ownMounts()
    let destinations = Set(own.map { ContainerPath.clean($0.destination) })
    let defaults = defaultMounts.filter { mount in
      if destinations.contains(mount.destination) { return false }
      return !(destinations.contains("/dev") && mount.destination.hasPrefix("/dev/"))
    }
    let sorted = own.enumerated().sorted { left, right in
      let depths = (ContainerPath.depth(left.element.destination), ContainerPath.depth(right.element.destination))
      return depths.0 == depths.1 ? left.offset < right.offset : depths.0 < depths.1
    }
    return defaults + sorted.map(\.element)
  }

  /// The file systems of the kernel, as Docker mounts them. A privileged container may write what others only read.
  private var defaultMounts: [RuntimeSpec.Mount] {
    let isPrivileged = spec.security.isPrivileged
    let readsSys = isPrivileged ? [] : ["ro"]
    let readsCgroups = spec.security.hasWritableCgroups ?? isPrivileged ? [] : ["ro"]
    let secure = ["nosuid", "noexec", "nodev"]
    typealias Mount = RuntimeSpec.Mount
    var mounts = [
      Mount(destination: "/proc", type: "proc", source: "proc", options: secure),
      Mount(
        destination: "/dev", type: "tmpfs", source: "tmpfs",
        options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
      Mount(
        destination: "/dev/pts", type: "devpts", source: "devpts",
        options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
      Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: secure + readsSys),
      Mount(destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: readsCgroups + secure),
      Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: secure),
    ]
    if spec.namespaces.ipc != .none {
      let bytes = spec.resources.sharedMemoryBytes
      let size = bytes == 0 ? ResourceSpec.sharedMemoryBytesDefault : bytes
      mounts.append(
        Mount(
          destination: "/dev/shm", type: "tmpfs", source: "shm", options: secure + ["mode=1777", "size=\(size)"]))
    }
    return mounts
  }

  /// What is mounted beyond the defaults, in the order in which it was asked for.
  private func ownMounts() throws(LaunchPlanError) -> [RuntimeSpec.Mount] {
    var mounts: [RuntimeSpec.Mount] = []
    var files = networkFiles
    var hasSharedMemory = false
    for mount in spec.mounts {
      let destination = ContainerPath.clean(mount.destination)
      hasSharedMemory = hasSharedMemory || destination == "/dev/shm"
      if let index = files.firstIndex(where: { $0.destination == destination }), mount.kind.isOnHost {
        // Docker keeps the mount of its file, with another source.
        files[index].source = try source(of: mount)
        files[index].isReadOnly = mount.isReadOnly
      } else {
        mounts.append(try runtimeMount(mount))
      }
    }
    if !hasSharedMemory, let shared = try sharedMemory() {
      mounts.append(bind(shared, at: "/dev/shm", isReadOnly: false))
    }
    return mounts + files.map { bind($0.source, at: $0.destination, isReadOnly: $0.isReadOnly) }
  }

  private var networkFiles: [(destination: String, source: String, isReadOnly: Bool)] {
    let isReadOnly = spec.security.isRootReadOnly
    return [
      ("/etc/resolv.conf", inputs.files.resolvConf, isReadOnly), ("/etc/hostname", inputs.files.hostname, isReadOnly),
      ("/etc/hosts", inputs.files.hosts, isReadOnly),
    ]
  }

  private func sharedMemory() throws(LaunchPlanError) -> String? {
    switch spec.namespaces.ipc {
    case .own, .none: return nil
    case .shareable: return inputs.joined.sharedMemory
    case .host: return "/dev/shm"
    case .container:
      guard let shared = inputs.joined.sharedMemory else {
        throw .unsupported("--ipc container:… without its /dev/shm")
      }
      return shared
    }
  }

  private func runtimeMount(_ mount: MountSpec) throws(LaunchPlanError) -> RuntimeSpec.Mount {
    let destination = ContainerPath.clean(mount.destination)
    switch mount.kind {
    case .tmpfs(let tmpfs):
      return RuntimeSpec.Mount(
        destination: destination, type: "tmpfs", source: "tmpfs",
        options: try tmpfs.mountOptions(isReadOnly: mount.isReadOnly))
    case .volume:
      return RuntimeSpec.Mount(
        destination: destination, type: "bind", source: try source(of: mount),
        options: ["rbind"] + (mount.isReadOnly ? [readOnlyTree] : []))
    case .bind(let bind):
      var options = [bind.isNonRecursive ? "bind" : "rbind"]
      if mount.isReadOnly { options.append(try bind.readOnlyReach.option(ifPossible: readOnlyTree)) }
      options.append((bind.propagation ?? .recursivePrivate).rawValue)
      return RuntimeSpec.Mount(destination: destination, type: "bind", source: bind.source, options: options)
    }
  }

  /// A bind mount of Docker's own making.
  private func bind(_ source: String, at destination: String, isReadOnly: Bool) -> RuntimeSpec.Mount {
    RuntimeSpec.Mount(
      destination: destination, type: "bind", source: source,
      options: ["rbind"] + (isReadOnly ? [readOnlyTree] : []) + ["rprivate"])
  }

  private func source(of mount: MountSpec) throws(LaunchPlanError) -> String {
    switch mount.kind {
    case .bind(let bind): return bind.source
    case .tmpfs: return "tmpfs"
    case .volume(let volume):
      guard let path = inputs.volumes[mount.destination] else {
        throw .missing("volume \"\(volume.name)\" for \"\(mount.destination)\" is not there")
      }
      return path
    }
  }

  /// `rro` where mount_setattr(2) exists, which can make a whole tree read-only.
  private var readOnlyTree: String { host.kernel >= KernelVersion(5, 12) ? "rro" : "ro" }

  /// A mount can only stay shared with the host if the root that it is on is.
  var rootPropagation: String {
    var propagation = ""
    for mount in spec.mounts {
      guard case .bind(let bind) = mount.kind else { continue }
      switch bind.propagation {
      case .shared, .recursiveShared: return "shared"
      case .slave, .recursiveSlave: propagation = "rslave"
      case .private, .recursivePrivate, nil: break
      }
    }
    return propagation
  }
}

extension MountSpec.Kind {
  /// Whether it is a file or directory of the host.
  fileprivate var isOnHost: Bool {
    if case .tmpfs = self { false } else { true }
  }
}

extension MountSpec.ReadOnlyReach {
  fileprivate func option(ifPossible option: String) throws(LaunchPlanError) -> String {
    switch self {
    case .topOnly: return "ro"
    case .allIfPossible: return option
    case .all:
      if option == "rro" { return option }
      throw .invalid("bind-recursive=readonly needs Linux 5.12 or newer")
    }
  }
}

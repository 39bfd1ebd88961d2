import Glibc
import Linux

/// Attaches the mounts of the spec inside the container. Runs in the child, in the container's namespaces, before the
/// root becomes `/`.
struct MountSetup {
  let root: ContainerRootDirectory
  let cgroupMounts: [CgroupMount]

  /// Attaches `mount` where it belongs.
  func attach(_ mount: PreparedMount) throws(RuntimeError) {
    try during("mount \"\(mount.destination)\"") {
      try refuseOverProc(mount)
      switch mount.source {
      case .tree(let tree, let isDirectory): try attachTree(tree, isDirectory: isDirectory, mount)
      case .fileSystem(let type, let name): try attachFileSystem(type, name: name, mount)
      case .detached(let detached):
        let target = try root.mountTarget(mount.destination, isDirectory: true)
        try detached.attachMount(on: target, mount.destination)
      case .cgroup: try attachCgroups(mount)
      }
    }
  }

  /// Refuses what would cover the kernel's own files in `/proc`, as a volume of a hostile image can: masks, read-only
  /// paths and security labels would then be written to files of its making (CVE-2019-19921).
  private func refuseOverProc(_ mount: PreparedMount) throws {
    if try mount.isProc() { return }
    let path = ContainerRootDirectory.clean(mount.destination)
    if path == ["proc"] {
      throw RuntimeError(.invalid, "\"\(mount.destination)\" cannot be mounted because it is not of type proc")
    }
    // The kind of file system shows it whatever links lead there.
    guard let target = try? root.open(mount.destination), try target.fileSystem().kind == .proc,
      !MountSetup.replaceableProcFiles.contains(path.joined(separator: "/"))
    else { return }
    throw RuntimeError(.invalid, "\"\(mount.destination)\" cannot be mounted because it is inside /proc")
  }

  /// Those that tell of the whole machine; lxcfs and the like put a container's own figures there.
  private static let replaceableProcFiles: Set<String> = [
    "proc/cpuinfo", "proc/diskstats", "proc/meminfo", "proc/stat", "proc/swaps", "proc/uptime", "proc/loadavg",
    "proc/slabinfo", "proc/net/dev", "proc/sys/kernel/ns_last_pid", "proc/sys/crypto/fips_enabled",
  ]

  private func attachTree(_ tree: Descriptor, isDirectory: Bool, _ mount: PreparedMount) throws(SyscallError) {
    let options = mount.options
    let target = try root.mountTarget(mount.destination, isDirectory: isDirectory)
    // A clone still belongs to its source's peer group: without an option it must not send our mounts to the host.
    try tree.setMountAttributes(
      propagation: options.propagation ?? .slave,
      isRecursive: options.propagation == nil || options.isPropagationRecursive)
    if !options.set.isEmpty || !options.clear.isEmpty {
      try tree.setMountAttributes(options.set, clear: options.clear)
    }
    if !options.recursiveSet.isEmpty || !options.recursiveClear.isEmpty {
      try tree.setMountAttributes(options.recursiveSet, clear: options.recursiveClear, isRecursive: true)
    }
    try tree.attachMount(on: target, mount.destination)
  }

  private func attachFileSystem(_ type: String, name: String, _ mount: PreparedMount) throws(SyscallError) {
    // A link in the image at /proc or /sys would have us mask and protect paths of something else.
    let isKernelView = type == "proc" || type == "sysfs"
    // Only of what the image has itself: a directory that we make says nothing.
    let covered = type == "tmpfs" ? try? root.open(mount.destination, O_RDONLY | O_DIRECTORY) : nil
    let target = try root.mountTarget(
      mount.destination, isDirectory: true, isKernelView ? [.confined, .noSymlinks] : .confined)
    let context = try FileSystemContext(type)
    if !name.isEmpty { try context.set("source", name) }
    if let covered, !mount.options.data.contains(where: { $0.hasPrefix("mode=") }) {
      // As runc does: a tmpfs over /run is no more open than the image's /run was.
      try context.set("mode", String(covered.status().permissions, radix: 8))
    }
    for option in mount.options.data { try context.set(option: option) }
    var attributes = mount.options.set.union(mount.options.recursiveSet)
    // Devices are made in /dev first; `ContainerInit` makes it read-only at the end.
    if mount.destination == "/dev" { attributes.remove(.readOnly) }
    let copies = mount.options.copiesUp ? covered : nil
    let made = try context.mount(copies == nil ? attributes : attributes.subtracting(.readOnly))
    if let copies {
      try TreeCopy.copy(copies, to: made)
      if attributes.contains(.readOnly) { try made.setMountAttributes(.readOnly) }
    }
    try made.attachMount(on: target, mount.destination)
    if let propagation = mount.options.propagation { try made.setMountAttributes(propagation: propagation) }
  }

  /// v2: one mount. v1: a tmpfs with one mount for each hierarchy, seen from the container's cgroup namespace.
  private func attachCgroups(_ mount: PreparedMount) throws(SyscallError) {
    let target = try root.mountTarget(mount.destination, isDirectory: true)
    if let unified = cgroupMounts.first(where: { $0.isUnified }), cgroupMounts.count == 1 {
      return try unified.make(mount.options.set).attachMount(on: target, mount.destination)
    }
    let context = try FileSystemContext("tmpfs")
    try context.set("source", "tmpfs")
    try context.set("mode", "755")
    let holder = try context.mount(mount.options.set.subtracting(.readOnly))
    try holder.attachMount(on: target, mount.destination)
    for hierarchy in cgroupMounts where !hierarchy.isUnified {
      try makeDirectory(hierarchy.name, at: .directory(holder))
      let place = try open(hierarchy.name, at: .directory(holder), O_PATH)
      try hierarchy.make(mount.options.set).attachMount(on: place, "\(mount.destination)/\(hierarchy.name)")
      for link in hierarchy.links { try symlink(hierarchy.name, link, at: .directory(holder)) }
    }
    if mount.options.set.contains(.readOnly) { try holder.setMountAttributes(.readOnly) }
  }
}

extension PreparedMount {
  /// Whether a procfs is mounted, a new one or one of the host's.
  fileprivate func isProc() throws(SyscallError) -> Bool {
    switch source {
    case .tree(let tree, _): try tree.fileSystem().kind == .proc
    case .fileSystem(let type, _): type == "proc"
    case .cgroup, .detached: false
    }
  }
}

extension FileSystemContext {
  /// Sets `key=value`, or the flag `key`.
  func set(option: String) throws(SyscallError) {
    guard let equals = option.firstIndex(of: "=") else { return try set(option) }
    try set(String(option[..<equals]), String(option[option.index(after: equals)...]))
  }
}

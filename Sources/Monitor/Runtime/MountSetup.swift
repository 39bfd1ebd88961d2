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
    let target = try root.mountTarget(
      mount.destination, isDirectory: true, isKernelView ? [.confined, .noSymlinks] : .confined)
    let context = try FileSystemContext(type)
    if !name.isEmpty { try context.set("source", name) }
    for option in mount.options.data { try context.set(option: option) }
    var attributes = mount.options.set
    // Devices are made in /dev first; `ContainerInit` makes it read-only at the end.
    if mount.destination == "/dev" { attributes.remove(.readOnly) }
    let made = try context.mount(attributes)
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

extension FileSystemContext {
  /// Sets `key=value`, or the flag `key`.
  func set(option: String) throws(SyscallError) {
    guard let equals = option.firstIndex(of: "=") else { return try set(option) }
    try set(String(option[..<equals]), String(option[option.index(after: equals)...]))
  }
}

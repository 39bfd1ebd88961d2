import Cgroups
import Linux

/// One cgroup hierarchy as it appears in a container.
struct CgroupMount: Sendable {
  /// Its directory below `/sys/fs/cgroup`: `memory`, or `cpu,cpuacct`.
  let name: String
  let isUnified: Bool
  /// Mount options that select it: its controllers, or `none` and `name=systemd`.
  let options: [String]
  /// Other names: `cpu` for `cpu,cpuacct`.
  let links: [String]

  /// v1 without a cgroup namespace: a clone of the container's own directory, since a new mount would show the host's.
  let subtree: Descriptor?

  /// Those of `hierarchy`.
  ///
  /// - Parameter cgroup: the container's, when it has no cgroup namespace. On v1 it then sees nothing outside of it; on
  ///   v2 it sees the host's tree, as with runc.
  static func all(
    of hierarchy: CgroupHierarchy, confinedTo cgroup: (any Cgroup)?
  ) throws(SyscallError) -> [CgroupMount] {
    guard case .legacy(let mounts) = hierarchy else {
      return [CgroupMount(name: "", isUnified: true, options: [], links: [], subtree: nil)]
    }
    var all: [CgroupMount] = []
    for mount in mounts {
      let name = mount.root.split(separator: "/").last.map(String.init) ?? ""
      all.append(
        CgroupMount(
          name: name, isUnified: false, options: mount.controllers, links: mount.controllers.filter { $0 != name },
          subtree: try cgroup.map { cgroup throws(SyscallError) in try cloneMount(mount.root + cgroup.path) }))
    }
    return all
  }

  /// Mounts the hierarchy, detached, as the calling process's cgroup namespace shows it.
  func make(_ attributes: MountAttributes) throws(SyscallError) -> Descriptor {
    if let subtree {
      try subtree.setMountAttributes(attributes, propagation: .slave, isRecursive: true)
      return subtree
    }
    let context = try FileSystemContext(isUnified ? "cgroup2" : "cgroup")
    try context.set("source", "cgroup")
    for option in options { try context.set(option: option) }
    return try context.mount(attributes)
  }
}

extension CgroupHierarchy {
  /// Whether it is version 2.
  var isUnified: Bool {
    if case .unified = self { true } else { false }
  }
}

import Cgroups
import Linux

/// One cgroup hierarchy as it appears in a container.
struct CgroupMount: Equatable, Sendable {
  /// Its directory below `/sys/fs/cgroup`: `memory`, or `cpu,cpuacct`.
  let name: String
  let isUnified: Bool
  /// Mount options that select it: its controllers, or `none` and `name=systemd`.
  let options: [String]
  /// Other names: `cpu` for `cpu,cpuacct`.
  let links: [String]

  /// Those of `hierarchy`.
  static func all(of hierarchy: CgroupHierarchy) -> [CgroupMount] {
    switch hierarchy {
    case .unified: [CgroupMount(name: "", isUnified: true, options: [], links: [])]
    case .legacy(let mounts):
      mounts.map { mount in
        let name = mount.root.split(separator: "/").last.map(String.init) ?? ""
        return CgroupMount(
          name: name, isUnified: false, options: mount.controllers, links: mount.controllers.filter { $0 != name })
      }
    }
  }

  /// Mounts the hierarchy, detached, as the calling process's cgroup namespace shows it.
  func make(_ attributes: MountAttributes) throws(SyscallError) -> Descriptor {
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

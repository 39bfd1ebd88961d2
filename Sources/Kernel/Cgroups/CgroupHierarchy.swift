import Linux

/// The cgroup file systems of this host.
package enum CgroupHierarchy: Equatable, Sendable {
  /// cgroup v2: one tree for all controllers, mounted at `root`.
  case unified(root: String)
  /// cgroup v1: a tree for each controller or group of controllers. In hybrid mode there is a v2 tree besides, without
  /// the controllers that matter, and we leave it alone.
  case legacy([LegacyMount])

  /// A mounted v1 tree.
  package struct LegacyMount: Equatable, Sendable {
    /// `["cpu", "cpuacct"]` where the two are mounted together.
    package let controllers: [String]
    package let root: String

    /// Says that `controllers` are mounted at `root`.
    package init(controllers: [String], root: String) {
      self.controllers = controllers
      self.root = root
    }
  }

  /// Finds out how this host mounts its cgroups.
  package static func detect() throws(CgroupError) -> CgroupHierarchy {
    let mountInfo = try system { () throws(SyscallError) in try readText("/proc/self/mountinfo") }
    let membership = try system { () throws(SyscallError) in try readText("/proc/self/cgroup") }
    guard let found = CgroupHierarchy(mountInfo: mountInfo, membership: membership) else { throw .noHierarchy }
    return found
  }

  /// Reads the two tables of proc(5): the mounts, and the hierarchies with their controllers.
  package init?(mountInfo: String, membership: String) {
    // "4:cpu,cpuacct:/path"; the controllers are missing of v2 ("0::/") and say `name=` of a tree without any.
    var known: Set<Substring> = []
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      if fields.count == 3 { known.formUnion(fields[1].split(separator: ",").filter { !$0.hasPrefix("name=") }) }
    }
    var legacy: [LegacyMount] = []
    var unified: String?
    for line in mountInfo.split(separator: "\n") {
      guard let mount = Mount(line) else { continue }
      if mount.type == "cgroup2" { unified = unified ?? mount.point }
      guard mount.type == "cgroup" else { continue }
      let controllers = mount.options.filter(known.contains).map(String.init)
      let isNew = !legacy.contains { $0.controllers == controllers }
      if !controllers.isEmpty, isNew { legacy.append(LegacyMount(controllers: controllers, root: mount.point)) }
    }
    // Some VPN programs mount net_cls as v1 on a host that is otherwise all v2: these two controllers decide.
    if legacy.contains(where: { $0.controllers.contains("memory") || $0.controllers.contains("devices") }) {
      self = .legacy(legacy)
    } else if let unified {
      self = .unified(root: unified)
    } else {
      return nil
    }
  }

  /// The cgroup at `path`, such as `/skiff/3f2a…`, whether it is there or not.
  package func cgroup(at path: String) throws(CgroupError) -> any Cgroup {
    let components = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    let isGood = components.allSatisfy { !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }
    guard path.hasPrefix("/"), !components.isEmpty, isGood else { throw .invalidPath(path) }
    switch self {
    case .unified(let root): return UnifiedCgroup(root: root, path: path, components: components)
    case .legacy(let mounts): return LegacyCgroup(mounts: mounts, path: path, components: components)
    }
  }

  /// The names of the cgroups right below `path`, in any tree; none when it is not there.
  package func children(of path: String) throws(CgroupError) -> Set<String> {
    let roots =
      switch self {
      case .unified(let root): [root]
      case .legacy(let mounts): mounts.map(\.root)
      }
    var names: Set<String> = []
    for root in roots { names.formUnion(try ControlDirectory(path: root + path).children()) }
    return names
  }

  /// The controllers that cgroups of ours can have, sorted.
  package func controllers() throws(CgroupError) -> [String] {
    switch self {
    case .unified(let root): try ControlDirectory(path: root).words("cgroup.controllers").sorted()
    case .legacy(let mounts): mounts.flatMap(\.controllers).sorted()
    }
  }
}

/// A line of mountinfo: `36 31 0:33 / /sys/fs/cgroup/devices rw,relatime shared:1 - cgroup cgroup rw,devices`.
private struct Mount {
  let point: String
  let type: Substring
  let options: [Substring]

  init?(_ line: Substring) {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else { return nil }
    point = unescaped(fields[4])
    type = fields[dash + 1]
    options = fields[dash + 3].split(separator: ",")
  }
}

/// Undoes the kernel's `\040` for the bytes that would break the table.
private func unescaped(_ field: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = field.utf8[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let code = UInt8(String(Substring(rest.prefix(3))), radix: 8) else {
      bytes.append(byte)
      continue
    }
    bytes.append(code)
    rest = rest.dropFirst(3)
  }
  return String(decoding: bytes, as: UTF8.self)
}

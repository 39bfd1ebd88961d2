import Linux
import OCI

extension RuntimeSpec {
  /// Refuses a spec that contradicts itself, or that would change something of the host: a name or a sysctl that
  /// belongs to a namespace which the container shares with it.
  func refuseContradictions(joining others: GivenObjects) throws(RuntimeError) {
    try process?.refuseContradictions()
    let namespaces = linux?.namespaces ?? []
    if let twice = namespaces.first(where: { one in namespaces.filter { $0.type == one.type }.count > 1 }) {
      throw RuntimeError(.invalid, "linux.namespaces has two of type \"\(twice.type.rawValue)\"")
    }
    if !hostname.isEmpty || !domainname.isEmpty, try !isOwn(.uts, others) {
      throw RuntimeError(.invalid, "cannot set a host name without a uts namespace of the container's own")
    }
    for key in (linux?.sysctl ?? [:]).keys.sorted() { try refuseSharedSysctl(key, others) }
    try refuseZeroBytes(
      mounts.flatMap { [$0.source, $0.destination] + $0.options } + (linux?.maskedPaths ?? [])
        + (linux?.readonlyPaths ?? []) + (linux?.devices ?? []).map(\.path) + namespaces.map(\.path)
        + [root?.path ?? "", hostname, domainname])
  }

  /// Whether the container has a namespace of this kind that is not the host's.
  private func isOwn(_ kind: Namespace.Kind, _ others: GivenObjects) throws(RuntimeError) -> Bool {
    guard let namespace = linux?.namespaces.first(where: { $0.type == kind }) else { return false }
    let given = others[NamespaceKind(kind)]
    if namespace.path.isEmpty, given == nil { return true }
    return try during("look at the \(kind.rawValue) namespace \"\(namespace.path)\"") {
      let ours = try status(of: "/proc/self/ns/\(NamespaceKind(kind).fileName)")
      let joined = try given?.status() ?? status(of: namespace.path)
      return (joined.fileSystem, joined.inode) != (ours.fileSystem, ours.inode)
    }
  }

  /// The kernel keeps these apart for each namespace; all others are the host's: sysctl(5), namespaces(7).
  private func refuseSharedSysctl(_ key: String, _ others: GivenObjects) throws(RuntimeError) {
    let parts = key.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "/" }
    // A dot inside of a name stands between slashes (net/ipv4/conf/eth0.1); empty ones would be "..".
    guard !key.isEmpty, !parts.contains("") else { throw RuntimeError(.invalid, "invalid sysctl \"\(key)\"") }
    let name = parts.joined(separator: ".")
    let kind: Namespace.Kind?
    if parts[0] == "net" {
      kind = .network
    } else if name.hasPrefix("fs.mqueue.") || RuntimeSpec.ipcSysctls.contains(name) {
      kind = .ipc
    } else if name == "kernel.domainname" {
      kind = .uts
    } else {
      kind = nil
    }
    guard let kind, try isOwn(kind, others) else {
      throw RuntimeError(.invalid, "sysctl \"\(key)\" is not in a separate kernel namespace")
    }
  }

  private static let ipcSysctls: Set<String> = [
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
    "kernel.shmmni", "kernel.shm_rmid_forced",
  ]
}

extension RuntimeSpec.Process {
  /// The same for what a process of a container and one that enters it have in common.
  func refuseContradictions() throws(RuntimeError) {
    guard cwd.hasPrefix("/") else {
      throw RuntimeError(.invalid, "the working directory \"\(cwd)\" is not an absolute path")
    }
    try refuseZeroBytes(args + env + [cwd])
  }
}

/// The kernel's strings end at a zero byte: what we looked at would not be what it gets.
private func refuseZeroBytes(_ texts: [String]) throws(RuntimeError) {
  guard let text = texts.first(where: { $0.utf8.contains(0) }) else { return }
  throw RuntimeError(.invalid, "\"\(text.replacing("\0", with: "\\0"))\" contains a zero byte")
}

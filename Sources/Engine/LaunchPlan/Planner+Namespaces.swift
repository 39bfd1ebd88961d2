import OCI

extension Planner {
  /// The namespaces that are made and those that are joined; what is left out is the host's.
  func namespaces() throws(LaunchPlanError) -> [RuntimeSpec.Namespace] {
    let joined = inputs.joined
    var namespaces = [RuntimeSpec.Namespace(type: .mount)]
    switch spec.network.mode {
    case .default, .none: namespaces.append(RuntimeSpec.Namespace(type: .network))
    case .host: break
    case .container(let id): namespaces.append(try joining(.network, joined.network, id))
    }
    if spec.namespaces.uts == .own { namespaces.append(RuntimeSpec.Namespace(type: .uts)) }
    switch spec.namespaces.process {
    case .own: namespaces.append(RuntimeSpec.Namespace(type: .pid))
    case .host: break
    case .container(let id): namespaces.append(try joining(.pid, joined.process, id))
    }
    switch spec.namespaces.ipc {
    case .own, .shareable, .none: namespaces.append(RuntimeSpec.Namespace(type: .ipc))
    case .host: break
    case .container(let id): namespaces.append(try joining(.ipc, joined.ipc, id))
    }
    if spec.namespaces.cgroup == .own { namespaces.append(RuntimeSpec.Namespace(type: .cgroup)) }
    return namespaces
  }

  private func joining(
    _ type: RuntimeSpec.Namespace.Kind, _ path: String?, _ id: String
  ) throws(LaunchPlanError) -> RuntimeSpec.Namespace {
    guard let path else {
      throw .missing("cannot join the \(type.rawValue) namespace of container \(id.prefix(12)): it is not running")
    }
    return RuntimeSpec.Namespace(type: type, path: path)
  }

  /// The kernel parameters: Docker's two for a network of its own, and the user's, which win.
  ///
  /// - Throws: `invalid`, with runc's texts, for a parameter that is not the container's alone: setting it would set
  ///   the host's.
  func sysctls() throws(LaunchPlanError) -> [String: String] {
    var sysctls: [String: String] = [:]
    if spec.network.mode.isOwn {
      // What CAP_NET_RAW and CAP_NET_BIND_SERVICE would allow anyway, also for a user without capabilities.
      sysctls["net.ipv4.ping_group_range"] = "0 2147483647"
      sysctls["net.ipv4.ip_unprivileged_port_start"] = "0"
    }
    for (name, value) in spec.devices.sysctls.sorted(by: { $0.key < $1.key }) {
      try checkNamespace(ofSysctl: name)
      sysctls[name] = value
    }
    let domainname = domainname
    if !domainname.isEmpty {
      // setdomainname(2) by another name, which Docker uses because the specification once had no field for it.
      try checkNamespace(ofSysctl: "kernel.domainname")
      sysctls["kernel.domainname"] = domainname
    }
    return sysctls
  }

  private var domainname: String {
    if case .container = spec.network.mode { return inputs.joined.domainname }
    return spec.network.domainname
  }

  private func checkNamespace(ofSysctl name: String) throws(LaunchPlanError) {
    // `net/ipv4/ip_forward` is another spelling of the same parameter, and `..` would be another one.
    guard !name.contains("/"), !name.split(separator: ".", omittingEmptySubsequences: false).contains("") else {
      throw .invalid("sysctl \"\(name)\" is not in a separate kernel namespace")
    }
    if name.hasPrefix("net.") {
      if spec.network.mode == .host { throw .invalid("sysctl \"\(name)\" not allowed in host network namespace") }
    } else if Self.ipcSysctls.contains(name) || name.hasPrefix("fs.mqueue.") {
      if spec.namespaces.ipc == .host {
        throw .invalid("sysctl \"\(name)\" is not allowed in the hosts ipc namespace")
      }
    } else if name == "kernel.hostname" {
      throw .invalid("sysctl \"\(name)\" is not allowed as it conflicts with the OCI \"hostname\" field")
    } else if name != "kernel.domainname" || spec.namespaces.uts == .host {
      throw .invalid("sysctl \"\(name)\" is not in a separate kernel namespace")
    }
  }

  /// ipc_namespaces(7).
  private static let ipcSysctls: Set = [
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
    "kernel.shmmni", "kernel.shm_rmid_forced",
  ]
}

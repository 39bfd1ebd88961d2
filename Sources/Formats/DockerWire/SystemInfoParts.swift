/// The drivers an engine has.
package struct PluginsInfo: WireStruct {
  package var volume: [String]?
  package var network: [String]?
  package var authorization: [String]?
  package var log: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<PluginsInfo>] = [
    WireField("Volume", \.volume),
    WireField("Network", \.network),
    WireField("Authorization", \.authorization),
    WireField("Log", \.log),
  ]
}

/// A runtime that containers can be run by.
package struct RuntimeInfo: WireStruct {
  package var path = ""
  package var runtimeArgs: [String]?
  package var status: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<RuntimeInfo>] = [
    WireField("path", \.path, .omitEmpty),
    WireField("runtimeArgs", \.runtimeArgs, .omitEmpty),
    WireField("status", \.status, .omitEmpty),
  ]
}

/// The source that a program was built from.
package struct Commit: WireStruct {
  package var id = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Commit>] = [
    WireField("ID", \.id)
  ]
}

/// A range from which networks get theirs.
package struct AddressPool: WireStruct {
  package var base = ""
  package var size = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<AddressPool>] = [
    WireField("Base", \.base),
    WireField("Size", \.size),
  ]
}

/// Who writes the firewall rules.
package struct FirewallInfo: WireStruct {
  package var driver = ""
  package var info: [[String]]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<FirewallInfo>] = [
    WireField("Driver", \.driver),
    WireField("Info", \.info, .omitEmpty),
  ]
}

/// Where Docker's containerd is.
package struct ContainerdInfo: WireStruct {
  package var address = ""
  package var namespaces = ContainerdNamespaces()

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerdInfo>] = [
    WireField("Address", \.address, .omitEmpty),
    WireField("Namespaces", \.namespaces),
  ]
}

/// Under which names containerd keeps what is Docker's.
package struct ContainerdNamespaces: WireStruct {
  package var containers = ""
  package var plugins = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerdNamespaces>] = [
    WireField("Containers", \.containers),
    WireField("Plugins", \.plugins),
  ]
}

/// How registries are reached.
package struct RegistryConfig: WireStruct {
  package var indexConfigs: [String: RegistryIndex]?
  package var insecureRegistryCIDRs: [String]?
  package var mirrors: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<RegistryConfig>] = [
    WireField("IndexConfigs", \.indexConfigs),
    WireField("InsecureRegistryCIDRs", \.insecureRegistryCIDRs),
    WireField("Mirrors", \.mirrors),
  ]
}

/// How one registry is reached.
package struct RegistryIndex: WireStruct {
  package var mirrors: [String]?
  package var name = ""
  package var official = false
  package var secure = false

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<RegistryIndex>] = [
    WireField("Mirrors", \.mirrors),
    WireField("Name", \.name),
    WireField("Official", \.official),
    WireField("Secure", \.secure),
  ]
}

/// The state of Docker's cluster mode, which is inactive.
package struct SwarmInfo: WireStruct {
  package var nodeID = ""
  package var nodeAddr = ""
  package var localNodeState = ""
  package var controlAvailable = false
  package var error = ""
  package var remoteManagers: JSONValue = .null

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<SwarmInfo>] = [
    WireField("NodeID", \.nodeID),
    WireField("NodeAddr", \.nodeAddr),
    WireField("LocalNodeState", \.localNodeState),
    WireField("ControlAvailable", \.controlAvailable),
    WireField("Error", \.error),
    WireField("RemoteManagers", \.remoteManagers),
  ]
}

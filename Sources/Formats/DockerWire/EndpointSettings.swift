/// The networks a container is to join at its start.
package struct NetworkingConfig: WireStruct {
  package var endpointsConfig: [String: EndpointSettings?]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<NetworkingConfig>] = [
    WireField("EndpointsConfig", \.endpointsConfig)
  ]
}

/// A container's place in a network.
package struct EndpointSettings: WireStruct {
  package var ipamConfig: EndpointAddresses?
  package var links: [String]?
  package var aliases: [String]?
  package var macAddress = ""
  package var driverOpts: [String: String]?
  package var gwPriority = 0
  package var networkID = ""
  package var endpointID = ""
  package var gateway = ""
  package var ipAddress = ""
  package var ipPrefixLen = 0
  package var iPv6Gateway = ""
  package var globalIPv6Address = ""
  package var globalIPv6PrefixLen = 0
  package var dnsNames: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<EndpointSettings>] = [
    WireField("IPAMConfig", \.ipamConfig),
    WireField("Links", \.links),
    WireField("Aliases", \.aliases),
    WireField("MacAddress", \.macAddress),
    WireField("DriverOpts", \.driverOpts),
    WireField("GwPriority", \.gwPriority),
    WireField("NetworkID", \.networkID),
    WireField("EndpointID", \.endpointID),
    WireField("Gateway", \.gateway),
    WireField("IPAddress", \.ipAddress),
    WireField("IPPrefixLen", \.ipPrefixLen),
    WireField("IPv6Gateway", \.iPv6Gateway),
    WireField("GlobalIPv6Address", \.globalIPv6Address),
    WireField("GlobalIPv6PrefixLen", \.globalIPv6PrefixLen),
    WireField("DNSNames", \.dnsNames),
  ]
}

/// Addresses that a container is to have.
package struct EndpointAddresses: WireStruct {
  package var iPv4Address = ""
  package var iPv6Address = ""
  package var linkLocalIPs: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<EndpointAddresses>] = [
    WireField("IPv4Address", \.iPv4Address, .omitEmpty),
    WireField("IPv6Address", \.iPv6Address, .omitEmpty),
    WireField("LinkLocalIPs", \.linkLocalIPs, .omitEmpty),
  ]
}

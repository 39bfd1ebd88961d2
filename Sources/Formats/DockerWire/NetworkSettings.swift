/// The networks of a container; the first members are those of the default bridge.
package struct NetworkSettings: WireStruct {
  package var bridge = ""
  package var sandboxID = ""
  package var sandboxKey = ""
  package var ports: [String: [PortBinding]?]?
  package var hairpinMode = false
  package var linkLocalIPv6Address = ""
  package var linkLocalIPv6PrefixLen = 0
  package var secondaryIPAddresses: JSONValue = .null
  package var secondaryIPv6Addresses: JSONValue = .null
  package var endpointID = ""
  package var gateway = ""
  package var globalIPv6Address = ""
  package var globalIPv6PrefixLen = 0
  package var ipAddress = ""
  package var ipPrefixLen = 0
  package var iPv6Gateway = ""
  package var macAddress = ""
  package var networks: [String: EndpointSettings]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<NetworkSettings>] = [
    WireField("Bridge", \.bridge),
    WireField("SandboxID", \.sandboxID),
    WireField("SandboxKey", \.sandboxKey),
    WireField("Ports", \.ports),
    WireField("HairpinMode", \.hairpinMode),
    WireField("LinkLocalIPv6Address", \.linkLocalIPv6Address),
    WireField("LinkLocalIPv6PrefixLen", \.linkLocalIPv6PrefixLen),
    WireField("SecondaryIPAddresses", \.secondaryIPAddresses),
    WireField("SecondaryIPv6Addresses", \.secondaryIPv6Addresses),
    WireField("EndpointID", \.endpointID),
    WireField("Gateway", \.gateway),
    WireField("GlobalIPv6Address", \.globalIPv6Address),
    WireField("GlobalIPv6PrefixLen", \.globalIPv6PrefixLen),
    WireField("IPAddress", \.ipAddress),
    WireField("IPPrefixLen", \.ipPrefixLen),
    WireField("IPv6Gateway", \.iPv6Gateway),
    WireField("MacAddress", \.macAddress),
    WireField("Networks", \.networks),
  ]
}

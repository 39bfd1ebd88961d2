import EngineClient

/// How the container reaches others and others reach it.
struct NetworkOptions {
  var networks: [NetworkFlag] = []
  var published: [String] = []
  var publishesAll = false
  var exposed: [String] = []
  var nameServers: [String] = []
  var resolverOptions: [String] = []
  var searchDomains: [String] = []
  var hosts: [String] = []
  var links: [String] = []
  var endpoint = EndpointOptions()

  static var flags: [Flag<NetworkOptions>] {
    [
      .values("add-host", nil, \.hosts, "list", "Line of /etc/hosts, as NAME:ADDRESS", hostLine),
      .values("dns", nil, \.nameServers, "list", "Name server") { (text) throws(FlagValueError) in
        guard isAddress(text) else { throw FlagValueError("IP address is not correctly formatted: \(text)") }
        return text
      },
      .list("dns-opt", nil, \.resolverOptions, "Option of resolv.conf").hidden,
      .list("dns-option", nil, \.resolverOptions, "Option of resolv.conf"),
      .values("dns-search", nil, \.searchDomains, "list", "Domain in which names are looked up") {
        (text) throws(FlagValueError) in
        let label = { (byte: UInt8) in byte.isLetterOrDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F }
        guard text == "." || !text.isEmpty && text.utf8.allSatisfy(label) else {
          throw FlagValueError("\(text) is not a valid domain")
        }
        return text
      },
      .list("expose", nil, \.exposed, "Port that it listens at, as PORT[-PORT][/PROTOCOL]"),
      .list("link", nil, \.links, "Container to link to, as NAME[:ALIAS]"),
      .values("net", nil, \.networks, "network", "The older name of --network", parseNetwork).hidden,
      .values("network", nil, \.networks, "network", "Network: none, host, container:NAME or a name", parseNetwork),
      .list("publish", "p", \.published, "Port for others to use, as [[ADDRESS:]PORT:]PORT_INSIDE[/PROTOCOL]"),
      .toggle("publish-all", "P", \.publishesAll, "Publish all exposed ports at free ports of the host"),
    ] + EndpointOptions.flags.map { $0.inside(\.endpoint) }
  }

  private static func parseNetwork(_ text: String) throws(FlagValueError) -> NetworkFlag { try NetworkFlag(text) }

  /// `NAME:ADDRESS` or `NAME=ADDRESS`; the address may be in brackets.
  private static func hostLine(_ text: String) throws(FlagValueError) -> String {
    let separator: Character = text.contains("=") ? "=" : ":"
    let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { throw FlagValueError("bad format for add-host: \"\(text)\"") }
    var address = parts[1]
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    guard address == "host-gateway" || isAddress(address) else {
      throw FlagValueError("invalid IP address in add-host: \"\(address)\"")
    }
    return "\(parts[0]):\(address)"
  }

  /// The mode of the API: the first network.
  var mode: String { networks.first?.target ?? "default" }

  /// `EndpointsConfig`: how the container is known in each network that is no other's namespace.
  func endpoints() -> JSONValue {
    let all = networks.isEmpty ? [NetworkFlag(target: "default")] : networks
    return .object(
      all.enumerated().compactMap { index, network in
        guard index > 0 || network.hasEndpoint || endpoint != EndpointOptions() else { return nil }
        return JSONValue.Member(network.target, network.document(index == 0 ? endpoint : EndpointOptions()))
      })
  }
}

/// How the container is known in its first network.
struct EndpointOptions: Equatable {
  var aliases: [String] = []
  var address = ""
  var address6 = ""
  var hardwareAddress = ""
  var linkLocal: [String] = []

  static var flags: [Flag<EndpointOptions>] {
    [
      .text("ip", nil, \.address, "IPv4 address"),
      .text("ip6", nil, \.address6, "IPv6 address"),
      .list("link-local-ip", nil, \.linkLocal, "Link-local address"),
      .text("mac-address", nil, \.hardwareAddress, "MAC address"),
      .list("net-alias", nil, \.aliases, "The older name of --network-alias").hidden,
      .list("network-alias", nil, \.aliases, "Name in the network besides its own"),
    ]
  }
}

/// One `--network`: a name, or `name=…,alias=…,ip=…`.
struct NetworkFlag: Equatable {
  var target: String
  private var endpoint = EndpointOptions()
  private var driverOptions: [String: String] = [:]
  private var gatewayPriority: Int64 = 0

  init(target: String) { self.target = target }

  /// Reads a name or a list of fields.
  init(_ text: String) throws(FlagValueError) {
    target = text
    guard text.contains("=") else { return }
    target = ""
    for field in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { throw FlagValueError("invalid field \(field)") }
      switch parts[0].lowercased() {
      case "name": target = parts[1]
      case "alias": endpoint.aliases.append(parts[1])
      case "ip": endpoint.address = parts[1]
      case "ip6": endpoint.address6 = parts[1]
      case "mac-address": endpoint.hardwareAddress = parts[1]
      case "link-local-ip": endpoint.linkLocal.append(parts[1])
      case "driver-opt": driverOptions.merge(assignments([parts[1]])) { $1 }
      case "gw-priority":
        guard let priority = Int64(parts[1]) else { throw FlagValueError("invalid gw-priority: \(parts[1])") }
        gatewayPriority = priority
      default: throw FlagValueError("invalid field key \(parts[0])")
      }
    }
  }

  /// Whether the container becomes a member of a network: not with the host's or another container's.
  var hasEndpoint: Bool { !["none", "host"].contains(target) && !target.hasPrefix("container:") }

  /// The endpoint as the API takes it, with what the flags beside `--network` say of it.
  func document(_ flags: EndpointOptions) -> JSONValue {
    let address = flags.address.isEmpty ? endpoint.address : flags.address
    let address6 = flags.address6.isEmpty ? endpoint.address6 : flags.address6
    let local = flags.linkLocal + endpoint.linkLocal
    var own: [JSONValue.Member] = []
    if !address.isEmpty { own.append(.init("IPv4Address", .string(address))) }
    if !address6.isEmpty { own.append(.init("IPv6Address", .string(address6))) }
    if !local.isEmpty { own.append(.init("LinkLocalIPs", JSONValue(local))) }
    let aliases = flags.aliases + endpoint.aliases
    let hardware = flags.hardwareAddress.isEmpty ? endpoint.hardwareAddress : flags.hardwareAddress
    let empty = JSONValue.string("")
    return .object([
      .init("IPAMConfig", own.isEmpty ? .null : .object(own)), .init("Links", .null),
      .init("Aliases", aliases.isEmpty ? .null : JSONValue(aliases)), .init("MacAddress", .string(hardware)),
      .init("DriverOpts", driverOptions.isEmpty ? .null : JSONValue(driverOptions)),
      .init("GwPriority", JSONValue(gatewayPriority)), .init("NetworkID", empty), .init("EndpointID", empty),
      .init("Gateway", empty), .init("IPAddress", empty), .init("IPPrefixLen", JSONValue(0)),
      .init("IPv6Gateway", empty), .init("GlobalIPv6Address", empty), .init("GlobalIPv6PrefixLen", JSONValue(0)),
      .init("DNSNames", .null),
    ])
  }
}

import EngineClient

/// The ports of `--publish` and `--expose`, as the API takes them.
struct PortFlags: Equatable {
  /// `80/tcp`, each once, in order.
  private(set) var exposed: [String] = []
  /// Where each is published, in the order of the flags.
  private(set) var bindings: [(port: String, address: String, host: String)] = []

  static func == (left: PortFlags, right: PortFlags) -> Bool {
    left.exposed == right.exposed && left.bindings.elementsEqual(right.bindings) { $0 == $1 }
  }

  /// Reads the flags.
  ///
  /// - Throws: `LaunchProblem` in Docker's words.
  init(published: [String], exposed: [String]) throws {
    for text in published { try publish(text.contains("=") ? Self.short(text) : text) }
    for text in exposed {
      let (range, transport) = try Self.transport(text)
      guard let ports = Self.ports(range) else { throw LaunchProblem("invalid range format for --expose: \(text)") }
      for port in ports { add("\(port)/\(transport)") }
    }
    self.exposed.sort()
  }

  private mutating func add(_ port: String) {
    if !exposed.contains(port) { exposed.append(port) }
  }

  /// `target=80,published=8080,protocol=udp` in the short form.
  private static func short(_ text: String) throws -> String {
    var fields: [String: String] = [:]
    for field in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, ["target", "published", "protocol", "mode"].contains(parts[0].lowercased()) else {
        throw LaunchProblem("invalid field \(field)")
      }
      fields[parts[0].lowercased()] = parts[1]
    }
    guard let target = fields["target"] else {
      throw LaunchProblem("invalid publish opts format (should be name=value but got '\(text)')")
    }
    return "\(fields["published"].map { "\($0):" } ?? "")\(target)/\(fields["protocol"] ?? "tcp")"
  }

  /// `[[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL]`, where ports may be ranges.
  private mutating func publish(_ text: String) throws {
    let (spec, transport) = try Self.transport(text)
    var parts = spec.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let container = parts.removeLast()
    let host = parts.popLast() ?? ""
    var address = parts.joined(separator: ":")
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    guard !container.isEmpty else { throw LaunchProblem("no port specified: \(text)<empty>") }
    guard address.isEmpty || isAddress(address) else { throw LaunchProblem("invalid IP address: \(address)") }
    guard let inside = Self.ports(container) else { throw LaunchProblem("invalid containerPort: \(container)") }
    guard host.isEmpty || Self.ports(host) != nil else { throw LaunchProblem("invalid hostPort: \(host)") }
    let outside = Self.ports(host)
    if let outside, outside.count != inside.count, inside.count != 1 {
      throw LaunchProblem("invalid ranges specified for container and host Ports: \(container) and \(host)")
    }
    for (index, port) in inside.enumerated() {
      add("\(port)/\(transport)")
      // One port inside and a range outside means any of the range.
      let chosen =
        outside.map { $0.count == inside.count ? "\($0.lowerBound + index)" : "\($0.lowerBound)-\($0.upperBound)" }
      bindings.append(("\(port)/\(transport)", address, chosen ?? ""))
    }
  }

  private static func transport(_ text: String) throws -> (rest: String, transport: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return (text, "tcp") }
    let transport = parts[1].lowercased()
    guard ["tcp", "udp", "sctp"].contains(transport) else { throw LaunchProblem("invalid proto: \(parts[1])") }
    return (parts[0], transport)
  }

  private static func ports(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
    guard let first = parts.first ?? nil, let last = parts.last ?? nil, first <= last else { return nil }
    return Int(first)...Int(last)
  }

  /// `ExposedPorts`; nil when there is none.
  var exposedDocument: JSONValue? {
    exposed.isEmpty ? nil : .object(exposed.map { JSONValue.Member($0, .object([])) })
  }

  /// `PortBindings`.
  var bindingsDocument: JSONValue {
    .object(
      Set(bindings.map(\.port)).sorted().map { port in
        let own = bindings.filter { $0.port == port }.map { binding in
          JSONValue.object([
            .init("HostIp", .string(binding.address)), .init("HostPort", .string(binding.host)),
          ])
        }
        return JSONValue.Member(port, .array(own))
      })
  }
}

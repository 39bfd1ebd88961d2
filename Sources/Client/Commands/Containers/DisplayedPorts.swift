import EngineClient

/// One published or exposed port of a container.
struct DisplayedPort: Comparable {
  let container: Int64
  let address: String
  let host: Int64
  let `protocol`: String

  /// Reads an entry of `Ports`.
  init(_ document: JSONValue) {
    container = document["PrivatePort"].integer
    address = document["IP"].text
    host = document["PublicPort"].integer
    self.protocol = document["Type"].text
  }

  static func < (left: DisplayedPort, right: DisplayedPort) -> Bool {
    (left.container, left.address, left.host, left.protocol)
      < (right.container, right.address, right.host, right.protocol)
  }
}

/// `0.0.0.0:8080->80/tcp, 9000-9001/udp`: neighbours on the same address become a range.
///
/// Ranges come in the order in which they end, those that are open to the last in the order of their first port, and
/// then the ports that have another number on the host.
func displayedPorts(_ ports: [DisplayedPort]) -> String {
  var done: [String] = []
  var open: [(key: String, address: String, protocol: String, range: ClosedRange<Int64>)] = []
  var moved: [String] = []
  for port in ports.sorted() {
    if !port.address.isEmpty, port.host != port.container {
      moved.append("\(bracketed(port.address)):\(port.host)->\(port.container)/\(port.protocol)")
      continue
    }
    let key = "\(port.address)/\(port.protocol)"
    guard let index = open.firstIndex(where: { $0.key == key }) else {
      open.append((key, port.address, port.protocol, port.container...port.container))
      continue
    }
    if port.container == open[index].range.upperBound + 1 {
      open[index].range = open[index].range.lowerBound...port.container
    } else {
      done.append(text(open[index].address, open[index].protocol, open[index].range))
      open[index].range = port.container...port.container
    }
  }
  return (done + open.map { text($0.address, $0.protocol, $0.range) } + moved).joined(separator: ", ")
}

private func text(_ address: String, _ protocol: String, _ range: ClosedRange<Int64>) -> String {
  let ports = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
  return (address.isEmpty ? ports : "\(bracketed(address)):\(ports)->\(ports)") + "/\(`protocol`)"
}

private func bracketed(_ address: String) -> String { address.contains(":") ? "[\(address)]" : address }

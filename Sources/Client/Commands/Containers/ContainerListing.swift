import EngineClient

/// What `ps` and its relatives show of one container.
struct ContainerRow {
  let document: JSONValue
  let truncates: Bool
  let now: Timestamp
  /// Whether the size tells how large the image below is.
  var showsVirtualSize = true

  var id: String { truncates ? shortID(document["Id"].text) : document["Id"].text }

  /// Without the digest; an image that lost its name is known by its id.
  var image: String {
    let image = document["Image"].text
    guard !image.isEmpty else { return "<no image>" }
    guard truncates else { return image }
    let short = shortID(document["ImageID"].text)
    if short == shortID(image) { return short }
    return String(image.prefix { $0 != "@" })
  }

  var command: String {
    let command = document["Command"].text
    return goQuoted(truncates ? ellipsis(command, 20) : command)
  }

  var created: Timestamp { Timestamp(seconds: document["Created"].integer) }
  var runningFor: String { Durations.human(seconds: created.seconds(until: now)) + " ago" }

  /// The names that are not other containers' links.
  var names: String {
    document["Names"].strings.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
      .filter { !truncates || !$0.contains("/") }.joined(separator: ",")
  }

  var labels: String { joinedLabels(document["Labels"]) }

  var mounts: String {
    document["Mounts"].elements.map { mount in
      let name = mount["Name"].text.isEmpty ? mount["Source"].text : mount["Name"].text
      return truncates ? ellipsis(name, 15) : name
    }.joined(separator: ",")
  }

  var localVolumes: Int { document["Mounts"].elements.count { $0["Driver"].text == "local" } }

  var networks: String {
    document["NetworkSettings"]["Networks"].members.map(\.name).sorted().joined(separator: ",")
  }

  var size: String {
    let written = Sizes.decimal(document["SizeRw"].integer, digits: 3)
    let root = document["SizeRootFs"].integer
    return root > 0 && showsVirtualSize ? "\(written) (virtual \(Sizes.decimal(root, digits: 3)))" : written
  }
}

/// The columns of containers.
enum ContainerListing {
  static func listing(withSize: Bool) -> Listing<ContainerRow> {
    Listing(
      columns: [
        .init("Command", "COMMAND", \.command),
        .init("CreatedAt", "CREATED AT", \.created.goText),
        .init("ID", "CONTAINER ID", \.id),
        .init("Image", "IMAGE", \.image),
        .init("Labels", "LABELS", \.labels),
        .init("LocalVolumes", "LOCAL VOLUMES") { "\($0.localVolumes)" },
        .init("Mounts", "MOUNTS", \.mounts),
        .init("Names", "NAMES", \.names),
        .init("Networks", "NETWORKS", \.networks),
        .init(json: "Platform", "PLATFORM") { $0.document["ImageManifestDescriptor"]["platform"] },
        .init("Ports", "PORTS") { displayedPorts($0.document["Ports"].elements.map(DisplayedPort.init)) },
        .init("RunningFor", "CREATED", \.runningFor),
        .init("Size", "SIZE", \.size),
        .init("State", "STATE") { $0.document["State"].text },
        .init("Status", "STATUS") { $0.document["Status"].text },
      ],
      tableFields: ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"] + (withSize ? ["Size"] : []),
      method: labelMethod { $0.document["Labels"] })
  }
}

/// Answers `.Label "name"` from the labels of a row.
func labelMethod<Row>(_ labels: @escaping (Row) -> JSONValue) -> (Row, String, [JSONValue]) -> JSONValue? {
  { row, name, arguments in
    guard name == "Label", arguments.count == 1 else { return nil }
    return .string(labels(row)[arguments[0].text].text)
  }
}

/// `a=b,c=d`.
func joinedLabels(_ labels: JSONValue) -> String {
  labels.members.map { "\($0.name)=\($0.value.text)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    .joined(separator: ",")
}

/// Go's `strconv.Quote`.
func goQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\t": quoted += "\\t"
    case "\r": quoted += "\\r"
    case "\u{7}": quoted += "\\a"
    case "\u{8}": quoted += "\\b"
    case "\u{c}": quoted += "\\f"
    case "\u{b}": quoted += "\\v"
    case "\u{0}"..<"\u{20}", "\u{7f}":
      let hex = String(scalar.value, radix: 16)
      quoted += "\\x" + (hex.count < 2 ? "0" : "") + hex
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}

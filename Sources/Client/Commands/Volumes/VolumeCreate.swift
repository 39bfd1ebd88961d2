import EngineClient

/// `skiff volume create`: makes a volume.
struct VolumeCreate: Command {
  var arguments: [String] = []
  private var driver = "local"
  private var labels: [String] = []
  private var options: [String] = []
  private var name = ""

  static let usage = Usage(line: "[OPTIONS] [VOLUME]", summary: "Create a volume", count: .atMost(1))

  static var flags: [Flag<VolumeCreate>] {
    [
      .text("driver", "d", \.driver, "Driver that keeps the volume"),
      .list("label", nil, \.labels, "Label, as NAME=VALUE"),
      .text("name", nil, \.name, "Name of the volume").hidden,
      .list("opt", "o", \.options, "Option of the driver, as NAME=VALUE", valueName: "map"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if !name.isEmpty && !arguments.isEmpty {
      throw CommandError(
        "conflicting options: cannot specify a volume-name through both --name and as a positional arg")
    }
    var members = [JSONValue.Member("Driver", .string(driver))]
    if !options.isEmpty { members.append(JSONValue.Member("DriverOpts", JSONValue(assignments(options)))) }
    if !labels.isEmpty { members.append(JSONValue.Member("Labels", JSONValue(assignments(labels)))) }
    let name = arguments.first ?? name
    if !name.isEmpty { members.append(JSONValue.Member("Name", .string(name))) }
    let answer = try session.engine.call(EngineRequest("POST", "/volumes/create", body: .json(.object(members))))
    try session.output.print(answer["Name"].text)
    return 0
  }
}

/// `NAME=VALUE` each; a name alone has an empty value, and of two equal names the last counts.
func assignments(_ texts: [String]) -> [String: String] {
  var result: [String: String] = [:]
  for text in texts {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    result[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
  }
  return result
}

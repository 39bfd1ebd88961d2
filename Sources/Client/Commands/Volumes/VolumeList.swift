import EngineClient

/// `skiff volume ls`: lists volumes.
struct VolumeList: Command {
  var arguments: [String] = []
  private var quiet = false
  private var filters = Filters()
  private var format = ""

  static let usage = Usage(line: "[OPTIONS]", summary: "List volumes", count: .exactly(0))

  static var flags: [Flag<VolumeList>] {
    [
      .filter("f", \.filters),
      .listFormat(\.format),
      .toggle("quiet", "q", \.quiet, "Show only names"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let answer = try session.engine.call(EngineRequest("GET", "/volumes", query: filters.query))
    let volumes = answer["Volumes"].elements.sorted { naturallyPrecedes($0["Name"].text, $1["Name"].text) }
    if quiet && (format.isEmpty || format == "table") {
      for volume in volumes { try session.output.print(volume["Name"].text) }
    } else {
      try Self.listing.print(volumes, format: quiet ? "{{.Name}}" : format, to: session.output)
    }
    return 0
  }

  static var listing: Listing<JSONValue> {
    Listing<JSONValue>(
      columns: [
        .init("Availability", "AVAILABILITY") { _ in "N/A" },
        .init("Driver", "DRIVER") { $0["Driver"].text },
        .init("Group", "GROUP") { _ in "N/A" },
        .init("Labels", "LABELS") { joinedLabels($0["Labels"]) },
        .init("Links", "LINKS") { volume in
          volume["UsageData"].isNull ? "N/A" : "\(volume["UsageData"]["RefCount"].integer)"
        },
        .init("Mountpoint", "MOUNTPOINT") { $0["Mountpoint"].text },
        .init("Name", "VOLUME NAME") { $0["Name"].text },
        .init("Scope", "SCOPE") { $0["Scope"].text },
        .init("Size", "SIZE") { volume in
          volume["UsageData"].isNull ? "N/A" : Sizes.decimal(volume["UsageData"]["Size"].integer)
        },
        .init("Status", "STATUS") { _ in "N/A" },
      ],
      tableFields: ["Driver", "Name"],
      method: labelMethod { $0["Labels"] })
  }
}

/// Whether `left` comes before `right` when numbers in names count as numbers: `v2` before `v10`.
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  var left = Array(left.utf8)[...]
  var right = Array(right.utf8)[...]
  func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  while let a = left.first, let b = right.first {
    guard isDigit(a), isDigit(b) else {
      if a != b { return a < b }
      left.removeFirst()
      right.removeFirst()
      continue
    }
    let leftDigits = left.prefix(while: isDigit)
    let rightDigits = right.prefix(while: isDigit)
    let leftNumber = leftDigits.drop { $0 == 0x30 }
    let rightNumber = rightDigits.drop { $0 == 0x30 }
    if leftNumber.count != rightNumber.count { return leftNumber.count < rightNumber.count }
    if !leftNumber.elementsEqual(rightNumber) { return leftNumber.lexicographicallyPrecedes(rightNumber) }
    if leftDigits.count != rightDigits.count { return leftDigits.count < rightDigits.count }
    left = left.dropFirst(leftDigits.count)
    right = right.dropFirst(rightDigits.count)
  }
  return left.count < right.count
}

import EngineClient

/// `skiff ps`: lists containers.
struct PS: Command {
  var arguments: [String] = []
  private var all = false
  private var last: Int64 = -1
  private var latest = false
  private var size = false
  private var quiet = false
  private var noTruncation = false
  private var filters = Filters()
  private var format = ""

  static let usage = Usage(line: "[OPTIONS]", summary: "List containers", count: .exactly(0))

  static var flags: [Flag<PS>] {
    [
      .toggle("all", "a", \.all, "Show all containers, not only running ones"),
      .filter("f", \.filters),
      .listFormat(\.format),
      .value("last", "n", \.last, "int", "Show the last N containers that were created, in any state", parseInteger),
      .toggle("latest", "l", \.latest, "Show the container that was created last, in any state"),
      .toggle("no-trunc", nil, \.noTruncation, "Show ids and commands in full"),
      .toggle("quiet", "q", \.quiet, "Show only ids"),
      .toggle("size", "s", \.size, "Show how much containers have written"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let listing = ContainerListing.listing(withSize: size)
    var query: [(name: String, value: String)] = []
    if all { query.append(("all", "1")) }
    let limit = latest ? 1 : last
    if limit > 0 { query.append(("limit", "\(limit)")) }
    if size || !quiet && ListFormat(format, default: "").uses("Size") { query.append(("size", "1")) }
    let answer = try session.engine.call(EngineRequest("GET", "/containers/json", query: query + filters.query))
    let now = Timestamp.now()
    let rows = answer.elements.map { ContainerRow(document: $0, truncates: !noTruncation, now: now) }
    let isPlain = format.isEmpty || format == "table"
    if quiet && isPlain {
      for row in rows { try session.output.print(row.id) }
    } else {
      try listing.print(rows, format: quiet ? "{{.ID}}" : format, to: session.output)
    }
    return 0
  }
}

import EngineClient

/// `skiff images`: lists images.
struct Images: Command {
  var arguments: [String] = []
  private var all = false
  private var digests = false
  private var quiet = false
  private var noTruncation = false
  private var tree = false
  private var filters = Filters()
  private var format = ""

  static let usage = Usage(line: "[OPTIONS] [REPOSITORY[:TAG]]", summary: "List images", count: .atMost(1))

  static var flags: [Flag<Images>] {
    [
      .toggle("all", "a", \.all, "Show intermediate images too"),
      .toggle("digests", nil, \.digests, "Show the digests by which registries know the images"),
      .filter("f", \.filters),
      .listFormat(\.format),
      .toggle("no-trunc", nil, \.noTruncation, "Show ids in full"),
      .toggle("quiet", "q", \.quiet, "Show only ids"),
      .toggle("tree", nil, \.tree, "Show the platforms of each image").hidden,
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if tree { throw CommandError("images --tree is not there yet") }
    var filters = filters
    if let name = arguments.first { filters.add("reference", name) }
    let query = (all ? [(name: "all", value: "1")] : []) + filters.query
    let answer = try session.engine.call(EngineRequest("GET", "/images/json", query: query))
    let now = Timestamp.now()
    let showsDigests = digests || ListFormat(format, default: "").uses("Digest")
    let rows = answer.elements.flatMap { image in
      ImageRow.names(image, withDigests: showsDigests).map {
        ImageRow(document: image, name: $0, truncates: !noTruncation, now: now)
      }
    }
    if quiet && (format.isEmpty || format == "table") {
      for row in rows { try session.output.print(row.id) }
    } else {
      try ImageRow.listing(withDigests: digests)
        .print(rows, format: quiet ? "{{.ID}}" : format, to: session.output)
    }
    return 0
  }
}

import EngineClient

/// `skiff history`: shows the steps by which an image was made.
struct History: Command {
  var arguments: [String] = []
  private var isHuman = true
  private var quiet = false
  private var noTruncation = false
  private var platform = ""
  private var format = ""

  static let usage = Usage(line: "[OPTIONS] IMAGE", summary: "Show how an image was made", count: .exactly(1))

  static var flags: [Flag<History>] {
    [
      .listFormat(\.format),
      .toggle("human", "H", \.isHuman, "Show sizes and times for people"),
      .toggle("no-trunc", nil, \.noTruncation, "Show ids and commands in full"),
      .text("platform", nil, \.platform, "Show this platform's variant"),
      .toggle("quiet", "q", \.quiet, "Show only ids"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let query = platform.isEmpty ? [] : [(name: "platform", value: try parsePlatform(platform).compact)]
    let answer = try session.engine.call(.image("GET", arguments[0], "history", query: query))
    let now = Timestamp.now()
    let rows = answer.elements.map { Row(document: $0, truncates: !noTruncation, isHuman: isHuman, now: now) }
    try Self.listing(isHuman: isHuman).print(rows, format: quiet ? "{{.ID}}" : format, to: session.output)
    return 0
  }

  private struct Row {
    let document: JSONValue
    let truncates: Bool
    let isHuman: Bool
    let now: Timestamp

    var id: String { truncates ? shortID(document["Id"].text) : document["Id"].text }
    var created: Timestamp { Timestamp(seconds: document["Created"].integer) }

    var createdSince: String {
      guard isHuman else { return created.rfc3339 }
      return created.seconds <= 0 ? "N/A" : Durations.human(seconds: created.seconds(until: now)) + " ago"
    }

    var createdBy: String {
      let text = document["CreatedBy"].text.replacing("\t", with: " ")
      return truncates ? ellipsis(text, 45) : text
    }

    var size: String {
      isHuman ? Sizes.decimal(document["Size"].integer, digits: 3) : "\(document["Size"].integer)"
    }
  }

  private static func listing(isHuman: Bool) -> Listing<Row> {
    Listing<Row>(
      columns: [
        .init("Comment", "COMMENT") { $0.document["Comment"].text },
        .init("CreatedAt", "CREATED AT", \.created.rfc3339),
        .init("CreatedBy", "CREATED BY", \.createdBy),
        .init("CreatedSince", isHuman ? "CREATED" : "CREATED AT", \.createdSince),
        .init("ID", "IMAGE", \.id),
        .init("Size", "SIZE", \.size),
      ],
      tableFields: ["ID", "CreatedSince", "CreatedBy", "Size", "Comment"])
  }
}

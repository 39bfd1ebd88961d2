import EngineClient

/// `skiff events`: shows what happens in the engine.
struct Events: Command {
  var arguments: [String] = []
  private var filters = Filters()
  private var format = ""
  private var since = ""
  private var until = ""

  static let usage = Usage(line: "[OPTIONS]", summary: "Show what happens in the engine", count: .exactly(0))

  static var flags: [Flag<Events>] {
    [
      .filter("f", \.filters),
      .documentFormat(\.format, nil),
      .text("since", nil, \.since, "Begin with what happened after this time, or this long ago"),
      .text("until", nil, \.until, "End at this time"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let format = try DocumentFormat(format)
    var query = filters.query
    if !since.isEmpty { query.append(("since", try TimeArgument.parse(since, name: "since"))) }
    if !until.isEmpty { query.append(("until", try TimeArgument.parse(until, name: "until"))) }
    var lines = LineStream(try session.engine.stream(EngineRequest("GET", "/events", query: query)).body)
    while let event = try lines.next() {
      try session.output.print(try format.line(event) ?? Self.line(event))
      try session.output.flush()
    }
    return 0
  }

  /// `2026-11-24T14:40:39.796227720Z container create a9b8… (image=srvbox:1, name=web)`.
  static func line(_ event: JSONValue) -> String {
    let nanoseconds = event["timeNano"].integer
    let time = Timestamp(seconds: nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000)
    let subject = event["Actor"]
    let attributes = subject["Attributes"].members.map { "\($0.name)=\($0.value.text)" }.sorted()
    let details = attributes.isEmpty ? "" : " (\(attributes.joined(separator: ", ")))"
    return "\(time.rfc3339Nano) \(event["Type"].text) \(event["Action"].text) \(subject["ID"].text)\(details)"
  }
}

import EngineClient
import Linux

/// `skiff stats`: shows what containers use, once or all the time.
struct Statistics: Command {
  var arguments: [String] = []
  private var all = false
  private var format = ""
  private var once = false
  private var noTruncation = false

  static let usage = Usage(
    line: "[OPTIONS] [CONTAINER...]", summary: "Show what containers use", count: .atLeast(0))

  static var flags: [Flag<Statistics>] {
    [
      .toggle("all", "a", \.all, "Show stopped containers too"),
      .listFormat(\.format),
      .toggle("no-stream", nil, \.once, "Show it once"),
      .toggle("no-trunc", nil, \.noTruncation, "Show ids in full"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if once {
      let rows = try samples(session, try names(session))
      try StatisticsRow.listing.print(rows, format: format, to: session.output)
      return 0
    }
    var feeds = try Feeds(session, truncates: !noTruncation)
    while true {
      try feeds.follow(try names(session), isFixed: !arguments.isEmpty)
      try show(feeds.rows, session)
      try feeds.listen(milliseconds: Self.pauseMilliseconds)
      if feeds.isEmpty, !arguments.isEmpty { return 0 }
    }
  }

  /// Between two pictures. The engine takes a sample a second.
  private static let pauseMilliseconds: Int64 = 500

  /// The containers that were named, or all that run.
  private func names(_ session: Session) throws -> [String] {
    if !arguments.isEmpty { return arguments }
    let query = all ? [(name: "all", value: "1")] : []
    return try session.engine.call(EngineRequest("GET", "/containers/json", query: query)).elements
      .map { shortID($0["Id"].text) }
  }

  /// One sample of each. All are asked before the first answer is waited for, as each takes the engine a second.
  private func samples(_ session: Session, _ names: [String]) throws -> [StatisticsRow] {
    let pending = try names.map { name in
      try session.engine.begin(.container("GET", name, "stats", query: [("stream", "0")]))
    }
    return try zip(names, pending).map { name, pending in
      StatisticsRow(container: name, sample: try pending.document(), truncates: !noTruncation)
    }
  }

  /// A new picture over the one before, where somebody looks.
  private func show(_ rows: [StatisticsRow], _ session: Session) throws {
    if session.output.isTerminal { try session.output.print("\u{1B}[H\u{1B}[2J", terminator: "") }
    try StatisticsRow.listing.print(rows, format: format, to: session.output)
    try session.output.flush()
  }
}

/// The streams of samples of several containers, read as they come.
private struct Feeds {
  private let session: Session
  private let truncates: Bool
  private(set) var rows: [StatisticsRow] = []
  private var streams: [String: (descriptor: Descriptor, lines: LineStream)] = [:]

  init(_ session: Session, truncates: Bool) throws {
    self.session = session
    self.truncates = truncates
  }

  /// Whether nothing is followed any more.
  var isEmpty: Bool { streams.isEmpty }

  /// Begins to follow what is new among `names`, and drops what is gone.
  mutating func follow(_ names: [String], isFixed: Bool) throws {
    for name in names where !rows.contains(where: { $0.container == name }) {
      let pending = try session.engine.begin(.container("GET", name, "stats", query: [("stream", "1")]))
      do { streams[name] = (pending.descriptor, LineStream(try pending.answer().body)) } catch {
        // It went between the list and now.
        if !isFixed, error.isNotFound { continue }
        throw error
      }
      rows.append(StatisticsRow(container: name, sample: nil, truncates: truncates))
    }
    if !isFixed { rows.removeAll { row in !names.contains(row.container) || streams[row.container] == nil } }
    streams = streams.filter { names.contains($0.key) }
  }

  /// Takes the samples that come within `milliseconds`.
  mutating func listen(milliseconds: Int64) throws {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    while ContinuousClock.now < end {
      let left = (end - ContinuousClock.now).components
      let rest = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
      let names = Array(streams.keys)
      let ready = try waitUntilReady(
        names.compactMap { streams[$0].map { PollRequest($0.descriptor, reads: true) } }, milliseconds: Int32(rest))
      for (name, result) in zip(names, ready) where result.isReadable { try take(name) }
    }
  }

  private mutating func take(_ name: String) throws {
    guard let sample = try streams[name]?.lines.next() else {
      streams[name] = nil
      return
    }
    for index in rows.indices where rows[index].container == name { rows[index].sample = sample }
  }
}

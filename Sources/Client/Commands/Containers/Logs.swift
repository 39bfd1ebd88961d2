import EngineClient
import Linux

/// `skiff logs`: prints what a container has said.
struct Logs: Command {
  var arguments: [String] = []
  private var details = false
  private var follow = false
  private var since = ""
  private var until = ""
  private var tail = "all"
  private var timestamps = false

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER", summary: "Show what a container has printed", count: .exactly(1))

  static var flags: [Flag<Logs>] {
    [
      .toggle("details", nil, \.details, "Show the attributes of the log too"),
      .toggle("follow", "f", \.follow, "Go on as long as the container prints"),
      .text("since", nil, \.since, "Begin at this time, as 2026-01-02T13:23:37Z, or this long ago, as 42m"),
      .text("tail", "n", \.tail, "Lines to show from the end"),
      .toggle("timestamps", "t", \.timestamps, "Show when each line was printed"),
      .text("until", nil, \.until, "End before this time"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let container = try session.engine.call(.container("GET", arguments[0], "json"))
    var query: [(name: String, value: String)] = [("stderr", "1"), ("stdout", "1"), ("tail", tail)]
    if details { query.append(("details", "1")) }
    if follow { query.append(("follow", "1")) }
    if timestamps { query.append(("timestamps", "1")) }
    if !since.isEmpty { query.append(("since", try TimeArgument.parse(since, name: "since"))) }
    if !until.isEmpty { query.append(("until", try TimeArgument.parse(until, name: "until"))) }
    let request = EngineRequest.container("GET", container["Id"].text, "logs", query: query)
    var (_, body) = try session.engine.stream(request)
    var printer = LogPrinter(hasFrames: !container["Config"]["Tty"].isTrue)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try body.read(into: &chunk)
      if count == 0 { return 0 }
      try printer.print(Array(chunk[..<count]))
    }
  }
}

/// Prints a log to the two outputs, as much at a time as came: a log has many short lines.
private struct LogPrinter {
  let hasFrames: Bool
  private var decoder = FrameDecoder()
  private var gathered: [UInt8] = []
  private var target = StandardStreams.output

  init(hasFrames: Bool) { self.hasFrames = hasFrames }

  mutating func print(_ bytes: [UInt8]) throws {
    guard hasFrames else { return try StandardStreams.output.writeAll(bytes) }
    var position = 0
    while let (stream, range) = try decoder.next(bytes, from: &position) {
      let next = stream == .output ? StandardStreams.output : StandardStreams.error
      if next !== target { try flush() }
      target = next
      gathered += bytes[range]
    }
    try flush()
  }

  private mutating func flush() throws {
    if !gathered.isEmpty { try target.writeAll(gathered) }
    gathered.removeAll(keepingCapacity: true)
  }
}

/// A time that a flag says: `2026-01-02T13:23:37Z`, `42m` ago, or seconds after 1970.
enum TimeArgument {
  /// The time as the API takes it.
  static func parse(_ text: String, name: String, now: Timestamp = .now()) throws -> String {
    if let ago = try? Durations.parse(text), Int64(text) == nil {
      let nanoseconds = now.seconds * 1_000_000_000 + now.nanoseconds - ago
      return Timestamp(seconds: nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000).apiText
    }
    if let time = Timestamp(text) { return time.apiText }
    // Seconds, with or without a fraction, are the API's own form.
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
      throw CommandError(
        "invalid value for \"\(name)\": failed to parse value as time or duration: \"\(text)\"")
    }
    return text
  }
}

import Glibc
import Linux
import LogRecords
import Testing

/// A log in a directory of its own, which is gone when the last reference to it is.
final class LogFixture {
  let directory: Descriptor
  private let path: String

  init() throws {
    path = "/tmp/skiff-logs-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    try makeDirectory(path, mode: 0o700)
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  deinit { try? removeTree(path) }

  func writer(_ settings: LogSettings = LogSettings()) -> LogWriter {
    LogWriter(directory: directory, settings: settings)
  }

  /// Small segments, so that a test sees many.
  func writer(segmentBytesMax: Int64, segmentCountMax: Int? = 3) -> LogWriter {
    writer(LogSettings(segmentBytesMax: segmentBytesMax, segmentCountMax: segmentCountMax))
  }

  /// The names in the directory.
  var names: [String] { get throws { try directory.entries().sorted() } }

  func file(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func bytes(_ name: String) throws -> [UInt8] { try readFile(name, at: .directory(directory), limit: 256 << 20) }

  func put(_ name: String, _ bytes: [UInt8]) throws { try replaceFile(name, at: .directory(directory), bytes) }

  func append(_ name: String, _ text: String) throws {
    try open(name, at: .directory(directory), O_WRONLY | O_APPEND).writeAll(text)
  }

  /// The records that a reader finds, one on a line, as `text` shows them.
  func read(
    from start: LogStart = .beginning, since: LogTime? = nil, until: LogTime? = nil
  ) throws -> String {
    text(try LogReader(directory, from: start, since: since, until: until).rest())
  }
}

extension LogReader {
  /// The records from here to where there is none.
  func rest() throws -> [LogRecord] {
    var records: [LogRecord] = []
    while let record = try next() { records.append(record) }
    return records
  }
}

/// One line for each record: its second, its stream and its bytes.
func text(_ records: [LogRecord]) -> String {
  records.map { record in
    let bytes = String(decoding: record.bytes, as: UTF8.self).debugDescription
    return "\(record.time.nanoseconds / 1_000_000_000) \(record.stream) \(bytes)"
  }.joined(separator: "\n")
}

/// So many seconds after 1970.
func second(_ seconds: Int64) -> LogTime { LogTime(nanoseconds: seconds * 1_000_000_000) }

extension LogWriter {
  func append(_ text: String, _ stream: LogStream = .stdout, at time: LogTime = second(0)) {
    append(Array(text.utf8), stream, at: time)
  }

  func append(_ bytes: [UInt8], _ stream: LogStream = .stdout, at time: LogTime = second(0)) {
    bytes.withUnsafeBytes { append($0, to: stream, at: time) }
  }
}

/// A file in `Fixtures`.
func fixture(_ name: String, file: String = #filePath) throws -> [UInt8] {
  let tests = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
  return try readFile("\(tests)/Fixtures/\(name)")
}

/// The same numbers each time, so that a failure can be repeated: splitmix64.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

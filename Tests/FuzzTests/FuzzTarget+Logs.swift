import Glibc
import Linux

@testable import LogRecords

extension FuzzTarget {
  private static let words = [
    "{\"log\":\"", "\\n\",\"stream\":\"stdout\"", "\"stderr\"", "\"time\":\"2016-10-06T00:17:09.669794202Z\"}", "\n",
    "\"attrs\":{\"a\":\"b\"},", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\", " stdout F ", " stderr P ", "9999-12-31T",
    "F:", "+",
  ]

  /// Single lines of a log, whatever wrote them.
  static let logRecords = FuzzTarget(
    "log-record", words: words,
    seeds: {
      let logs = try ["json/0000000001.log", "cri/0000000001.log"].map { try golden("LogRecordsTests/Fixtures/\($0)") }
      return logs.flatMap { $0.split(separator: 0x0a).prefix(20).map(Array.init) }
    }
  ) { bytes in
    guard let read = text(of: bytes), read.lost == nil, read.bytes.count <= pieceBytesMax else { return false }
    try hold(read.bytes.count <= 3 * bytes.count + 1, "\(read.bytes.count) bytes out of \(bytes.count)")
    // What is no UTF-8 is repaired by the first writing, and is then kept.
    let once = try written(read)
    let twice = try written(once)
    try same(twice.bytes, once.bytes, "text")
    if String(validating: read.bytes, as: UTF8.self) != nil { try same(once.bytes, read.bytes, "text") }
    try same(once.time, read.time, "time")
    try same(once.stream, read.stream, "stream")
    return true
  }

  private static func text(of line: [UInt8]) -> LogRecord? {
    line.withUnsafeBytes { line in
      guard let record = EncodedRecord(line), let text = record.decodeText(of: line, dropping: 0) else { return nil }
      return LogRecord(time: record.time, stream: record.stream, bytes: text.bytes, lost: record.lost)
    }
  }

  /// What is read when `record` was written.
  private static func written(_ record: LogRecord) throws -> LogRecord {
    var encoder = RecordEncoder(.jsonFile(attributes: nil))
    let isWhole = record.bytes.last == 0x0a
    (isWhole ? record.bytes.dropLast() : record.bytes).withUnsafeBytes {
      encoder.append($0, isWhole: isWhole, record.stream, record.time)
    }
    guard let read = text(of: encoder.bytes.dropLast().map { $0 }) else {
      throw Broken(description: "what was written for \(record) is not read")
    }
    return read
  }

  /// A whole log: its segments and their index, read from each kind of start.
  static let logSegments = FuzzTarget(
    "log-segment", words: words,
    seeds: {
      try ["json", "cri"].flatMap { format in
        try ["0000000001.log", "0000000002.log"].map { try golden("LogRecordsTests/Fixtures/\(format)/\($0)") }
      }
    }
  ) { bytes in
    let log = try LogFolder()
    try log.put("0000000001.log", bytes)
    // Each input is its own index too: numbers, lines and nonsense.
    try log.put("0000000001.index", bytes.reversed())
    let all = try log.records(from: .beginning)
    try hold(all.reduce(0) { $0 + $1.bytes.count } <= 3 * bytes.count, "more text than the file has")
    for count in [0, 1, 5] {
      let tail = try log.records(from: .tail(count))
      try hold(tail.count <= count, "\(tail.count) records where the last \(count) were asked for")
      try same(tail, Array(all.suffix(tail.count)), "the last \(count)")
    }
    _ = try log.records(from: .position(StreamPositions(stdout: 100, stderr: .max)))
    // A writer goes on behind whatever is there.
    let writer = LogWriter(directory: log.directory)
    Array("last\n".utf8).withUnsafeBytes { writer.append($0, to: .stdout) }
    writer.close()
    try same(log.records(from: .tail(1)).last?.bytes ?? [], Array("last\n".utf8), "what is written behind it")
    return !all.isEmpty
  }
}

/// A log's folder in memory, gone with the last reference.
private final class LogFolder {
  let directory: Descriptor
  private let path: String

  init() throws {
    path = "/dev/shm/skiff-fuzz-log.\(getpid())"
    try? removeTree(path)
    try makeDirectory(path, mode: 0o700)
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  deinit { try? removeTree(path) }

  func put(_ name: String, _ bytes: [UInt8]) throws {
    let file = try open(name, at: .directory(directory), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    try bytes.withUnsafeBytes { try file.writeAll($0) }
  }

  func records(from start: LogStart) throws -> [LogRecord] {
    let reader = try LogReader(directory, from: start)
    var records: [LogRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }
}

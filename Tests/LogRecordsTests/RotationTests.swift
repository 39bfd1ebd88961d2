import Glibc
import Linux
import LogRecords
import Testing

@Suite("Log rotation") struct RotationTests {
  private func line(_ number: Int) -> String { "line \(10 + number)\n" }
  /// Bytes of the record of a `line` with a number of two digits.
  private let lineBytes: Int64 = 68

  @Test("a segment that is exactly full is not rotated; one byte more is")
  func boundary() throws {
    for (limit, names) in [
      (lineBytes * 2, ["0000000001.log"]),
      (lineBytes * 2 - 1, ["0000000001.log", "0000000002.index", "0000000002.log"]),
    ] {
      let log = try LogFixture()
      let writer = log.writer(segmentBytesMax: limit)
      for number in 0..<2 { writer.append(line(number)) }
      #expect(try log.names == names)
      #expect(try log.bytes("0000000001.log").count % Int(lineBytes) == 0)
    }
  }

  @Test("segments of one big write are cut at records, and never longer than allowed")
  func bigWrite() throws {
    let log = try LogFixture()
    log.writer(segmentBytesMax: 1000, segmentCountMax: nil).append((0..<1000).map(line).joined())
    let records = try LogReader(log.directory).rest()
    #expect(records.map { String(decoding: $0.bytes, as: UTF8.self) } == (0..<1000).map(line))
    for name in try log.names where name.hasSuffix(".log") { #expect(try log.bytes(name).count <= 1000) }
  }

  @Test("the oldest segments go, with their indexes")
  func oldestGo() throws {
    let log = try LogFixture()
    let writer = log.writer(segmentBytesMax: lineBytes)
    for number in 0..<5 { writer.append(line(number)) }
    let numbers = ["0000000003", "0000000004", "0000000005"]
    #expect(try log.names == numbers.flatMap { ["\($0).index", "\($0).log"] })
    #expect(try log.read() == "0 stdout \"line 12\\n\"\n0 stdout \"line 13\\n\"\n0 stdout \"line 14\\n\"")
  }

  @Test("a record longer than a segment gets one of its own")
  func longRecord() throws {
    let log = try LogFixture()
    let writer = log.writer(segmentBytesMax: 100, segmentCountMax: nil)
    writer.append("a\n" + String(repeating: "b", count: 500) + "\nc\n")
    #expect(try log.names.filter { $0.hasSuffix(".log") }.count == 3)
    #expect(try LogReader(log.directory).rest().map(\.bytes.count) == [2, 501, 2])
  }

  @Test("one segment that may grow without end never rotates")
  func unlimited() throws {
    let log = try LogFixture()
    let writer = log.writer(LogSettings(segmentBytesMax: nil, segmentCountMax: nil))
    for _ in 0..<12 { writer.append(String(repeating: "x", count: 1 << 20)) }
    #expect(try log.names == ["0000000001.index", "0000000001.log"])
  }

  @Test("a new launch goes on in the newest segment, with fewer segments if it is told so")
  func nextLaunch() throws {
    let log = try LogFixture()
    for number in 0..<3 { log.writer(segmentBytesMax: lineBytes).append(line(number)) }
    log.writer(segmentBytesMax: lineBytes, segmentCountMax: 1).append(line(3))
    #expect(try log.names == ["0000000004.index", "0000000004.log"])
    #expect(try log.file("0000000004.index") == "0 0 24 0\n")
  }

  @Test("an index says now and then where a record begins, and what is in front of it")
  func index() throws {
    let log = try LogFixture()
    let writer = log.writer()
    for number in 0..<10_000 {
      writer.append(line(number % 80), number % 2 == 0 ? .stdout : .stderr, at: second(Int64(number)))
    }
    let segment = try log.bytes("0000000001.log")
    for entry in try log.file("0000000001.index").split(separator: "\n") {
      let fields = entry.split(separator: " ").compactMap { Int($0) }
      let before = segment[..<fields[0]].split(separator: 0x0a).count
      // The time may be that of the record behind, which was written with it.
      #expect([before - 1, before].contains(fields[1] / 1_000_000_000))
      #expect(fields[2...] == [(before + 1) / 2 * 8, before / 2 * 8])
    }
    #expect(try log.file("0000000001.index").split(separator: "\n").count == segment.count / (256 << 10))
  }
}

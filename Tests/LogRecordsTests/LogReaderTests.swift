import Linux
import LogRecords
import Testing

@Suite("Log reader") struct LogReaderTests {
  /// A log of `count` lines `0` …, one each second, in segments of about four.
  private func numberedLog(_ count: Int, segmentCountMax: Int? = nil) throws -> LogFixture {
    let log = try LogFixture()
    let writer = log.writer(segmentBytesMax: 260, segmentCountMax: segmentCountMax)
    for number in 0..<count { writer.append("\(number)\n", at: second(Int64(number))) }
    return log
  }

  private func lines(_ range: Range<Int>) -> String {
    range.map { "\($0) stdout \"\($0)\\n\"" }.joined(separator: "\n")
  }

  @Test("tail: the last lines, over as many segments as it takes", arguments: [0, 1, 3, 4, 5, 17, 29, 30, 31, .max])
  func tail(count: Int) throws {
    let log = try numberedLog(30)
    #expect(try log.read(from: .tail(count)) == lines(max(0, 30 - min(count, 30))..<30))
  }

  @Test("tail: lines are found over more than one block of a segment")
  func tailOverBlocks() throws {
    let log = try LogFixture()
    let writer = log.writer()
    for number in 0..<5000 { writer.append("\(number)\n", at: second(Int64(number))) }
    for count in [1, 900, 1000, 4999] { #expect(try log.read(from: .tail(count)) == lines(5000 - count..<5000)) }
  }

  @Test("since and until: both ends belong to what is shown")
  func sinceUntil() throws {
    let log = try numberedLog(30)
    for first in [0, 1, 7, 8, 9, 29] {
      #expect(try log.read(since: second(Int64(first)), until: second(20)) == lines(first..<max(first, 21)))
    }
    #expect(try log.read(since: second(30)) == "")
    #expect(try log.read(from: .tail(5), since: second(27)) == lines(27..<30))
  }

  @Test("since: a clock that stepped back hides no record")
  func sinceWithSteppedClock() throws {
    let log = try LogFixture()
    let writer = log.writer(segmentBytesMax: 130, segmentCountMax: nil)
    for time: Int64 in [10, 11, 50, 12, 13, 14, 51, 15] { writer.append("\(time)\n", at: second(time)) }
    #expect(
      try log.read(since: second(14)) == [50, 14, 51, 15].map { "\($0) stdout \"\($0)\\n\"" }.joined(separator: "\n"))
  }

  @Test("since: what is in front is not read")
  func sinceSeeks() throws {
    let log = try LogFixture()
    let writer = log.writer()
    for number in 0..<10_000 { writer.append("\(number)\n", at: second(Int64(number))) }
    // Damage that a reader from the beginning meets, but not one that seeks.
    var bytes = try log.bytes("0000000001.log")
    bytes[0] = 0
    try log.put("0000000001.log", bytes)
    let all = try LogReader(log.directory)
    #expect(try all.rest().count == 9999)
    #expect(all.undecodableLines == 1)
    let late = try LogReader(log.directory, since: second(9000))
    #expect(try late.rest().count == 1000)
    #expect(late.undecodableLines == 0)
  }

  @Test("a reader that does not follow ends where the log ended when it was opened")
  func snapshot() throws {
    let log = try numberedLog(10)
    let reader = try LogReader(log.directory)
    let writer = log.writer(segmentBytesMax: 260, segmentCountMax: nil)
    for number in 10..<30 { writer.append("\(number)\n", at: second(Int64(number))) }
    #expect(text(try reader.rest()) == lines(0..<10))
  }

  @Test("position: reading goes on at any byte of either stream, over segments that are gone")
  func position() throws {
    for format in [LogFormat.jsonFile(attributes: nil), .cri] {
      let log = try LogFixture()
      let writer = log.writer(LogSettings(format: format, segmentBytesMax: 300, segmentCountMax: 4))
      var raw: [LogStream: [UInt8]] = [.stdout: [], .stderr: []]
      var numbers = SeededNumbers(seed: 3)
      for index in 0..<40 {
        let stream: LogStream = Bool.random(using: &numbers) ? .stdout : .stderr
        let line = Array("line \(index) \u{e9}\u{2028}\u{fffd}\t<\n".utf8)
        writer.append(line, stream)
        raw[stream]?.append(contentsOf: line)
      }
      let oldest = try #require(LogReader(log.directory, from: .position(StreamPositions())).rest().first?.position)
      #expect(oldest > 0)
      for (stream, written) in raw {
        let first = try LogReader(log.directory, from: .position(StreamPositions())).rest().first {
          $0.stream == stream
        }
        let start = Int(try #require(first?.position))
        for place in start...written.count {
          var wanted = StreamPositions(stdout: .max, stderr: .max)
          wanted[stream] = UInt64(place)
          let found = try LogReader(log.directory, from: .position(wanted)).rest()
          #expect(found.flatMap(\.bytes) == Array(written[place...]))
          #expect(found.first?.position ?? UInt64(place) == UInt64(place))
        }
      }
    }
  }

  @Test("position: a byte that was no UTF-8 counts as the one that it was")
  func positionOfInvalidBytes() throws {
    let log = try LogFixture()
    log.writer().append([0x61, 0xff, 0xfe, 0x62, 0xef, 0xbf, 0xbd, 0x63, 0x0a])
    let tails = try (0..<9).map { place in
      let start = LogStart.position(StreamPositions(stdout: UInt64(place)))
      return String(decoding: try LogReader(log.directory, from: start).rest().flatMap(\.bytes), as: UTF8.self)
    }
    #expect(
      tails[0...4] == [
        "a\u{fffd}\u{fffd}b\u{fffd}c\n", "\u{fffd}\u{fffd}b\u{fffd}c\n", "\u{fffd}b\u{fffd}c\n", "b\u{fffd}c\n",
        "\u{fffd}c\n",
      ])
    #expect(tails[7...8] == ["c\n", "\n"])
  }

  @Test("position: a writer tells where its launch begins and how far its records go")
  func launches() throws {
    let log = try LogFixture()
    let first = log.writer(segmentBytesMax: 150)
    first.append("one\ntwo\nthree\n")
    first.append("warning\n", .stderr)
    first.close()
    let second = log.writer(segmentBytesMax: 150)
    #expect(second.start == StreamPositions(stdout: 14, stderr: 8))
    second.append("four\nunfinished")
    #expect(second.end == StreamPositions(stdout: 19, stderr: 8))
    #expect(second.unfinishedLine(of: .stdout) == Array("unfinished".utf8))
    #expect(second.unfinishedLine(of: .stderr) == [])
    #expect(try log.read(from: .position(second.start)) == #"0 stdout "four\n""#)
  }

  @Test("an index of a log that somebody has removed says nothing of the next one")
  func orphanIndex() throws {
    let log = try LogFixture()
    try log.put("0000000001.index", Array("0 5 100 100\n".utf8))
    let writer = log.writer()
    #expect(writer.start == StreamPositions())
    writer.append("one\n")
    #expect(try log.names == ["0000000001.log"])
    #expect(log.writer().start == StreamPositions(stdout: 4))
  }

  @Test("segments that were removed before they were read are counted, and reading goes on behind them")
  func removedSegments() throws {
    let log = try numberedLog(4)
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(text(try reader.rest()) == lines(0..<4))
    let writer = log.writer(segmentBytesMax: 260, segmentCountMax: 2)
    for number in 4..<30 { writer.append("\(number)\n", at: second(Int64(number))) }
    let rest = text(try reader.rest())
    #expect(lines(4..<30).hasSuffix(rest) && !rest.isEmpty)
    #expect(reader.missedSegments > 0)
  }

  @Test("segments that are removed while they wait to be read are still read")
  func heldSegments() throws {
    let log = try numberedLog(30)
    let reader = try LogReader(log.directory)
    _ = try reader.next()
    for name in try log.names { try unlink(name, at: .directory(log.directory)) }
    #expect(text(try reader.rest()) == lines(1..<30))
  }

  @Test("what cannot be decoded is left out and counted")
  func undecodable() throws {
    let log = try numberedLog(2)
    let lines = [
      "", "garbage", #"{"log":"x""#, #"{"log":"x","stream":"stdin","time":"1970-01-01T00:00:00Z"}"#,
      #"{"log":"\q","stream":"stdout","time":"1970-01-01T00:00:00Z"}"#,
      #"{"log":"x","stream":"stdout","time":"1970-01-01T00:00:00Z"}}"#, #"{"log":{},"stream":"stdout"}"#,
      #"{"log":"\u00g0","stream":"stdout","time":"1970-01-01T00:00:00Z"}"#,
      "1970-01-01T00:00:00Z stdout X a", "1970-01-01T00:00:00Z stdout F", String(repeating: "x", count: 1_000_000),
      "\0\0\0",
    ]
    try log.append("0000000001.log", lines.map { $0 + "\n" }.joined())
    log.writer().append("2\n", at: second(2))
    let reader = try LogReader(log.directory)
    #expect(text(try reader.rest()) == self.lines(0..<3))
    #expect(reader.undecodableLines == lines.count)
  }

  @Test("Docker's own files are read: members in any order, no log, escapes of other writers")
  func foreignRecords() throws {
    let log = try LogFixture()
    let text = #"""
      {"stream":"stdout","time":"1970-01-01T00:00:01Z"}
      {"time":"1970-01-01T00:00:02Z","stream":"stderr","log":"\u00e9\ud83d\ude00\ud83d\/\b\f\t\\"}
      {"log":"a","stream":"stdout","attrs":{"a":"}\"","b":""},"time":"1970-01-01T00:00:03Z"}

      """#
    try log.put("0000000001.log", Array(text.utf8))
    let records = try LogReader(log.directory).rest()
    #expect(
      records.map { String(decoding: $0.bytes, as: UTF8.self) }
        == ["", "\u{e9}\u{1f600}\u{fffd}/\u{8}\u{c}\t\\", "a"])
    #expect(records[2].attributes.map { String(decoding: $0, as: UTF8.self) } == #"{"a":"}\"","b":""}"#)
  }
}

import Linux
import LogRecords
import Testing

@Suite("Log writer") struct LogWriterTests {
  @Test("the bytes of each format are those of the page: golden files")
  func golden() throws {
    for (name, format, size) in [("json", LogFormat.jsonFile(attributes: nil), 320), ("cri", .cri, 200)] {
      let log = try LogFixture()
      let writer = log.writer(LogSettings(format: format, segmentBytesMax: Int64(size), segmentCountMax: 3))
      writer.append("started\n", at: LogTime(nanoseconds: 1_475_713_029_669_794_202))
      writer.append("<a>\ttab \"quoted\" \u{1b}[31mred\nno such file\n", .stderr, at: second(1_475_713_030))
      writer.append([0xff, 0x00, 0xc3, 0xa9, 0x0a], at: second(1_475_713_031))
      writer.append("password: ", at: second(1_475_713_032))
      writer.append("oops\n", .stderr, at: second(1_475_713_033))
      writer.close(at: second(1_475_713_034))
      for file in try log.names {
        let d = try open("/work/wt-logs/Tests/LogRecordsTests/Fixtures/\(name)/\(file)", 0o1101, mode: 0o644);
        try d.writeAll(log.bytes(file))  // GEN
        #expect(
          try log.file(file) == String(decoding: try fixture("\(name)/\(file)"), as: UTF8.self), "\(name)/\(file)")
      }
      #expect(try log.names == ["0000000001.log", "0000000002.index", "0000000002.log"], "\(name)")
    }
  }

  @Test("Docker's format: text and attributes are byte for byte what Docker 28.5 logged for the same output")
  func docker() throws {
    let log = try LogFixture()
    let attributes = LogAttributes(json: Array(#"{"MODE":"x","color":"re\"d","shape":"round"}"#.utf8))
    let writer = log.writer(LogSettings(format: .jsonFile(attributes: attributes)))
    writer.append(try fixture("docker-28.5-output"))
    writer.close()
    let expected = try fixture("docker-28.5-json.log")
    #expect(withoutTimes(try log.bytes("0000000001.log")) == withoutTimes(expected))
  }

  /// Each line of `bytes` up to its last member, which is the time.
  private func withoutTimes(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
      String(line.prefix(upTo: line.firstRange(of: ",\"time\":")?.lowerBound ?? line.endIndex))
    }.joined(separator: "\n")
  }

  @Test("a line is one record, however many reads it came in, and has the time of its newline")
  func lineInManyReads() throws {
    let log = try LogFixture()
    let writer = log.writer()
    for (index, byte) in "name: Ada\nnext".utf8.enumerated() { writer.append([byte], at: second(Int64(index))) }
    #expect(try log.read() == #"9 stdout "name: Ada\n""#)
    writer.finish(.stdout, at: second(20))
    #expect(try log.read() == "9 stdout \"name: Ada\\n\"\n20 stdout \"next\"")
  }

  @Test("streams are split apart: half a line of one does not wait for the other")
  func streams() throws {
    let log = try LogFixture()
    let writer = log.writer()
    writer.append("out ", .stdout)
    writer.append("err\n", .stderr)
    writer.append("put\n", .stdout)
    #expect(try log.read() == "0 stderr \"err\\n\"\n0 stdout \"out put\\n\"")
  }

  @Test(
    "a long line is pieces of 16384 bytes with one time, and only the last has the newline",
    arguments: [(16383, "16384n"), (16384, "16384 1n"), (16385, "16384 2n"), (40000, "16384 16384 7233n")],
    [1, 1000, 65536])
  func longLines(_ sample: (length: Int, pieces: String), readSize: Int) throws {
    let log = try LogFixture()
    let writer = log.writer()
    let output = [UInt8](repeating: 0x61, count: sample.length) + [0x0a]
    for start in stride(from: 0, to: output.count, by: readSize) {
      writer.append(Array(output[start..<min(start + readSize, output.count)]), at: second(Int64(start)))
    }
    let records = try LogReader(log.directory).rest()
    let pieces = records.map { "\($0.bytes.count)\($0.bytes.last == 0x0a ? "n" : "")" }
    #expect(pieces.joined(separator: " ") == sample.pieces)
    #expect(Set(records.map(\.time)).count == 1)
    #expect(records.flatMap(\.bytes) == output)
  }

  @Test("a piece of a long line ends before a character, not inside it")
  func pieceEndsAtCharacter() throws {
    let log = try LogFixture()
    let output = Array(("x" + String(repeating: "\u{20ac}", count: 20000) + "\n").utf8)
    log.writer().append(output)
    let records = try LogReader(log.directory).rest()
    #expect(records.map(\.bytes.count) == [16384, 16383, 16383, 10852])
    #expect(records.flatMap(\.bytes) == output)
  }

  @Test("the worst record fits: a piece of which every byte is escaped, with the longest attributes")
  func worstRecord() throws {
    let log = try LogFixture()
    let padding = String(repeating: "v", count: LogAttributes.bytesMax - 8)
    let attributes = try #require(LogAttributes(json: Array(#"{"k":"\#(padding)"}"#.utf8)))
    let writer = log.writer(LogSettings(format: .jsonFile(attributes: attributes)))
    writer.append([UInt8](repeating: 1, count: 70000))
    let records = try LogReader(log.directory).rest()
    #expect(records.map(\.bytes) == [[UInt8]](repeating: [UInt8](repeating: 1, count: 16384), count: 4))
    #expect(records.allSatisfy { $0.attributes == Array(#"{"k":"\#(padding)"}"#.utf8) })
  }

  @Test("CRI keeps every byte, and a newline is told from its absence")
  func criIsBinarySafe() throws {
    let log = try LogFixture()
    var numbers = SeededNumbers(seed: 7)
    let output = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    let writer = log.writer(LogSettings(format: .cri))
    writer.append(output)
    writer.close()
    #expect(try LogReader(log.directory).rest().flatMap(\.bytes) == output)
  }

  @Test("attributes that would break a record are refused")
  func attributes() {
    for json in ["", "[]", "{\n}", "{}x", "{" + String(repeating: " ", count: LogAttributes.bytesMax) + "}"] {
      #expect(LogAttributes(json: Array(json.utf8)) == nil, "\(json.prefix(10))")
    }
  }

  @Test("a process that says nothing makes no files")
  func nothing() throws {
    let log = try LogFixture()
    log.writer().close()
    #expect(try log.names == [])
    #expect(try log.read() == "")
  }
}

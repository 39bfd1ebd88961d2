import Linux
import LogRecords
import Testing

@Suite("Torn tails") struct TornTailTests {
  @Test("a new launch cuts off a record without its end, wherever it was torn")
  func everyCut() throws {
    let log = try LogFixture()
    log.writer().append("kept\n")
    let whole = try log.bytes("0000000001.log")
    let torn = Array(#"{"log":"lost\n","stream":"stdout","time":"1970-01-01T00:00:00Z"}"#.utf8)
    for length in 0...torn.count {
      try log.put("0000000001.log", whole + torn[..<length])
      #expect(try log.read() == #"0 stdout "kept\n""#)
      let writer = log.writer()
      #expect(writer.start == StreamPositions(stdout: 5))
      writer.append("next\n")
      #expect(try log.read() == "0 stdout \"kept\\n\"\n0 stdout \"next\\n\"")
    }
  }

  @Test("a tail of zeros, as a crash of the machine may leave it, is cut off, however long")
  func zeros() throws {
    let log = try LogFixture()
    log.writer().append("kept\n")
    try log.append("0000000001.log", String(repeating: "\0", count: 300_000))
    log.writer().append("next\n")
    let reader = try LogReader(log.directory)
    #expect(text(try reader.rest()) == "0 stdout \"kept\\n\"\n0 stdout \"next\\n\"")
    #expect(reader.undecodableLines == 0)
  }

  @Test("a segment that is one torn record becomes empty")
  func onlyTorn() throws {
    let log = try LogFixture()
    try log.put("0000000001.log", Array(#"{"log":"a"#.utf8))
    log.writer().append("next\n")
    #expect(try log.read() == #"0 stdout "next\n""#)
  }

  @Test("an index that says more than its segment has, or half a line, is cut too")
  func index() throws {
    let log = try LogFixture()
    let line = String(repeating: "a", count: 9999) + "\n"
    log.writer().append(String(repeating: line, count: 60))
    let segment = try log.bytes("0000000001.log")
    let index = try log.file("0000000001.index")
    #expect(index.split(separator: "\n").count == 2)
    for damage in ["70000000 0 1 1\n", "7000", "x\n", "0 0 0 0\n", "\n"] {
      try log.put("0000000001.log", segment)
      try log.put("0000000001.index", Array((index + damage).utf8))
      let writer = log.writer()
      #expect(writer.start == StreamPositions(stdout: 600_000))
      writer.append("b\n")
      #expect(try log.file("0000000001.index") == index)
    }
  }

  @Test("an index that lies about where records begin costs no record")
  func lyingIndex() throws {
    let log = try LogFixture()
    let writer = log.writer()
    for number in 0..<10_000 { writer.append("\(number)\n", at: second(Int64(number))) }
    for index in ["262145 1 1 0\n", "0 0 0 0\n9 1 1 0\n", "", "999999999999 1 1 0\n"] {
      try log.put("0000000001.index", Array(index.utf8))
      let reader = try LogReader(log.directory, since: second(9990))
      #expect(try reader.rest().count == 10, "\(index)")
      #expect(reader.undecodableLines == 0, "\(index)")
    }
  }
}

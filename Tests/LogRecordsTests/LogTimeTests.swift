import LogRecords
import Testing

@Suite("Log time") struct LogTimeTests {
  @Test(
    "a time is written as Go's RFC3339Nano: without the fraction's trailing zeros",
    arguments: [
      (0, "1970-01-01T00:00:00Z"),
      (1, "1970-01-01T00:00:00.000000001Z"),
      (1_475_713_029_669_794_202, "2016-10-06T00:17:09.669794202Z"),
      (1_795_526_685_409_487_860, "2026-11-24T13:24:45.40948786Z"),
      (1_709_251_199_500_000_000, "2024-02-29T23:59:59.5Z"),
      (4_107_542_400_000_000_000, "2100-03-01T00:00:00Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"),
      (Int64.max, "2262-04-11T23:47:16.854775807Z"),
      (Int64.min, "1677-09-21T00:12:43.145224192Z"),
    ] as [(Int64, String)])
  func text(nanoseconds: Int64, text: String) throws {
    let log = try LogFixture()
    log.writer().append("x\n", at: LogTime(nanoseconds: nanoseconds))
    #expect(try log.file("0000000001.log") == #"{"log":"x\n","stream":"stdout","time":"\#(text)"}"# + "\n")
    #expect(try LogReader(log.directory).next()?.time.nanoseconds == nanoseconds)
  }

  @Test("an offset from UTC is read: other programs write CRI logs too")
  func offset() throws {
    let log = try LogFixture()
    try log.put("0000000001.log", Array("2016-10-06T02:17:09.5+02:00 stdout F a\n".utf8))
    #expect(try LogReader(log.directory).next()?.time.nanoseconds == 1_475_713_029_500_000_000)
  }

  @Test(
    "what is no time is no record",
    arguments: [
      "2016-10-06T00:17:09", "2016-13-06T00:17:09Z", "2016-10-06T00:17:09.Z", "2016-10-06T00:17:09.1234567890Z",
      "2016-10-06 00:17:09Z", "2016-10-06T00:17:09+2:00", "2016-10-06T00:17:09ZZ", "2016-10-06T24:00:00Z",
      "9999-10-06T00:00:00Z", "",
    ])
  func noTime(text: String) throws {
    let log = try LogFixture()
    try log.put(
      "0000000001.log", Array("\(text) stdout F a\n{\"log\":\"a\",\"stream\":\"stdout\",\"time\":\"\(text)\"}\n".utf8))
    let reader = try LogReader(log.directory)
    #expect(try reader.next() == nil)
    #expect(reader.undecodableLines == 2)
  }
}

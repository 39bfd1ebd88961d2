import EngineClient
import Testing

@testable import Commands

@Suite("Sizes, times and tables")
struct TextTests {
  @Test(
    "sizes are shown in units of 1000 with four digits, or as many as are asked for",
    arguments: [
      (0, 4, "0B"), (999, 4, "999B"), (1000, 4, "1kB"), (1_023, 4, "1.023kB"), (1_982_256, 3, "1.98MB"),
      (1_982_256, 4, "1.982MB"), (99_999_999, 3, "100MB"), (1_000_000_000_000, 3, "1TB"), (9_996_000, 3, "10MB"),
    ] as [(Int, Int32, String)])
  func decimal(_ bytes: Int, _ digits: Int32, _ expected: String) {
    #expect(Sizes.decimal(bytes, digits: digits) == expected)
  }

  @Test("memory is shown in units of 1024", arguments: [(0, "0B"), (552_960, "540KiB"), (25_276_063_744, "23.54GiB")])
  func binary(_ bytes: Double, _ expected: String) {
    #expect(Sizes.binary(bytes) == expected)
  }

  @Test(
    "sizes are read as go-units reads them",
    arguments: [
      ("32", "32"), ("32b", "32"), ("32k", "32768"), ("32KB", "32768"), ("32Ki", "invalid suffix: 'ki'"),
      ("32kib", "32768"), ("1.5 GiB", "1610612736"), ("1g", "1073741824"), (".5m", "524288"),
      ("x", "invalid size: 'x'"), ("", "invalid size: ''"), ("1x", "invalid suffix: 'x'"), ("-1", "invalid size: '-1'"),
      ("1kbb", "invalid suffix: 'kbb'"), ("9999999p", "invalid size: '9999999p'"), ("0x1f", "invalid suffix: 'f'"),
    ])
  func parsesSizes(_ text: String, _ expected: String) {
    let result: String
    do { result = "\(try Sizes.parse(text))" } catch { result = error.reason }
    #expect(result == expected)
  }

  @Test(
    "durations are told as go-units tells them",
    arguments: [
      (0.5, "Less than a second"), (1, "1 second"), (45, "45 seconds"), (61, "About a minute"), (179, "2 minutes"),
      (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"), (86400, "24 hours"), (172_800, "2 days"),
      (1_209_600, "2 weeks"), (5_184_000, "2 months"), (63_072_000, "2 years"), (-5, "Less than a second"),
    ])
  func durations(_ seconds: Double, _ expected: String) {
    #expect(Durations.human(seconds: seconds) == expected)
  }

  @Test(
    "durations are read as Go reads them",
    arguments: [
      ("1h30m", "5400000000000"), ("1.5s", "1500000000"), ("-10ms", "-10000000"), ("0", "0"), ("1us2ns", "1002"),
      ("x", "time: invalid duration \"x\""), ("", "time: invalid duration \"\""),
      ("5", "time: missing unit in duration \"5\""), ("5d", "time: unknown unit \"d\" in duration \"5d\""),
      ("999999999h", "time: invalid duration \"999999999h\""),
    ])
  func parsesDurations(_ text: String, _ expected: String) {
    let result: String
    do { result = "\(try Durations.parse(text))" } catch { result = error.reason }
    #expect(result == expected)
  }

  @Test(
    "times are read to the nanosecond, with any zone",
    arguments: [
      ("2026-11-24T13:57:02Z", 1_795_528_622, 0), ("2026-11-24T13:57:02.5Z", 1_795_528_622, 500_000_000),
      ("2026-11-24T14:57:02.000000001+01:00", 1_795_528_622, 1), ("1970-01-01T00:00:00Z", 0, 0),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("2024-02-29T00:00Z", 1_709_164_800, 0),
    ])
  func times(_ text: String, _ seconds: Int64, _ nanoseconds: Int64) {
    #expect(Timestamp(text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
  }

  @Test(
    "what is no time is none",
    arguments: [
      "", "x", "2026", "2026-13-01", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1",
      "2026-01-01Tx",
    ])
  func noTimes(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("a time of a flag: how long ago, when, or the API's own form")
  func timeArguments() throws {
    let now = Timestamp(seconds: 1000, nanoseconds: 5)
    #expect(try TimeArgument.parse("10s", name: "since", now: now) == "990.000000005")
    #expect(try TimeArgument.parse("1970-01-01T00:00:01Z", name: "since", now: now) == "1.000000000")
    #expect(try TimeArgument.parse("12.5", name: "since", now: now) == "12.5")
    #expect(throws: CommandError("invalid value for \"since\": failed to parse value as time or duration: \"x\"")) {
      try TimeArgument.parse("x", name: "since", now: now)
    }
  }

  @Test("a column is as wide as its widest cell and three spaces, and at least ten; the last is not padded")
  func tables() {
    #expect(
      Table.aligned("ID\tNAME\tX\na\ta long…name\tlast\n") == """
        ID        NAME          X
        a         a long…name   last

        """)
  }

  @Test("a word is cut with an ellipsis that counts", arguments: [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…")])
  func cut(_ text: String, _ width: Int, _ expected: String) {
    #expect(ellipsis(text, width) == expected)
  }

  @Test("names are ordered so that numbers in them count")
  func naturalOrder() {
    let names = ["v10", "v2", "a", "v2b", "v02", "v"]
    #expect(names.sorted(by: naturallyPrecedes) == ["a", "v", "v2", "v2b", "v02", "v10"])
  }

  @Test("ports: neighbours become a range, moved ones come last")
  func ports() throws {
    let document = #"""
      [{"PrivatePort":80,"PublicPort":8080,"Type":"tcp","IP":"0.0.0.0"},{"PrivatePort":80,"PublicPort":8080,"Type":"tcp","IP":"::"},
       {"PrivatePort":91,"PublicPort":91,"Type":"udp","IP":"0.0.0.0"},{"PrivatePort":90,"PublicPort":90,"Type":"udp","IP":"0.0.0.0"},
       {"PrivatePort":5,"Type":"tcp"},{"PrivatePort":7,"Type":"tcp"}]
      """#
    let ports = try parsed(document).elements.map(DisplayedPort.init)
    #expect(
      displayedPorts(ports)
        == "5/tcp, 7/tcp, 0.0.0.0:90-91->90-91/udp, 0.0.0.0:8080->80/tcp, [::]:8080->80/tcp")
  }
}

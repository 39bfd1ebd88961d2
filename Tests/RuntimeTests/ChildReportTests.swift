import Linux
import Testing

@testable import Runtime

@Suite("The child's report") struct ChildReportTests {
  @Test(
    "what the child writes the parent reads",
    arguments: [
      ChildReport.ready, .hooks,
      .failed(RuntimeError(.commandNotFound, "exec: \"nope\": executable file not found in $PATH")),
    ])
  func roundTrip(report: ChildReport) throws {
    let (ours, theirs) = try socketPair()
    try theirs.writeAll(report.bytes)
    try theirs.endSending()
    #expect(try ChildReport.read(from: ours) == report)
  }

  @Test("an error without end is cut, so that the child never waits for a reader")
  func longError() throws {
    let report = ChildReport.failed(RuntimeError(.system, String(repeating: "x", count: 1 << 20)))
    #expect(report.bytes.count == ChildReport.errorBytesMax + 2)
  }

  @Test("a child that became its program has nothing to say")
  func end() throws {
    let (ours, theirs) = try socketPair()
    try theirs.endSending()
    #expect(try ChildReport.read(from: ours) == nil)
  }
}

import Linux
import Testing

@testable import MonitorProtocol

/// The frozen bytes of version 1. A failure here means that a daemon and the monitors of an older one no longer
/// understand each other.
@Suite("Golden bytes") struct GoldenTests {
  @Test("launch record: a container with every member")
  func container() throws {
    let golden = try fixture("launch-container.hex")
    #expect(hexLines(try Samples.container.encodedRecord()) == golden)
    #expect(try LaunchRecord(field: bytes(hexLines: golden)[...]) == Samples.container)
  }

  @Test("launch record: an exec says little")
  func exec() throws {
    let golden = try fixture("launch-exec.hex")
    #expect(hexLines(try Samples.exec.encodedRecord()) == golden)
    #expect(try LaunchRecord(field: bytes(hexLines: golden)[...]) == Samples.exec)
  }

  @Test("exit record: the file", arguments: [("exited", Samples.exited), ("failed", Samples.failed)])
  func exit(name: String, record: ExitRecord) throws {
    let golden = try fixture("exit-\(name).hex")
    #expect(hexLines(try record.fileBytes()) == golden)
    #expect(try ExitRecord(fileBytes: bytes(hexLines: golden)) == record)
  }

  @Test("frames: every message")
  func messages() throws {
    func transcript(_ messages: [(String, some MonitorMessage)]) throws -> String {
      try messages.map { "# \($0)\n\(hexLines(try $1.encoded()))" }.joined()
    }
    #expect(try transcript(Samples.requests) == (try fixture("requests.hex")))
    #expect(try transcript(Samples.replies) == (try fixture("replies.hex")))
  }
}

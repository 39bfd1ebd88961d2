import Glibc
import Linux
import Testing

@testable import MonitorProtocol

@Suite("The exit record's file") struct ExitRecordFileTests {
  @Test("what a monitor leaves behind is found")
  func roundTrip() throws {
    try inTemporaryDirectory { directory in
      #expect(throws: ExitRecordError.system(SyscallError("open", "exit", errno: .noSuchFile))) {
        try ExitRecord.read("exit", in: directory)
      }
      try Samples.failed.write(to: "exit", in: directory)
      try Samples.exited.write(to: "exit", in: directory)
      #expect(try ExitRecord.read("exit", in: directory) == Samples.exited)
      #expect(try directory.entries() == ["exit"])
    }
  }

  @Test("a link is not followed")
  func link() throws {
    try inTemporaryDirectory { directory in
      try Samples.exited.write(to: "other", in: directory)
      try symlink("other", "exit", at: .directory(directory))
      #expect(throws: ExitRecordError.self) { try ExitRecord.read("exit", in: directory) }
    }
  }

  @Test("a file that is cut anywhere is torn")
  func torn() throws {
    let whole = try Samples.exited.fileBytes()
    for count in 0..<whole.count {
      #expect(throws: ExitRecordError.torn(bytes: count)) { try ExitRecord(fileBytes: Array(whole[..<count])) }
    }
    #expect(throws: ExitRecordError.torn(bytes: whole.count + 1)) { try ExitRecord(fileBytes: whole + [0]) }
  }

  @Test("other files are told from ours")
  func foreign() throws {
    #expect(throws: ExitRecordError.foreign) { try ExitRecord(fileBytes: [UInt8](repeating: 0, count: 100)) }
    #expect(throws: ExitRecordError.foreign) { try ExitRecord(fileBytes: Array("exit 3\n".utf8)) }
    var later = try Samples.exited.fileBytes()
    later[6] = 2
    #expect(throws: ExitRecordError.unknownVersion(2)) { try ExitRecord(fileBytes: later) }
  }

  @Test("damaged files are read or refused", arguments: 0..<20 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = try generator.exitRecord().fileBytes()
    for _ in 0..<100 {
      guard let read = try? ExitRecord(fileBytes: generator.damage(whole)) else { continue }
      #expect(try ExitRecord(fileBytes: read.fileBytes()) == read)
    }
  }

  private func inTemporaryDirectory(_ body: (Descriptor) throws -> Void) throws {
    var template = Array("/tmp/skiff-exit-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { try? removeTree(path) }
    try body(try open(path, O_RDONLY | O_DIRECTORY))
  }
}

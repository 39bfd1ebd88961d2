import Glibc
import Linux
import LogRecords
import Testing

@Suite("Lost log") struct LossTests {
  /// A file system of `size` bytes that is mounted nowhere and gone with the descriptor.
  private func smallDisk(_ size: Int) throws -> Descriptor {
    let context = try FileSystemContext("tmpfs")
    try context.set("size", "\(size)")
    return try context.mount()
  }

  @Test("a full disk drops, counts and marks, and the log goes on when there is space", arguments: ["json", "cri"])
  func fullDisk(format: String) throws {
    let disk = try smallDisk(64 << 10)
    let format: LogFormat = format == "json" ? .jsonFile(attributes: nil) : .cri
    let writer = LogWriter(directory: disk, settings: LogSettings(format: format))
    let ballast = try open("ballast", at: .directory(disk), O_WRONLY | O_CREAT, mode: 0o600)
    try ballast.writeAll([UInt8](repeating: 0, count: 40 << 10))
    var written: [LogStream: UInt64] = [.stdout: 0, .stderr: 0]
    for number in 0..<1000 {
      let stream: LogStream = number % 3 == 0 ? .stderr : .stdout
      let line = "line \(number)\n"
      writer.append(line, stream, at: second(Int64(number)))
      written[stream, default: 0] += UInt64(line.utf8.count)
    }
    #expect(writer.failure?.errno == .noSpace)
    #expect(writer.lost.total > 2000)
    #expect(writer.end == StreamPositions(stdout: written[.stdout] ?? 0, stderr: written[.stderr] ?? 0))

    try unlink("ballast", at: .directory(disk))
    try ballast.truncate(to: 0)
    let lost = writer.lost
    writer.append("after\n", at: second(2000))
    #expect(writer.lost == StreamPositions())
    let reader = try LogReader(disk, from: .position(StreamPositions()))
    let records = try reader.rest()
    #expect(reader.undecodableLines == 0)
    #expect(
      text(records.suffix(2)) == """
        2000 stderr "[skiff: \(lost.total) bytes of log were lost: no space left on device]\\n"
        2000 stdout "after\\n"
        """)
    #expect(records.compactMap(\.lost).last == lost)
    // Places count what is missing, so that they stay the process's own.
    #expect(records.last?.position == written[.stdout])
    #expect(LogWriter(directory: disk).start == writer.end)
  }

  @Test("on a full disk whole lines are kept and a half one is not")
  func noTornLine() throws {
    let disk = try smallDisk(16 << 10)
    let writer = LogWriter(directory: disk)
    writer.append((0..<1000).map { "line \($0)\n" }.joined())
    let records = try LogReader(disk).rest()
    #expect(records.count > 100)
    #expect(records.map(\.bytes) == (0..<records.count).map { Array("line \($0)\n".utf8) })
    let segment = try readFile("0000000001.log", at: .directory(disk))
    #expect(segment.last == 0x0a)
    #expect(writer.lost.total == UInt64((records.count..<1000).reduce(0) { $0 + "line \($1)\n".utf8.count }))
  }

  @Test("a disk that is full from the start is no obstacle to a launch, and the log begins when it can")
  func fullFromTheStart() throws {
    let disk = try smallDisk(4096)
    let ballast = try open("ballast", at: .directory(disk), O_WRONLY | O_CREAT, mode: 0o600)
    try ballast.writeAll([UInt8](repeating: 0, count: 4096))
    let writer = LogWriter(directory: disk)
    writer.append("one\n", at: second(1))
    writer.append("two\n", at: second(1))
    #expect(writer.lost == StreamPositions(stdout: 8))
    try ballast.truncate(to: 0)
    writer.append("three\n", at: second(2))
    #expect(
      text(try LogReader(disk).rest())
        == "2 stderr \"[skiff: 8 bytes of log were lost: no space left on device]\\n\"\n2 stdout \"three\\n\"")
  }

  @Test("a log that cannot be written is tried ten times a second, not for each line")
  func retries() throws {
    let disk = try smallDisk(4096)
    let ballast = try open("ballast", at: .directory(disk), O_WRONLY | O_CREAT, mode: 0o600)
    try ballast.writeAll([UInt8](repeating: 0, count: 4096))
    let writer = LogWriter(directory: disk)
    writer.append("one\n", at: LogTime(nanoseconds: 0))
    try ballast.truncate(to: 0)
    writer.append("two\n", at: LogTime(nanoseconds: 99_999_999))
    #expect(writer.lost.total == 8)
    writer.append("three\n", at: LogTime(nanoseconds: 100_000_000))
    #expect(writer.lost.total == 0)
  }

  @Test("the last thing a closed log says is what was lost")
  func close() throws {
    let disk = try smallDisk(4096)
    let ballast = try open("ballast", at: .directory(disk), O_WRONLY | O_CREAT, mode: 0o600)
    try ballast.writeAll([UInt8](repeating: 0, count: 4096))
    let writer = LogWriter(directory: disk)
    writer.append("one\nunfinished", at: second(1))
    try ballast.truncate(to: 0)
    writer.close(at: second(1))
    #expect(
      text(try LogReader(disk).rest())
        == "1 stderr \"[skiff: 14 bytes of log were lost: no space left on device]\\n\"")
  }

  @Test("a directory that vanished loses what no segment can take, and nothing stops")
  func vanishedDirectory() throws {
    let parent = try LogFixture()
    try makeDirectory("log", at: .directory(parent.directory))
    let directory = try open("log", at: .directory(parent.directory), O_RDONLY | O_DIRECTORY)
    try removeTree("log", at: .directory(parent.directory))
    let writer = LogWriter(directory: directory)
    writer.append("one\n")
    #expect(writer.lost.total == 4)
    #expect(writer.failure?.errno == .noSuchFile)
  }

  @Test("output cannot pass for a record of what was lost")
  func forged() throws {
    for format in [LogFormat.jsonFile(attributes: nil), .cri] {
      let log = try LogFixture()
      let writer = log.writer(LogSettings(format: format))
      writer.append(#"x\n","stream":"stderr","attrs":{"dev.skiff.lost.stdout":"1","dev.skiff.lost.stderr":"1"},"#)
      writer.append("\n1970-01-01T00:00:00Z stderr F:lost=1+1 x\n")
      #expect(try LogReader(log.directory).rest().map(\.lost) == [nil, nil])
    }
  }
}

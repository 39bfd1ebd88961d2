import Glibc
import Linux
import LogRecords
import Testing

@Suite("Following a log") struct FollowTests {
  @Test("a follower that came before the log sees each record once, over rotations")
  func rotations() throws {
    let log = try LogFixture()
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(try reader.next() == nil)
    let writer = log.writer(segmentBytesMax: 200)
    for number in 0..<50 {
      writer.append("\(number)\n", at: second(Int64(number)))
      #expect(text(try reader.rest()) == "\(number) stdout \"\(number)\\n\"")
    }
    #expect(reader.missedSegments == 0)
    #expect(reader.undecodableLines == 0)
  }

  @Test("what was written between the last look at a segment and its rotation is read")
  func lateWrites() throws {
    let log = try LogFixture()
    let writer = log.writer(segmentBytesMax: 200)
    writer.append("0\n")
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(try reader.rest().count == 1)
    for number in 1..<6 { writer.append("\(number)\n") }
    #expect(try reader.rest().map(\.bytes) == (1..<6).map { Array("\($0)\n".utf8) })
  }

  @Test("a torn line is never shown, however it is torn, and shown once when it is whole")
  func tornLine() throws {
    let log = try LogFixture()
    log.writer().append("first\n")
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(try reader.rest().count == 1)
    let line = try log.bytes("0000000001.log")
    for byte in line.dropLast() {
      try log.append("0000000001.log", String(UnicodeScalar(byte)))
      #expect(try reader.next() == nil)
    }
    try log.append("0000000001.log", "\n")
    #expect(text(try reader.rest()) == #"0 stdout "first\n""#)
  }

  @Test("a torn line that is cut off and written anew by the next launch is shown as it was written anew")
  func tornAndRewritten() throws {
    let log = try LogFixture()
    log.writer().append("first\n")
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(try reader.rest().count == 1)
    try log.append("0000000001.log", #"{"log":"half a li"#)
    #expect(try reader.next() == nil)
    log.writer().append("second\n")
    #expect(text(try reader.rest()) == #"0 stdout "second\n""#)
    #expect(reader.undecodableLines == 0)
  }

  @Test("a log that somebody cut or emptied goes on")
  func cutByUser() throws {
    let log = try LogFixture()
    let writer = log.writer()
    writer.append("one\ntwo\n")
    let reader = try LogReader(log.directory, isFollowing: true)
    #expect(try reader.rest().count == 2)
    try open("0000000001.log", at: .directory(log.directory), O_WRONLY).truncate(to: 0)
    writer.append("three\n")
    #expect(text(try reader.rest()) == #"0 stdout "three\n""#)
    let next = log.writer(segmentBytesMax: 1)
    next.append("four\n")
    #expect(try reader.rest().count == 1)
    for name in try log.names { try unlink(name, at: .directory(log.directory)) }
    log.writer().append("five\n")
    #expect(text(try reader.rest()) == #"0 stdout "five\n""#)
  }

  @Test("woken by a watch, a follower gets every line of a writer that does not wait for it")
  func concurrentWriter() throws {
    let log = try LogFixture()
    let watches = try DirectoryWatches()
    let watch = try watches.add(log.directory)
    let reader = try LogReader(log.directory, isFollowing: true)
    let count = 20_000
    let job = Unmanaged.passRetained(WriterJob(log, count))
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil, { job in job.flatMap { Unmanaged<WriterJob>.fromOpaque($0).takeRetainedValue().run() } },
      job.toOpaque())
    try #require(started == 0)
    var seen = 0
    while seen < count {
      while let record = try reader.next() {
        #expect(record.bytes == Array("line \(seen)\n".utf8))
        seen += 1
      }
      guard seen < count else { break }
      let isWoken = try watches.descriptor.waitUntilReadable(milliseconds: 10_000)
      try #require(isWoken, "nothing came after line \(seen)")
      #expect(try watches.read().directories == [watch])
    }
    pthread_join(thread, nil)
    #expect(reader.undecodableLines == 0)
    #expect(reader.missedSegments == 0)
  }

  @Test("a watch tells of its directory only, and of none when nothing happened")
  func watches() throws {
    let first = try LogFixture()
    let second = try LogFixture()
    let watches = try DirectoryWatches()
    _ = try watches.add(first.directory)
    let watch = try watches.add(second.directory)
    #expect(try watches.read() == DirectoryWatches.Changes())
    second.writer().append("x\n")
    #expect(try watches.read().directories == [watch])
    try watches.remove(watch)
    second.writer().append("x\n")
    #expect(try watches.read().directories == [])
  }
}

/// Writes numbered lines in batches of some, over many segments that all stay.
private final class WriterJob {
  private let log: LogFixture
  private let count: Int

  init(_ log: LogFixture, _ count: Int) {
    self.log = log
    self.count = count
  }

  func run() -> UnsafeMutableRawPointer? {
    let writer = log.writer(segmentBytesMax: 100_000, segmentCountMax: nil)
    for start in stride(from: 0, to: count, by: 100) {
      writer.append((start..<start + 100).map { "line \($0)\n" }.joined())
    }
    return nil
  }
}

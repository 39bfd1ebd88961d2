import OCI
import Testing

@testable import MonitorProtocol

@Suite("Records") struct RecordTests {
  @Test("what is written is read", arguments: 0..<150 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let launch = generator.launchRecord()
    #expect(try LaunchRecord(field: launch.encodedRecord()[...]) == launch)
    let exit = generator.exitRecord()
    #expect(try ExitRecord(field: exit.encodedRecord()[...]) == exit)
  }

  @Test("tags of a later version are skipped, in nested records too, and may repeat")
  func unknownTags() throws {
    let container =
      field(9, [1, 2]) + field(1, Array("id".utf8)) + field(2, field(1, Array("/r".utf8)) + field(60, []))
    let record =
      field(0xffff, [1]) + field(0xffff, []) + field(1, [UInt8](repeating: 0, count: 16))
      + field(2, field(1, container))
      + field(63, [9])
    let read = try LaunchRecord(field: record[...])
    #expect(read.kind == .container(LaunchRecord.NewContainer(id: "id", root: .directory("/r"))))
  }

  @Test("the order of the fields does not matter")
  func anyOrder() throws {
    let role = field(2, [3]) + field(1, [2, 0])
    #expect(try LaunchRecord.DescriptorRole(field: role[...]) == .attach([.stdin, .stdout]))
  }

  @Test("an empty optional is not an absent one")
  func emptyOptional() throws {
    var record = Samples.exec
    record.user = ""
    record.spec.linux = RuntimeSpec.LinuxConfiguration(resources: RuntimeSpec.Resources(memory: RuntimeSpec.Memory()))
    #expect(try LaunchRecord(field: record.encodedRecord()[...]) == record)
  }

  @Test("a record that is cut anywhere is refused, unless it is cut between two members")
  func truncated() throws {
    let whole = try Samples.container.encodedRecord()
    var boundaries: Set<Int> = []
    var position = 0
    while position < whole.count {
      let length = (0..<4).reduce(0) { $0 | Int(whole[position + 2 + $1]) << (8 * $1) }
      position += 6 + length
      boundaries.insert(position)
    }
    // Without the launch id and the kind there is no record at all.
    boundaries.remove(boundaries.min() ?? 0)
    let readable = Set((0...whole.count).filter { (try? LaunchRecord(field: whole[..<$0])) != nil })
    #expect(readable == boundaries)
  }

  @Test(
    "what is malformed is refused by the member's name",
    arguments: [
      (field(1, [1, 2]), "launchID has 2 bytes instead of 16"),
      ([1, 0, 4], "the record ends too early"),
      (field(9, [1, 0, 0, 0]) + field(9, [2, 0, 0, 0]), "stopSignal is there twice"),
      (field(2, []), "kind is not exactly one of its alternatives"),
      (field(2, field(2, field(1, [1, 0, 0, 0]))), "kind.exec.startTime is missing"),
      (field(2, field(1, field(2, field(1, [0x2f, 0])))), "kind.container.root.directory contains a NUL byte"),
      (field(3, field(2, field(4, [0xff]))), "spec.process.args is not UTF-8"),
      (field(3, field(2, field(5, [0x41, 0]))), "spec.process.env contains a NUL byte"),
      (field(3, field(2, field(1, [2]))), "spec.process.terminal has the unknown value \"2\""),
      (
        field(3, field(8, field(1, field(1, Array("moon".utf8))))),
        "spec.linux.namespaces.type has the unknown value \"moon\""
      ),
      (field(3, field(8, field(1, []))), "spec.linux.namespaces.type is missing"),
      (field(3, field(7, field(1, [0x61]))), "spec.annotations.a is missing"),
      (
        field(3, field(7, field(1, [0x61]) + field(2, [])) + field(7, field(1, [0x61]) + field(2, []))),
        "spec.annotations.a is there twice"
      ),
      (field(7, [3]), "input has the unknown value \"3\""),
      ([UInt8]((0..<65).map { _ in field(12, field(1, [1, 0])) }.joined()), "descriptors has more than 64 elements"),
    ])
  func malformed(record: [UInt8], reason: String) {
    let error = #expect(throws: RecordError.self) { try LaunchRecord(field: record[...]) }
    #expect(error?.description == reason)
  }

  @Test("text that the kernel would cut is not written")
  func writesNoNUL() {
    var record = Samples.exec
    record.spec.process?.args = ["a\0b"]
    let error = #expect(throws: RecordError.self) { try record.encodedRecord() }
    #expect(error?.description == "spec.process.args contains a NUL byte")
  }

  @Test("damaged records are read or refused, and what is read can be written", arguments: 0..<40 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = try (seed % 2 == 0 ? Samples.container : generator.launchRecord()).encodedRecord()
    for _ in 0..<60 {
      let damaged = generator.damage(whole)
      guard let read = try? LaunchRecord(field: damaged[...]) else { continue }
      #expect(try LaunchRecord(field: read.encodedRecord()[...]) == read)
    }
  }

  @Test("a launch id is its 32 digits")
  func launchID() {
    #expect(LaunchID("00ff0000000000010000000000000abc")?.description == "00ff0000000000010000000000000abc")
    #expect(LaunchID("00FF0000000000010000000000000abc") == nil)
    #expect(LaunchID("+0ff0000000000010000000000000abc") == nil)
    #expect(LaunchID("00") == nil)
  }

  @Test("a failure's text is cut at a whole character")
  func longText() {
    let failure = Failure(kind: 1, text: "x" + String(repeating: "é", count: 5000))
    #expect(failure.text.utf8.count == Failure.textBytesMax - 1)
  }
}

extension SeededGenerator {
  /// The bytes with one to four of them changed, a piece taken out or doubled.
  mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
    var damaged = bytes
    for _ in 0...next() % 4 where !damaged.isEmpty {
      let position = Int(next() % UInt64(damaged.count))
      let end = min(damaged.count, position + Int(next() % 8))
      switch next() % 4 {
      case 0: damaged[position] = integer()
      case 1: damaged[position] ^= 1 << (next() % 8)
      case 2: damaged.removeSubrange(position..<end)
      default: damaged.insert(contentsOf: damaged[position..<end], at: position)
      }
    }
    return damaged
  }
}

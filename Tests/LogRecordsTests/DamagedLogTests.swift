import LogRecords
import Testing

@Suite("Damaged logs") struct DamagedLogTests {
  @Test("whatever happens to some lines, the reader gives all the others and ends", arguments: 0..<60)
  func mutated(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let log = try LogFixture()
    let attributes = LogAttributes(json: Array(#"{"label":"value"}"#.utf8))
    let format: LogFormat = seed % 3 == 0 ? .cri : .jsonFile(attributes: seed % 2 == 0 ? attributes : nil)
    log.writer(LogSettings(format: format)).append(
      (0..<200).map { "line \($0) \u{e9}\t<\u{2028}>\n" }.joined(), seed % 5 == 0 ? .stderr : .stdout)
    let lines = try log.bytes("0000000001.log").split(separator: 0x0a, omittingEmptySubsequences: false)
    var damaged: [[UInt8]] = []
    var kept: [Int] = []
    for (number, line) in lines.enumerated() {
      if number < 200, !Bool.random(using: &numbers) {
        damaged.append(mutate(Array(line), &numbers))
      } else {
        damaged.append(Array(line))
        if number < 200 { kept.append(number) }
      }
    }
    try log.put("0000000001.log", Array(damaged.joined(separator: [0x0a])))
    try log.put("0000000001.index", (0..<100).map { _ in UInt8.random(in: 0x20...0x39, using: &numbers) })
    for start in [LogStart.beginning, .tail(50), .position(StreamPositions(stdout: 100, stderr: 100))] {
      let reader = try LogReader(log.directory, from: start, since: start == .tail(50) ? second(0) : nil)
      let records = try reader.rest()
      guard start == .beginning else { continue }
      let found = Set(records.map { String(decoding: $0.bytes, as: UTF8.self) })
      #expect(kept.allSatisfy { found.contains("line \($0) \u{e9}\t<\u{2028}>\n") })
      let lineCount =
        damaged.joined(separator: [0x0a]).split(separator: 0x0a, omittingEmptySubsequences: false).count - 1
      #expect(records.count + reader.undecodableLines == lineCount)
    }
    let writer = log.writer(LogSettings(format: format))
    writer.append("next\n")
    #expect(try LogReader(log.directory, from: .tail(1)).rest().map(\.bytes) == [Array("next\n".utf8)])
  }

  /// The line with some of its bytes changed, removed, doubled or moved; a newline may be among them.
  private func mutate(_ line: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var line = line
    for _ in 0...Int.random(in: 0...3, using: &numbers) {
      guard !line.isEmpty else { return line }
      let place = Int.random(in: 0..<line.count, using: &numbers)
      switch Int.random(in: 0...5, using: &numbers) {
      case 0: line[place] = UInt8.random(in: 0...255, using: &numbers)
      case 1: line.remove(at: place)
      case 2: line.removeSubrange(place...)
      case 3: line.insert(contentsOf: line[place...], at: place)
      case 4: line[place] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
      default: line.insert(contentsOf: Array(#"\"{}:,F P\u"#.utf8), at: place)
      }
    }
    return line
  }
}

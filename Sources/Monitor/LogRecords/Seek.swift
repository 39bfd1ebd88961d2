import Linux

/// Where reading begins: a segment, at its offset, and what the index says of that place if it was asked.
struct SeekResult {
  let segment: SegmentFile
  let entry: IndexEntry?
}

/// Finds the place where reading begins without reading what is in front of it.
struct Seek {
  private let directory: Descriptor
  private let numbers: [UInt64]

  /// Searches the segments `numbers`, ascending.
  init(_ directory: Descriptor, _ numbers: [UInt64]) {
    self.directory = directory
    self.numbers = numbers
  }

  /// The last indexed place for which `isBefore` holds, which must hold for all places up to some place and for none
  /// after it; else the first place of the log.
  func lastEntry(where isBefore: (IndexEntry) -> Bool) throws(SyscallError) -> SeekResult? {
    var oldest: SeekResult?
    for number in numbers.reversed() {
      guard let segment = try SegmentFile.open(number, in: directory) else { continue }
      let entries = SegmentIndex.read(number, size: try segment.size(), in: directory)
      for entry in entries.reversed() where isBefore(entry) {
        guard try segment.isLineStart(entry.offset) else { continue }
        segment.seek(to: entry.offset)
        return SeekResult(segment: segment, entry: entry)
      }
      let start = entries.first?.offset == 0 ? entries.first : nil
      oldest = SeekResult(segment: segment, entry: start)
    }
    return oldest
  }

  /// The place from which the last `lines` lines go to the end, when the newest segment has `newestSize` bytes.
  func tail(_ lines: Int, newestSize: Int64) throws(SyscallError) -> SeekResult? {
    var missing = max(lines, 0)
    var oldest: SeekResult?
    for number in numbers.reversed() {
      guard let segment = try SegmentFile.open(number, in: directory) else { continue }
      let size = number == numbers.last ? newestSize : try segment.size()
      let found = try segment.tail(missing, size: size)
      segment.seek(to: found.offset)
      oldest = SeekResult(segment: segment, entry: nil)
      missing -= found.lines
      if found.offset > 0 || missing == 0 { break }
    }
    return oldest
  }
}

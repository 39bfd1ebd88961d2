import Glibc
import Linux

/// One line of an index: what is known of a segment up to a byte of it, where a record begins.
struct IndexEntry: Equatable {
  var offset: Int64
  /// No record before `offset`, in this segment or an older one, is later. It is not the time of a record: clocks step
  /// backwards, this does not, so it can be searched.
  var latest: LogTime
  /// The raw bytes of each stream before `offset`, since the beginning of the log.
  var positions: StreamPositions

  /// An entry is written with the first record that begins this many bytes behind the last one. A reader that seeks
  /// reads so much in vain, about a millisecond; an index of 10 MiB takes 2 KB.
  static let spacingBytes: Int64 = 256 << 10

  /// `offset latest stdout stderr`, decimal, with a newline.
  var text: String {
    "\(offset) \(latest.nanoseconds) \(positions.stdout) \(positions.stderr)\n"
  }

  init(offset: Int64, latest: LogTime, positions: StreamPositions) {
    self.offset = offset
    self.latest = latest
    self.positions = positions
  }

  init?(parsing line: Substring) {
    let fields = line.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count == 4, let offset = Int64(fields[0]), let latest = Int64(fields[1]),
      let stdout = UInt64(fields[2]), let stderr = UInt64(fields[3])
    else { return nil }
    self.init(
      offset: offset, latest: LogTime(nanoseconds: latest), positions: StreamPositions(stdout: stdout, stderr: stderr))
  }

  /// Says what a segment says that has no index: that it begins the log.
  static let beginning = IndexEntry(offset: 0, latest: .distantPast, positions: StreamPositions())
}

enum SegmentIndex {
  /// An index this long describes 80 GB in one segment; the rest of it is found by reading on from there.
  private static let bytesMax = 16 << 20

  /// The entries of the segment `number` that can be believed: in order, complete, and not behind its `size`. An index
  /// that is missing or damaged is as short as that, and no error.
  static func read(_ number: UInt64, size: Int64, in directory: Descriptor) -> [IndexEntry] {
    guard let file = try? open(SegmentNames.index(number), at: .directory(directory), O_RDONLY | O_NOFOLLOW),
      let size64 = try? file.status().size, let bytes = try? file.read(first: min(Int(size64), bytesMax))
    else { return [] }
    var entries: [IndexEntry] = []
    var last = IndexEntry(offset: -1, latest: .distantPast, positions: StreamPositions())
    var rest = String(decoding: bytes, as: UTF8.self)[...]
    while let end = rest.firstIndex(of: "\n") {
      guard let entry = IndexEntry(parsing: rest[..<end]), entry.offset > last.offset, entry.offset <= size,
        entry.latest >= last.latest, last.positions.isAtMost(entry.positions)
      else { break }
      entries.append(entry)
      last = entry
      rest = rest[rest.index(after: end)...]
    }
    return entries
  }
}

extension Descriptor {
  /// Reads up to `limit` bytes from the start of the file.
  fileprivate func read(first limit: Int) throws(SyscallError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(limit, 0))
    var count = 0
    while count < bytes.count {
      let got = try syscallCount("pread") { pread(raw, &bytes[count], bytes.count - count, off_t(count)) }
      if got == 0 { break }
      count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// The place behind the last newline in the first `size` bytes of the file, or 0.
  func endOfLastLine(within size: Int64) throws(SyscallError) -> Int64 {
    try startOfLine(fromEnd: 0, within: size).offset
  }

  /// Goes back over `lines` lines from the last newline in the first `size` bytes of the file.
  ///
  /// - Returns: where the first of them begins, and how many lines there are from there on: fewer than `lines` only at 0.
  func startOfLine(fromEnd lines: Int, within size: Int64) throws(SyscallError) -> (offset: Int64, lines: Int) {
    var block = [UInt8](repeating: 0, count: 64 << 10)
    var end = size
    var newlines = 0
    while end > 0 {
      let start = max(0, end - Int64(block.count))
      let count = try syscallCount("pread") { pread(raw, &block, Int(end - start), off_t(start)) }
      var index = count
      while index > 0, let found = block.lastNewline(before: index) {
        newlines += 1
        if newlines > lines { return (start + Int64(found) + 1, lines) }
        index = found
      }
      end = start
    }
    return (0, newlines)
  }
}

extension [UInt8] {
  /// Where the last newline of the first `end` bytes is.
  fileprivate func lastNewline(before end: Int) -> Int? {
    withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = memrchr(start, 0x0a, end) else { return nil }
      return UnsafeRawPointer(found) - start
    }
  }
}

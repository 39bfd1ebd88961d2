import Glibc
import Linux

/// A segment that is being read, from `offset` on.
final class SegmentFile {
  let number: UInt64
  private let file: Descriptor
  /// The place in the file of the first byte in `buffer`.
  private var offset: Int64
  private var buffer: UnsafeMutableRawBufferPointer
  /// The part of `buffer` that was read from the file and not given out.
  private var unread = 0..<0
  /// The line that begins at `unread` is longer than any record and is being left out.
  private var isInOverlongLine = false

  private static let bufferBytes = 64 << 10
  /// A line that does not fit into this is no record. It is more than the longest record has.
  private static let bufferBytesMax = 256 << 10

  private init(_ number: UInt64, _ file: Descriptor) {
    self.number = number
    self.file = file
    offset = 0
    buffer = .init(start: nil, count: 0)
  }

  deinit { buffer.deallocate() }

  /// Opens the segment `number` at its first record; nil if it is gone.
  static func open(_ number: UInt64, in directory: Descriptor) throws(SyscallError) -> SegmentFile? {
    do {
      let file = try Linux.open(SegmentNames.log(number), at: .directory(directory), O_RDONLY | O_NOFOLLOW)
      return SegmentFile(number, file)
    } catch {
      if error.errno == .noSuchFile { return nil }
      throw error
    }
  }

  /// How long it is now.
  func size() throws(SyscallError) -> Int64 { try file.status().size }

  /// Goes on at `offset`, where a record begins.
  func seek(to offset: Int64) {
    self.offset = offset
    unread = 0..<0
    isInOverlongLine = false
  }

  /// Whether a record can begin at `offset`: a newline is in front of it.
  func isLineStart(_ offset: Int64) throws(SyscallError) -> Bool {
    guard offset > 0 else { return offset == 0 }
    var byte: UInt8 = 0
    return try syscallCount("pread") { pread(file.raw, &byte, 1, off_t(offset - 1)) } == 1 && byte == 0x0a
  }

  /// Where the last `lines` lines of the first `size` bytes begin, and how many there are.
  func tail(_ lines: Int, size: Int64) throws(SyscallError) -> (offset: Int64, lines: Int) {
    try file.startOfLine(fromEnd: lines, within: size)
  }

  /// The next line without its newline, valid until the next call; nil when no whole one is there before `limit`.
  ///
  /// - Parameter damaged: grows by one for each line that is longer than any record.
  func nextLine(limit: Int64?, damaged: inout Int) throws(SyscallError) -> UnsafeRawBufferPointer? {
    var searched = 0
    while true {
      if let line = takeLine(searched: searched) {
        if !isInOverlongLine { return line }
        isInOverlongLine = false
        searched = 0
        continue
      }
      searched = unread.count
      if isInOverlongLine { unread = unread.upperBound..<unread.upperBound }
      if unread.count == Self.bufferBytesMax {
        damaged += 1
        isInOverlongLine = true
        unread = unread.upperBound..<unread.upperBound
      }
      if isInOverlongLine { searched = 0 }
      if try fill(limit: limit) == 0 {
        // The rest of a line is read again next time: it may be cut off and written anew.
        offset += Int64(unread.lowerBound)
        unread = 0..<0
        return nil
      }
    }
  }

  /// After `nextLine` said nil: whether something is there that is no whole line.
  func hasUnfinishedLine() throws(SyscallError) -> Bool { try size() > offset && !isInOverlongLine }

  /// Starts over when somebody has cut the file below our place, and says whether.
  func rewindIfCut() throws(SyscallError) -> Bool {
    guard try size() < offset else { return false }
    seek(to: 0)
    return true
  }

  private func takeLine(searched: Int) -> UnsafeRawBufferPointer? {
    guard let start = buffer.baseAddress, unread.count > searched else { return nil }
    let from = start + unread.lowerBound
    guard let newline = memchr(from + searched, 0x0a, unread.count - searched) else { return nil }
    let length = UnsafeMutableRawPointer(newline) - from
    unread = unread.lowerBound + length + 1..<unread.upperBound
    return UnsafeRawBufferPointer(start: from, count: length)
  }

  /// Reads more behind what is unread, and says how much.
  private func fill(limit: Int64?) throws(SyscallError) -> Int {
    makeSpace()
    let place = offset + Int64(unread.upperBound)
    var room = buffer.count - unread.upperBound
    if let limit { room = Int(min(Int64(room), max(0, limit - place))) }
    guard room > 0 else { return 0 }
    let target = UnsafeMutableRawBufferPointer(rebasing: buffer[unread.upperBound..<unread.upperBound + room])
    let count = try file.read(into: target, at: place)
    unread = unread.lowerBound..<unread.upperBound + count
    return count
  }

  /// Moves what is unread to the front, into a larger buffer when it fills this one.
  private func makeSpace() {
    let rest = UnsafeRawBufferPointer(rebasing: buffer[unread])
    if unread.count == buffer.count {
      let size = buffer.isEmpty ? Self.bufferBytes : buffer.count * 2
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
      larger.copyMemory(from: rest)
      buffer.deallocate()
      buffer = larger
    } else if unread.lowerBound > 0 {
      buffer.copyMemory(from: rest)
    }
    offset += Int64(unread.lowerBound)
    unread = 0..<unread.count
  }
}

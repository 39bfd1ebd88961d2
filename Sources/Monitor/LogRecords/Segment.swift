import Glibc
import Linux

/// The segment that is being written.
struct Segment {
  let number: UInt64
  /// Bytes in it, all of them whole records.
  private(set) var size: Int64
  private let file: Descriptor
  private let directory: Descriptor
  private var index: Descriptor?
  private var indexedUpTo: Int64

  /// The log is for root and its group, as Docker's is.
  private static let mode: UInt32 = 0o640

  /// Makes the segment `number`.
  ///
  /// `start` is its first index entry, which is there before the segment is: whoever sees a segment can tell its place.
  init(making number: UInt64, in directory: Descriptor, start: IndexEntry) throws(SyscallError) {
    self.number = number
    self.directory = directory
    size = 0
    indexedUpTo = 0
    if start == .beginning {
      // It needs no index; one that is there is of a log that somebody has removed.
      try? unlink(SegmentNames.index(number), at: .directory(directory))
    } else {
      let index = try Self.openIndex(number, directory, O_TRUNC)
      try index.writeAll(start.text)
      self.index = index
    }
    file = try open(
      SegmentNames.log(number), at: .directory(directory), O_RDWR | O_CREAT | O_EXCL | O_APPEND, mode: Self.mode)
  }

  /// Opens the segment `number` to go on in it, and cuts off a record without its end, which a monitor that was killed, a
  /// machine that crashed or a full disk has left.
  init(continuing number: UInt64, in directory: Descriptor) throws(SyscallError) {
    self.number = number
    self.directory = directory
    file = try open(SegmentNames.log(number), at: .directory(directory), O_RDWR | O_APPEND | O_NOFOLLOW)
    let found = try file.status().size
    size = try file.endOfLastLine(within: found)
    if size < found { try file.truncate(to: size) }
    // Entries behind the cut, and the rest of one that was not written to its end, go too.
    let entries = SegmentIndex.read(number, size: size, in: directory)
    indexedUpTo = entries.last?.offset ?? 0
    if let index = try? open(SegmentNames.index(number), at: .directory(directory), O_WRONLY | O_APPEND | O_NOFOLLOW) {
      try index.truncate(to: entries.reduce(0) { $0 + Int64($1.text.utf8.count) })
      self.index = index
    }
  }

  /// Appends `records`, whole ones, before which the log stands at `positions` and `latest`.
  ///
  /// - Returns: how many bytes were kept, whole records again, and why not all.
  mutating func append(
    _ records: UnsafeRawBufferPointer, after positions: StreamPositions, _ latest: LogTime
  ) -> (kept: Int, error: SyscallError?) {
    if size - indexedUpTo >= IndexEntry.spacingBytes {
      addEntry(IndexEntry(offset: size, latest: latest, positions: positions))
    }
    var written = 0
    do {
      while written < records.count {
        written += try file.write(UnsafeRawBufferPointer(rebasing: records[written...]))
      }
      size += Int64(written)
      return (written, nil)
    } catch {
      let kept = UnsafeRawBufferPointer(rebasing: records[..<written]).endOfLastLine
      // If this fails, opening the segment again cuts it.
      if kept < written { try? file.truncate(to: size + Int64(kept)) }
      size += Int64(kept)
      return (kept, error)
    }
  }

  /// An index is a help: when it cannot be written, readers read more, and the next entry is tried in its time.
  private mutating func addEntry(_ entry: IndexEntry) {
    indexedUpTo = size
    do {
      if index == nil { index = try Self.openIndex(number, directory, 0) }
      guard let index else { return }
      let before = try index.status().size
      do { try index.writeAll(entry.text) } catch {
        try? index.truncate(to: before)
        throw error
      }
    } catch { index = nil }
  }

  private static func openIndex(
    _ number: UInt64, _ directory: Descriptor, _ flags: Int32
  ) throws(SyscallError) -> Descriptor {
    let name = SegmentNames.index(number)
    return try open(name, at: .directory(directory), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | flags, mode: mode)
  }
}

extension UnsafeRawBufferPointer {
  /// The length up to the last newline and with it, or 0.
  fileprivate var endOfLastLine: Int {
    guard let start = baseAddress, let newline = memrchr(start, 0x0a, count) else { return 0 }
    return UnsafeRawPointer(newline) - start + 1
  }
}

import Glibc
package import Linux

/// Where reading begins.
package enum LogStart: Equatable, Sendable {
  case beginning
  /// With the last so many records, as `docker logs --tail` counts them: a piece of a long line is one.
  case tail(Int)
  /// With the first byte of each stream that comes at or after its place here.
  case position(StreamPositions)
}

/// Reads the log of one container, while it is written or afterwards.
///
/// It gives whole records only, in the order of their writing, and goes on over rotations. Segments that are removed while
/// it reads are read to their end if it has them open, and counted if not. One thread at a time.
///
/// To follow, add the directory to a `DirectoryWatches` first, then ask `next` until it says nil, wait for the watch,
/// and ask again.
package final class LogReader {
  let directory: Descriptor
  private let since: LogTime?
  private let until: LogTime?
  /// Where a reader that does not follow ends: what the log had when it was opened.
  private let end: (number: UInt64, size: Int64)?
  private let isFollowing: Bool
  private var wanted: StreamPositions?
  private var position: IndexEntry?
  private var segment: SegmentFile?
  /// The segments that come next as far as they are open already.
  private var following: [SegmentFile]
  private var isPastUntil = false

  /// Lines that are no records, because something has damaged them; they are left out.
  package private(set) var undecodableLines = 0
  /// Segments that were removed before they could be read.
  package private(set) var missedSegments: UInt64 = 0

  /// Opens the log in `directory`.
  ///
  /// - Parameter since: leaves out records that are earlier.
  /// - Parameter until: the first record that is later ends the log.
  /// - Parameter isFollowing: goes on with what is logged after this call; else the log ends where it ends now.
  package init(
    _ directory: Descriptor, from start: LogStart = .beginning, since: LogTime? = nil, until: LogTime? = nil,
    isFollowing: Bool = false
  ) throws(SyscallError) {
    self.directory = directory
    self.since = since
    self.until = until
    self.isFollowing = isFollowing
    let numbers = try SegmentNames.numbers(in: directory)
    let newest = try numbers.last.flatMap { number throws(SyscallError) in
      try SegmentFile.open(number, in: directory)
    }
    end = try newest.map { segment throws(SyscallError) in (segment.number, try segment.size()) }
    let first: SeekResult?
    switch start {
    case .position(let positions):
      wanted = positions
      first = try Seek(directory, numbers).lastEntry { $0.positions.isAtMost(positions) }
      position = first?.entry ?? .beginning
    case .tail(let lines): first = try Seek(directory, numbers).tail(lines, newestSize: end?.size ?? 0)
    case .beginning:
      first = try Seek(directory, numbers).lastEntry { entry in since.map { entry.latest < $0 } ?? false }
    }
    segment = first?.segment
    following = []
    guard let segment else { return }
    for number in numbers.drop(while: { $0 <= segment.number }).prefix(Self.openMax) {
      guard let next = try SegmentFile.open(number, in: directory) else { continue }
      following.append(next)
    }
  }

  /// So many segments are held open from the start, so that rotation cannot take them from a slow reader.
  private static let openMax = 16

  /// The next record; nil when there is none, for a follower: none yet.
  package func next() throws(SyscallError) -> LogRecord? {
    while !isPastUntil {
      guard let line = try nextLine() else { return nil }
      guard let encoded = EncodedRecord(line), let record = decode(encoded, line) else {
        undecodableLines += 1
        continue
      }
      if let until, record.time > until {
        isPastUntil = true
      } else if let since, record.time < since {
        continue
      } else if isInFrontOfWanted(record) {
        continue
      } else {
        return record
      }
    }
    return nil
  }

  private func isInFrontOfWanted(_ record: LogRecord) -> Bool {
    guard let wanted, let position else { return false }
    return record.lost == nil ? record.bytes.isEmpty : position.positions.isAtMost(wanted)
  }

  /// Decodes a record, without what is in front of the wanted position, and counts it.
  private func decode(_ encoded: EncodedRecord, _ line: UnsafeRawBufferPointer) -> LogRecord? {
    var dropping: UInt64 = 0
    if let wanted, let position, wanted[encoded.stream] > position.positions[encoded.stream] {
      dropping = wanted[encoded.stream] - position.positions[encoded.stream]
    }
    guard let text = encoded.decodeText(of: line, dropping: Int(min(dropping, UInt64(line.count)))) else { return nil }
    let place = position.map { $0.positions[encoded.stream] &+ min(dropping, UInt64(text.rawCount)) }
    position?.advance(over: encoded, text.rawCount)
    return LogRecord(
      time: encoded.time, stream: encoded.stream, bytes: text.bytes,
      attributes: encoded.lost == nil ? encoded.attributes.map { [UInt8](line[$0]) } : nil, lost: encoded.lost,
      position: place)
  }

  /// The next line, of this segment or a following one.
  private func nextLine() throws(SyscallError) -> UnsafeRawBufferPointer? {
    while true {
      if segment == nil, isFollowing { segment = try nextSegment() }
      guard let segment else { return nil }
      let limit = limit(of: segment)
      if let line = try segment.nextLine(limit: limit, damaged: &undecodableLines) { return line }
      if limit != nil { return nil }
      if following.isEmpty {
        guard let next = try nextSegment() else {
          if try segment.rewindIfCut() { continue }
          return nil
        }
        following.append(next)
      }
      // The next segment is there, so this one is complete; but it may have grown between our last look and the rotation.
      if let line = try segment.nextLine(limit: nil, damaged: &undecodableLines) { return line }
      if try segment.hasUnfinishedLine() { undecodableLines += 1 }
      let next = following.removeFirst()
      if next.number > segment.number { missedSegments += next.number - segment.number - 1 }
      self.segment = next
    }
  }

  /// How far `segment` is read when it need not be read to its end.
  private func limit(of segment: SegmentFile) -> Int64? {
    guard !isFollowing, let end, segment.number >= end.number else { return nil }
    return segment.number == end.number ? end.size : 0
  }

  /// Looks for the segment after this one.
  private func nextSegment() throws(SyscallError) -> SegmentFile? {
    let current = segment?.number ?? 0
    if let next = try SegmentFile.open(current + 1, in: directory) { return next }
    let numbers = try SegmentNames.numbers(in: directory)
    guard let newest = numbers.last, newest != current else { return nil }
    // Numbers below ours only: somebody has emptied the directory, and the log began anew.
    for number in numbers where number > current || newest < current {
      if let next = try SegmentFile.open(number, in: directory) { return next }
    }
    return nil
  }
}

extension LogReader {
  /// Where the log in `directory` ends.
  package static func end(of directory: Descriptor) throws(SyscallError) -> StreamPositions {
    try lastEntry(of: directory).positions
  }

  /// The same with the latest time in it.
  static func lastEntry(of directory: Descriptor) throws(SyscallError) -> IndexEntry {
    let everything = StreamPositions(stdout: .max, stderr: .max)
    let reader = try LogReader(directory, from: .position(everything))
    while try reader.next() != nil {}
    return reader.position ?? .beginning
  }

  /// How far a reader gets over `records`.
  static func advance(over records: UnsafeRawBufferPointer) -> StreamPositions {
    var entry = IndexEntry.beginning
    for line in records.split(separator: UInt8(ascii: "\n")) {
      let line = UnsafeRawBufferPointer(rebasing: line)
      guard let encoded = EncodedRecord(line), let text = encoded.decodeText(of: line, dropping: 0) else { continue }
      entry.advance(over: encoded, text.rawCount)
    }
    return entry.positions
  }
}

extension IndexEntry {
  /// Counts a record of `rawCount` bytes, or what it says is lost.
  fileprivate mutating func advance(over record: EncodedRecord, _ rawCount: Int) {
    latest = max(latest, record.time)
    positions[record.stream] &+= UInt64(rawCount)
    if let lost = record.lost { positions = positions &+ lost }
  }
}

package import Linux

/// Writes the log of one container: splits what it writes into records and appends them to numbered segments.
///
/// It is synchronous and has one thread, the monitor's. It never throws and never waits for space: when the log cannot be
/// written, because the disk is full or the directory is gone, what comes is dropped and counted, and when writing works
/// again the first record says how much is missing. It does not sync: a log survives everything but the machine's crash.
///
/// Memory: 64 KiB of encoded records and 16 KiB for the unfinished line of each stream, touched as needed.
package final class LogWriter {
  private let directory: Descriptor
  private let segmentBytesMax: Int64?
  private let segmentCountMax: Int?
  private var encoder: RecordEncoder
  private let splitters = (stdout: LineSplitter(), stderr: LineSplitter())
  /// Nil when the log cannot be written, and before the first record.
  private var segment: Segment?
  private var triedAt: LogTime?
  private var reached: IndexEntry
  /// Where a reader of the segments arrives: behind `reached` by what is in the encoder, and by what is lost.
  private var written: StreamPositions

  /// The place of the first byte that this launch writes.
  package let start: StreamPositions
  /// Why the log could not be written when it last could not.
  package private(set) var failure: SyscallError?

  /// While the log cannot be written, it is tried again so often: an attempt costs some system calls, and a busy
  /// container would make one for each line.
  private static let retryNanoseconds: Int64 = 100_000_000

  /// Prepares to go on with the log in `directory`, which this object alone writes from here on. Files are touched with
  /// the first record.
  package init(directory: Descriptor, settings: LogSettings = LogSettings()) {
    self.directory = directory
    segmentBytesMax = settings.segmentBytesMax
    segmentCountMax = settings.segmentCountMax.map { max($0, 1) }
    encoder = RecordEncoder(settings.format)
    // What cannot be read has no place; then this launch begins at zero.
    reached = (try? LogReader.lastEntry(of: directory)) ?? .beginning
    written = reached.positions
    start = reached.positions
  }

  /// The bytes of this log that no segment has and none will: they were dropped, and no record says so yet.
  package var lost: StreamPositions { reached.positions &- written }

  /// How far the log has come: what is before this place is in a record, or lost. Behind it are the unfinished lines.
  package var end: StreamPositions { reached.positions }

  /// What `stream` wrote behind `end`. So somebody who reads the log up to `end`, then this, and then hears what comes,
  /// misses no byte and gets none twice.
  package func unfinishedLine(of stream: LogStream) -> [UInt8] {
    [UInt8](stream == .stdout ? splitters.stdout.unfinished : splitters.stderr.unfinished)
  }

  /// Logs what `stream` wrote at `time`. Whole lines are in the segment when this returns, by one write(2) for each 64 KiB
  /// of records.
  package func append(_ bytes: UnsafeRawBufferPointer, to stream: LogStream, at time: LogTime = .now()) {
    let splitter = stream == .stdout ? splitters.stdout : splitters.stderr
    var input = bytes
    while let (text, isWhole) = splitter.next(from: &input) {
      let begun = splitter.unfinishedSince ?? time
      splitter.unfinishedSince = isWhole ? nil : begun
      log(text, isWhole: isWhole, stream, begun)
    }
    flush()
  }

  /// Logs the unfinished line of `stream`, which has ended, as a record without a newline.
  package func finish(_ stream: LogStream, at time: LogTime = .now()) {
    let splitter = stream == .stdout ? splitters.stdout : splitters.stderr
    if let text = splitter.rest() {
      log(text, isWhole: false, stream, splitter.unfinishedSince ?? time)
      flush()
    }
    splitter.unfinishedSince = nil
  }

  /// Finishes both streams, and makes a last attempt to say what was lost.
  package func close(at time: LogTime = .now()) {
    for stream in LogStream.allCases { finish(stream, at: time) }
    guard segment == nil, lost.total > 0 else { return }
    triedAt = nil
    resume(at: time)
    flush()
  }

  private func log(_ text: UnsafeRawBufferPointer, isWhole: Bool, _ stream: LogStream, _ time: LogTime) {
    if segment == nil { resume(at: time) }
    if segment != nil {
      let before = encoder.count
      encoder.append(text, isWhole: isWhole, stream, time)
      makeRoom(forRecordAt: before)
    }
    reached.positions[stream] &+= UInt64(text.count + (isWhole ? 1 : 0))
    reached.latest = max(reached.latest, time)
    if encoder.isFull { flush() }
  }

  /// Begins a new segment for the record at `before` in the encoder, the last there, if it would make this one too long.
  private func makeRoom(forRecordAt before: Int) {
    guard let segmentBytesMax, let size = segment?.size, size + Int64(encoder.count) > segmentBytesMax,
      size + Int64(before) > 0
    else { return }
    flush(before)
    guard let number = segment?.number else { return }
    segment = nil
    do { segment = try makeSegment(number + 1) } catch {
      failure = error
      encoder.removeFirst(encoder.count)
    }
  }

  private func flush() {
    if encoder.count > 0 { flush(encoder.count) }
  }

  /// Writes the first `length` bytes of the encoder, all its records that `reached` counts.
  private func flush(_ length: Int) {
    guard length > 0, var segment else { return }
    let records = UnsafeRawBufferPointer(rebasing: encoder.bytes[..<length])
    let (kept, error) = segment.append(records, after: written, reached.latest)
    if let error {
      failure = error
      self.segment = nil
      written = written &+ LogReader.advance(over: UnsafeRawBufferPointer(rebasing: records[..<kept]))
      encoder.removeFirst(encoder.count)
    } else {
      self.segment = segment
      written = reached.positions
      encoder.removeFirst(length)
    }
  }

  /// Opens the log, at most once in `retryNanoseconds`, and begins with what was lost.
  private func resume(at time: LogTime) {
    if let triedAt, (0..<Self.retryNanoseconds).contains(time.nanoseconds &- triedAt.nanoseconds) { return }
    triedAt = time
    do { segment = try openNewest() } catch {
      failure = error
      return
    }
    guard lost.total > 0 else { return }
    encoder.appendLoss(lost, reason: failure?.errno.description ?? "unknown", time)
    makeRoom(forRecordAt: 0)
  }

  private func openNewest() throws(SyscallError) -> Segment {
    let newest = try SegmentNames.numbers(in: directory).last
    return if let newest { try Segment(continuing: newest, in: directory) } else { try makeSegment(1) }
  }

  /// The oldest goes first: there are never more than allowed, and on a full disk its space is the new one's.
  private func makeSegment(_ number: UInt64) throws(SyscallError) -> Segment {
    if let segmentCountMax, number > UInt64(segmentCountMax) {
      try SegmentNames.removeSegments(below: number - UInt64(segmentCountMax) + 1, in: directory)
    }
    let start = IndexEntry(offset: 0, latest: reached.latest, positions: written)
    return try Segment(making: number, in: directory, start: start)
  }
}

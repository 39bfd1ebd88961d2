package import Linux

/// Writes a tar archive: ustar where that can say it, with a pax header before the entries for which it cannot.
///
/// The same entries give the same bytes, whenever and wherever: nothing of the host, of the clock or of hash order gets
/// in. Directories' paths end in a slash, users' names are left out, as in the layers that Docker makes.
///
/// ```
/// var writer = TarWriter(sink)
/// try writer.begin(entry)
/// try writer.write(bytes)      // entry.size bytes in all
/// try writer.finish()
/// ```
package struct TarWriter<Sink: ByteSink>: ~Copyable {
  package private(set) var sink: Sink
  /// Gives entries, and what hard links lead to, other paths than their own: a copy has another name.
  package var rename: ((RawPath) -> RawPath)?
  private let buffer: UnsafeMutableRawBufferPointer
  private var used = 0
  private var entryCount = 0
  private var path: RawPath?
  /// What is missing of the current entry: data, and the padding behind them.
  private var remaining: Int64 = 0
  private var padding = 0

  private static var bufferBytes: Int { 256 << 10 }

  /// Writes into `sink`.
  package init(_ sink: consuming Sink) {
    self.sink = sink
    buffer = .allocate(byteCount: Self.bufferBytes, alignment: 4096)
  }

  deinit { buffer.deallocate() }

  /// Ends the entry before and begins `entry`, whose `size` bytes are to be written next.
  package mutating func begin(_ entry: TarEntry) throws(ArchiveError) {
    try endEntry()
    entryCount += 1
    var entry = entry
    if let rename {
      entry.path = rename(entry.path)
      if case .hardLink(let target) = entry.kind { entry.kind = .hardLink(to: rename(target)) }
    }
    path = entry.path
    var header: TarHeaderFields
    let records: [(String, [UInt8])]
    do throws(ArchiveError.Reason) {
      (header, records) = try TarHeaderFields.make(of: entry)
    } catch { throw failure(error) }
    if !records.isEmpty {
      let body = PaxRecords.encode(records)
      guard body.count <= ArchiveBounds.paxBytesMax else {
        throw failure(.tooLarge("the pax header", max: ArchiveBounds.paxBytesMax))
      }
      try put(TarHeaderFields.pax(for: entry.path, size: Int64(body.count)).encoded())
      try put(body)
      try pad(Int(-Int64(body.count) & Int64(TarHeader.blockBytes - 1)))
    }
    try put(header.encoded())
    remaining = entry.size
    padding = Int(-entry.size & Int64(TarHeader.blockBytes - 1))
  }

  /// Writes the next data of the current entry, not more than it has.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    guard Int64(bytes.count) <= remaining else { throw failure(.invalid("more data than its size says")) }
    try put(bytes)
    remaining -= Int64(bytes.count)
  }

  /// Ends the last entry and the archive, and hands everything to the sink. Nothing may be written after it.
  package mutating func finish() throws(ArchiveError) {
    try endEntry()
    try pad(2 * TarHeader.blockBytes)
    try flush()
  }

  func failure(_ reason: ArchiveError.Reason, at other: RawPath? = nil) -> ArchiveError {
    ArchiveError(entry: max(entryCount, 1), path: other ?? path, reason)
  }

  private mutating func endEntry() throws(ArchiveError) {
    guard remaining == 0 else { throw failure(.invalid("less data than its size says")) }
    try pad(padding)
    padding = 0
  }

  private mutating func pad(_ count: Int) throws(ArchiveError) {
    if count > 0 { try put([UInt8](repeating: 0, count: count)) }
  }

  private mutating func put(_ bytes: [UInt8]) throws(ArchiveError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(ArchiveError) in try put(bytes) }
  }

  private mutating func put(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    if bytes.count > buffer.count - used { try flush() }
    guard bytes.count < buffer.count else { return try send(bytes) }
    UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: bytes)
    used += bytes.count
  }

  private mutating func flush() throws(ArchiveError) {
    guard used > 0 else { return }
    try send(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    used = 0
  }

  private mutating func send(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    do { try sink.write(bytes) } catch { throw failure(.stream(error)) }
  }
}

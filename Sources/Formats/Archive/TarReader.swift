package import Linux

/// Reads a tar archive entry by entry: V7, ustar, pax and GNU, with sparse files of all four kinds.
///
/// ```
/// var reader = TarReader(source)
/// while let entry = try reader.next() {
///   try reader.forEachChunk { bytes, offset in … }     // or not: what is not read is skipped
/// }
/// ```
///
/// The end of the source between two entries is an end as good as the two zero blocks that POSIX wants: archives
/// without them exist, and Docker takes them. What follows the end is not read; see `drain`.
package struct TarReader<Source: ByteSource>: ~Copyable {
  var input: BlockBuffer<Source>
  /// How many entries were met, the current one included.
  package private(set) var entryCount = 0
  /// The path of the current entry, for errors.
  private var path: RawPath?
  var content = EntryContent()
  /// How much of the current entry `read(into:)` gave.
  var position: Int64 = 0
  private var global = PaxRecords()

  /// Reads `source` from where it is.
  package init(_ source: consuming Source) { input = BlockBuffer(source) }

  /// The next entry, nil at the end. What was not read of the one before is skipped.
  package mutating func next() throws(ArchiveError) -> TarEntry? {
    try skipRest()
    path = nil
    entryCount += 1
    var local = global
    var longName: RawPath?
    var longLink: RawPath?
    var isFirst = true
    while try nextHeader() {
      isFirst = false
      let header = input.header
      guard header.hasValidChecksum else { throw failure(.checksum) }
      switch header.type {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): local = try adding(try metadata(header, "the pax header"), to: local)
      case UInt8(ascii: "g"):
        let records = try metadata(header, "the global pax header")
        global = try adding(records, to: global)
        local = try adding(records, to: local)
      case UInt8(ascii: "L"): longName = try longText(header, "its path")
      case UInt8(ascii: "K"): longLink = try longText(header, "its link target")
      default:
        do throws(ArchiveError.Reason) {
          return try entry(header, local, longName, longLink)
        } catch { throw failure(error) }
      }
    }
    guard isFirst else { throw failure(.truncated) }
    entryCount -= 1
    return nil
  }

  /// Reads the source to its end and says how many bytes there were behind the archive's: whoever digests a layer must
  /// see them all.
  package mutating func drain() throws(ArchiveError) -> Int64 {
    var count: Int64 = 0
    do throws(ArchiveError.Reason) {
      while try input.hasByte() {
        count += Int64(input.count)
        input.consume(input.count)
      }
    } catch { throw failure(error) }
    return count
  }

  func failure(_ reason: ArchiveError.Reason) -> ArchiveError {
    ArchiveError(entry: max(entryCount, 1), path: path, reason)
  }
}

// Headers.
extension TarReader {
  /// Brings the next header to the front; false at the end of the archive.
  private mutating func nextHeader() throws(ArchiveError) -> Bool {
    guard try hasHeader() else { return false }
    guard input.header.isZero else { return true }
    input.consume(TarHeader.blockBytes)
    guard try hasHeader() else { return false }
    guard input.header.isZero else { throw failure(.invalid("a lone zero block in the middle of the archive")) }
    input.consume(TarHeader.blockBytes)
    return false
  }

  private mutating func hasHeader() throws(ArchiveError) -> Bool {
    do throws(ArchiveError.Reason) {
      if try input.hasBlock() { return true }
      if input.count > 0 { throw .truncated }
      return false
    } catch { throw failure(error) }
  }

  /// Consumes a header of the format's own and the data behind it.
  private mutating func metadata(_ header: TarHeader, _ what: String) throws(ArchiveError) -> [UInt8] {
    guard let size = header.size, size >= 0 else { throw failure(.invalid("\(what) has no proper size")) }
    guard size <= Int64(ArchiveBounds.paxBytesMax) else {
      throw failure(.tooLarge(what, max: ArchiveBounds.paxBytesMax))
    }
    begin(EntryContent(stored: size))
    var bytes = [UInt8]()
    bytes.reserveCapacity(Int(size))
    try forEachChunk { chunk, _ in bytes.append(contentsOf: chunk) }
    try skipRest()
    return bytes
  }

  /// GNU's `L` and `K`: a text that ends at its first NUL.
  private mutating func longText(_ header: TarHeader, _ what: String) throws(ArchiveError) -> RawPath? {
    let bytes = try metadata(header, what).prefix { $0 != 0 }
    guard bytes.count <= ArchiveBounds.pathBytesMax else {
      throw failure(.tooLarge(what, max: ArchiveBounds.pathBytesMax))
    }
    return RawPath(bytes)
  }

  private func adding(_ header: [UInt8], to records: PaxRecords) throws(ArchiveError) -> PaxRecords {
    var records = records
    do throws(ArchiveError.Reason) { try records.add(header) } catch { throw failure(error) }
    return records
  }

  /// Makes the entry of `header` and of what the headers before it said, and sets the reader before its data.
  private mutating func entry(
    _ header: TarHeader, _ pax: PaxRecords, _ longName: RawPath?, _ longLink: RawPath?
  ) throws(ArchiveError.Reason) -> TarEntry {
    let name = pax.sparse.name ?? pax.path ?? longName ?? Self.shortName(header)
    path = name
    guard !name.isEmpty else { throw .invalid("it has no path") }
    guard let mode = header.mode else { throw .invalid("its mode is no number") }
    guard let seconds = header.modified else { throw .invalid("its time is no number") }
    guard let stored = pax.size ?? header.size, stored >= 0 else { throw .invalid("its size is no proper number") }
    let link = pax.linkPath ?? longLink ?? RawPath(header.linkName) ?? ""
    let kind = try Self.kind(header, name, link)
    let entry = TarEntry(
      path: name, kind: kind, permissions: UInt32(truncatingIfNeeded: mode) & 0o7777,
      owner: try Self.id(pax.owner ?? header.owner, "owner"), group: try Self.id(pax.group ?? header.group, "group"),
      modified: pax.modified ?? FileTime(seconds: seconds, nanoseconds: 0), accessed: pax.accessed,
      attributes: pax.attributes)
    // The size of a link, a directory or a device says nothing: no data follow, as Go's reader has it too.
    if kind == .file { return try fileEntry(entry, header, pax.sparse, stored) }
    begin(EntryContent())
    return entry
  }

  /// Uses the header up and stands before its data.
  private mutating func begin(_ content: EntryContent) {
    input.consume(TarHeader.blockBytes)
    self.content = content
    position = 0
  }

  /// Completes the entry of a file: its size and its pieces.
  private mutating func fileEntry(
    _ entry: TarEntry, _ header: TarHeader, _ sparse: PaxSparse, _ stored: Int64
  ) throws(ArchiveError.Reason) -> TarEntry {
    var entry = entry
    if header.type == UInt8(ascii: "S") {
      guard let realSize = header.sparseRealSize, var segments = header.sparseSegments() else {
        throw .invalid("its sparse header is malformed")
      }
      let isExtended = header.sparseIsExtended
      begin(EntryContent(stored: stored))
      if isExtended { try readExtensions(into: &segments) }
      content = EntryContent(try SparseMap(segments, realSize: realSize, storedSize: stored), in: content)
    } else {
      begin(EntryContent(stored: stored))
      if let realSize = sparse.realSize, sparse.isMapInData || sparse.segments != nil {
        let segments = sparse.isMapInData ? try readMap() : sparse.segments ?? []
        content = EntryContent(try SparseMap(segments, realSize: realSize, storedSize: content.stored), in: content)
      }
    }
    entry.size = content.size
    return entry
  }

  /// Reads the extension blocks of an old GNU sparse header.
  private mutating func readExtensions(into segments: inout [SparseSegment]) throws(ArchiveError.Reason) {
    var isExtended = true
    while isExtended {
      guard try input.hasBlock() else { throw .truncated }
      let header = input.header
      guard let more = header.extensionSegments() else { throw .invalid("its sparse header is malformed") }
      segments.append(contentsOf: more)
      guard segments.count <= ArchiveBounds.sparseSegmentsMax else {
        throw .tooLarge("the number of sparse segments", max: ArchiveBounds.sparseSegmentsMax)
      }
      isExtended = header.extensionIsExtended
      input.consume(TarHeader.blockBytes)
    }
  }

  /// Reads the map of pax sparse format 1.0, which takes whole blocks of the entry's data.
  private mutating func readMap() throws(ArchiveError.Reason) -> [SparseSegment] {
    var parser = SparseMapParser()
    while !parser.isComplete {
      guard content.stored >= Int64(TarHeader.blockBytes) else { throw .invalid("the sparse map is incomplete") }
      guard try input.hasBlock() else { throw .truncated }
      try parser.add(UnsafeRawBufferPointer(rebasing: input.ready.prefix(TarHeader.blockBytes)))
      input.consume(TarHeader.blockBytes)
      content.skipBlock()
    }
    return parser.segments
  }

  private static func shortName(_ header: TarHeader) -> RawPath {
    let prefix = header.prefix
    let name = header.name
    // Neither field has a NUL: they end at their first.
    return RawPath(prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name) ?? ""
  }

  private static func id(_ value: Int64?, _ what: String) throws(ArchiveError.Reason) -> UInt32 {
    // The last number means "leave as it is" to chown(2), and is no id.
    guard let value, let id = UInt32(exactly: value), id != .max else { throw .invalid("its \(what) is no proper id") }
    return id
  }

  private static func kind(_ header: TarHeader, _ name: RawPath, _ link: RawPath) throws(ArchiveError.Reason)
    -> TarEntry.Kind
  {
    switch header.type {
    case 0:
      // V7 marked directories by a slash alone.
      return name.bytes.last == UInt8(ascii: "/") ? .directory : .file
    case UInt8(ascii: "0"), UInt8(ascii: "7"), UInt8(ascii: "S"): return .file
    case UInt8(ascii: "1"), UInt8(ascii: "2"):
      guard !link.isEmpty else { throw .invalid("it links to nothing") }
      return header.type == UInt8(ascii: "1") ? .hardLink(to: link) : .symlink(to: link)
    case UInt8(ascii: "3"): return .characterDevice(try device(header))
    case UInt8(ascii: "4"): return .blockDevice(try device(header))
    case UInt8(ascii: "5"): return .directory
    case UInt8(ascii: "6"): return .fifo
    case let other: throw .unsupportedType(other)
    }
  }

  private static func device(_ header: TarHeader) throws(ArchiveError.Reason) -> DeviceNumber {
    guard let major = header.major.flatMap(UInt32.init(exactly:)),
      let minor = header.minor.flatMap(UInt32.init(exactly:))
    else { throw .invalid("its device number is none") }
    return DeviceNumber(major, minor)
  }
}

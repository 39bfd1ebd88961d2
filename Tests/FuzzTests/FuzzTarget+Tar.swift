import Linux

@testable import Archive

extension FuzzTarget {
  static let tar = FuzzTarget(
    "tar",
    words: [
      "ustar\0" + "00", "ustar  \0", "../", "/", "0000644\0", "00000000001\0", "77777777777",
      "27 path=a/b/../../../x\n",
      "20 atime=1.5\n", "30 mtime=-1.000000001\n", "22 GNU.sparse.major=1\n", "19 size=99999999999\n", "\0",
    ],
    repair: repairChecksums, seeds: archives
  ) { bytes in
    guard let read = try? Archived(bytes) else { return false }
    try hold(read.stored <= bytes.count, "\(read.stored) bytes come out of \(bytes.count)")
    try hold(read.entries.count * TarHeader.blockBytes <= bytes.count, "more entries than blocks")
    // What has holes of gigabytes is not written out.
    guard read.isSmall else { return true }
    let written = try Archived(read.written())
    try same(written.entries.map(normal), read.entries.map(normal), "entries")
    try same(written.contents, read.contents, "contents")
    try same(written.written(), read.written(), "the second writing")
    return true
  }

  /// Paths of directories end in a slash when they are written, and attributes are sorted.
  @Sendable private static func normal(_ entry: TarEntry) -> TarEntry {
    var entry = entry
    if entry.kind == .directory, entry.path.bytes.last != UInt8(ascii: "/") {
      entry.path = RawPath(entry.path.bytes + [UInt8(ascii: "/")]) ?? entry.path
    }
    entry.attributes.sort { $0.name < $1.name }
    return entry
  }

  @Sendable private static func archives() throws -> [[UInt8]] {
    let time = FileTime(seconds: 1_700_000_000, nanoseconds: 5)
    let long = RawPath(String(repeating: "long/", count: 60) + "name")
    var plain = Archived()
    plain.add(TarEntry(path: "dir/", kind: .directory, permissions: 0o755, modified: time))
    plain.add(TarEntry(path: "dir/file", kind: .file, permissions: 0o4644), Array("content\n".utf8))
    plain.add(TarEntry(path: "dir/link", kind: .symlink(to: "../../etc"), permissions: 0o777))
    plain.add(TarEntry(path: "again", kind: .hardLink(to: "dir/file"), permissions: 0o644))
    var odd = Archived()
    odd.add(
      TarEntry(
        path: long, kind: .file, permissions: 0o600, owner: 4_000_000, group: 7, modified: time, accessed: time,
        attributes: [ExtendedAttribute("user.a", [0, 1, 10]), ExtendedAttribute("security.capability", [1, 0, 0, 2])]),
      [UInt8](repeating: 7, count: 700))
    odd.add(TarEntry(path: "null", kind: .characterDevice(DeviceNumber(1, 3)), permissions: 0o666))
    odd.add(TarEntry(path: "fifo", kind: .fifo, permissions: 0o644))
    odd.add(TarEntry(path: ".wh.gone", kind: .file, permissions: 0))
    return [try plain.written(), try odd.written(), sparse()]
  }

  /// A pax sparse file of format 1.0: its map is the first block of its data.
  private static func sparse() -> [UInt8] {
    let records = [
      ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "holes"),
      ("GNU.sparse.realsize", "4096"),
    ]
    let body = PaxRecords.encode(records.map { ($0.0, Array($0.1.utf8)) })
    let data = block(Array("1\n1024\n512\n".utf8)) + [UInt8](repeating: 9, count: 512)
    var archive = header("PaxHeaders.0/holes", "x", size: body.count) + block(body)
    archive += header("GNUSparseFile.0/holes", "0", size: data.count) + data
    archive += [UInt8](repeating: 0, count: 1024)
    repairChecksums(&archive)
    return archive
  }

  private static func header(_ name: String, _ type: String, size: Int) -> [UInt8] {
    var bytes = block(Array(name.utf8))
    let digits = String(size, radix: 8)
    let octal = String(repeating: "0", count: 11 - digits.count) + digits
    for (offset, text) in [
      (100, "0000644"), (108, "0000000"), (116, "0000000"), (124, octal), (136, "00000000000"), (156, type),
      (257, "ustar\0" + "00"), (329, "0000000"), (337, "0000000"),
    ] {
      bytes.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    return bytes
  }

  /// `bytes`, filled up to whole blocks.
  private static func block(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: -bytes.count & 511) }

  /// Makes the checksum right of every block that says it is a header: nothing random gets past it otherwise.
  @Sendable private static func repairChecksums(_ bytes: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count - 511, by: 512)
    where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
      bytes.replaceSubrange(start + 148..<start + 156, with: repeatElement(0x20, count: 8))
      let sum = bytes[start..<start + 512].reduce(0) { $0 + Int($1) }
      let digits = String(sum, radix: 8)
      let field = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
      bytes.replaceSubrange(start + 148..<start + 156, with: field.utf8)
    }
  }
}

/// An archive, read into memory.
private struct Archived {
  private(set) var entries: [TarEntry] = []
  /// Of files, with their holes as long as they are small.
  private(set) var contents: [[UInt8]] = []
  /// Bytes of data that the archive held.
  private(set) var stored = 0
  private(set) var isSmall = true

  private static let bytesMax: Int64 = 1 << 20

  init() {}

  init(_ bytes: [UInt8]) throws {
    var reader = TarReader(MemorySource(bytes))
    while let entry = try reader.next() {
      entries.append(entry)
      if entry.size <= Self.bytesMax {
        contents.append(try reader.readAll(limit: Int(Self.bytesMax)))
      } else {
        isSmall = false
        contents.append([])
        var count = 0
        try reader.forEachChunk { chunk, _ in count += chunk.count }
        stored += count
      }
    }
  }

  mutating func add(_ entry: TarEntry, _ content: [UInt8] = []) {
    var entry = entry
    entry.size = Int64(content.count)
    entries.append(entry)
    contents.append(content)
  }

  func written() throws -> [UInt8] {
    var writer = TarWriter(MemorySink())
    for (entry, content) in zip(entries, contents) {
      try writer.begin(entry)
      try content.span.bytes.withUnsafeBytes { bytes throws(ArchiveError) in try writer.write(bytes) }
    }
    try writer.finish()
    return writer.sink.bytes
  }
}

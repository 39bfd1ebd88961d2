import Archive
import Linux

/// A tree with everything that all formats of tar can hold.
let plainTree = """
  mkdir -p tree/usr/bin tree/empty tree/etc/deep/er
  printf hello > tree/etc/hello; head -c 1300000 /dev/zero | tr '\\0' 'z' > tree/usr/bin/big
  : > tree/etc/none; ln -s ../etc/hello tree/usr/link; ln -s /nowhere tree/dangling
  ln tree/etc/hello tree/etc/deep/again; ln tree/usr/link tree/usr/same-link
  chmod 0666 tree/etc/none; chmod 4755 tree/usr/bin/big; chmod 1777 tree/empty; chmod 0 tree/etc/deep/er
  chown 12:34 tree/etc/hello; chown -h 5:6 tree/usr/link; chown 7:8 tree/empty
  touch -d @1500000000 tree/etc/hello tree/usr tree/empty; touch -h -d @1400000000 tree/usr/link
  """

/// What besides needs at least ustar.
let deviceTree = """

  mknod tree/etc/null c 1 3; mknod tree/etc/disk b 259 70000; mkfifo -m 640 tree/etc/pipe; chown 9:9 tree/etc/null
  """

/// What besides needs GNU's or POSIX's extensions.
let extendedTree = """

  long=$(printf 'n%.0s' $(seq 200)); mkdir -p tree/$long/$long/$long; echo long > tree/$long/$long/$long/$long
  ln -s $long/$long/$long tree/long-link; ln tree/$long/$long/$long/$long tree/long-hard-link
  printf latin > "tree/$(printf 'caf\\351')"; chown 3000000:4000000 tree/etc/none
  touch -d '1960-02-03 04:05:06' tree/etc/none
  """

/// The entries of an archive, with the content of its files as text.
func entries(of archive: [UInt8]) throws(ArchiveError) -> [(entry: TarEntry, content: String)] {
  var reader = TarReader(MemorySource(archive))
  var list: [(TarEntry, String)] = []
  while let entry = try reader.next() {
    list.append((entry, String(decoding: try reader.readAll(limit: 1 << 20), as: UTF8.self)))
  }
  return list
}

/// An archive of `entries`, each with its content.
func archive(_ entries: [(TarEntry, String)]) throws(ArchiveError) -> [UInt8] {
  var writer = TarWriter(MemorySink())
  for (entry, content) in entries {
    var entry = entry
    entry.size = Int64(content.utf8.count)
    try writer.begin(entry)
    try Array(content.utf8).span.bytes.withUnsafeBytes { bytes throws(ArchiveError) in try writer.write(bytes) }
  }
  try writer.finish()
  return writer.sink.bytes
}

/// An entry without content.
func entry(_ path: RawPath, _ kind: TarEntry.Kind, _ permissions: UInt32 = 0o755) -> (TarEntry, String) {
  (TarEntry(path: path, kind: kind, permissions: permissions), "")
}

/// A file.
func file(_ path: RawPath, _ content: String = "x") -> (TarEntry, String) {
  (TarEntry(path: path, kind: .file, permissions: 0o644), content)
}

/// Unpacks `archive` into `root` and returns what the unpacker says of it.
@discardableResult func unpack(
  _ archive: [UInt8], into root: Descriptor, _ whiteouts: LayerUnpacker.Whiteouts = .plain, lowers: [Descriptor] = []
) throws(ArchiveError) -> LayerUnpacker.Summary {
  var reader = TarReader(MemorySource(archive))
  var unpacker = LayerUnpacker(into: root, whiteouts: whiteouts, lowers: lowers)
  try unpacker.unpack(&reader)
  return unpacker.summary
}

/// A header block with any fields, for archives that no writer makes.
struct RawHeader {
  private var block = [UInt8](repeating: 0, count: 512)

  init(_ name: String, type: Character, size: Int = 0) {
    put(name, at: 0)
    put("0000644", at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put("0" + String(String(size + 1 << 33, radix: 8).suffix(10)), at: 124)
    put("00000000000", at: 136)
    block[156] = type.asciiValue ?? 0
    put("ustar\u{0}00", at: 257)
  }

  /// The header with some bytes replaced.
  func setting(_ bytes: [Int: UInt8]) -> RawHeader {
    var copy = self
    for (offset, byte) in bytes { copy.block[offset] = byte }
    return copy
  }

  private mutating func put(_ text: String, at offset: Int) {
    block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
  }

  /// The block with its checksum, and `data` filled up to whole blocks.
  func with(_ data: [UInt8] = []) -> [UInt8] {
    var sealed = block
    sealed.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
    let sum = sealed.reduce(0) { $0 + Int($1) }
    sealed.replaceSubrange(148..<154, with: String(String(sum + 1 << 18, radix: 8).suffix(6)).utf8)
    sealed[154] = 0
    return sealed + data + [UInt8](repeating: 0, count: -data.count & 511)
  }
}

/// A pax header with the records `key=value`.
func pax(_ records: [String], type: Character = "x") -> [UInt8] {
  let body = records.flatMap { record in
    let content = record.utf8.count + 2
    let length = content + String(content + 2).utf8.count
    return Array("\(length) \(record)\n".utf8)
  }
  return RawHeader("PaxHeaders/x", type: type, size: body.count).with(body)
}

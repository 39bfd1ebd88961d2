import Linux

/// The fields of a ustar header that is to be written; `TarHeader` has the drawing.
struct TarHeaderFields {
  private var name: [UInt8] = []
  private var prefix: [UInt8] = []
  private var mode: UInt32 = 0
  private var owner: UInt32 = 0
  private var group: UInt32 = 0
  private var size: Int64 = 0
  private var modified: Int64 = 0
  private var type: UInt8 = 0
  private var link: [UInt8] = []
  private var device = DeviceNumber(0, 0)

  /// The header of `entry`, and the pax records for what does not fit into it, sorted by key.
  static func make(of entry: TarEntry) throws(ArchiveError.Reason) -> (TarHeaderFields, [(String, [UInt8])]) {
    var fields = TarHeaderFields()
    var records: [(String, [UInt8])] = []
    fields.mode = entry.permissions & 0o7777
    var path = Array(entry.path.bytes)
    if entry.kind == .directory, path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
    guard !entry.path.isEmpty, path.count <= ArchiveBounds.pathBytesMax else {
      throw .invalid("its path is too long or none")
    }
    if !fields.split(path) { records.append(("path", path)) }
    try fields.setKind(entry, &records)
    if entry.size > octalMax(12) { records.append(("size", decimal(entry.size))) } else { fields.size = entry.size }
    if entry.owner > octalMax(8) { records.append(("uid", decimal(entry.owner))) } else { fields.owner = entry.owner }
    if entry.group > octalMax(8) { records.append(("gid", decimal(entry.group))) } else { fields.group = entry.group }
    fields.modified = min(max(entry.modified.seconds, 0), octalMax(12))
    if entry.modified.nanoseconds != 0 || fields.modified != entry.modified.seconds {
      records.append(("mtime", time(entry.modified)))
    }
    if let accessed = entry.accessed { records.append(("atime", time(accessed))) }
    for attribute in entry.attributes {
      guard !attribute.name.isEmpty, !attribute.name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) else {
        throw .invalid("extended attribute \"\(attribute.name)\" has a name that an archive cannot hold")
      }
      records.append(("SCHILY.xattr.\(attribute.name)", attribute.value))
    }
    records.sort { $0.0 < $1.0 }
    return (fields, records)
  }

  /// The header of a pax header of `size` bytes for the entry `path`. Its own name is for readers that know no pax.
  static func pax(for path: RawPath, size: Int64) -> TarHeaderFields {
    var fields = TarHeaderFields()
    let last = path.bytes.split(separator: UInt8(ascii: "/")).last ?? []
    fields.name = Array(("PaxHeaders.0/".utf8 + Array(last)).prefix(100))
    fields.mode = 0o644
    fields.size = size
    fields.type = UInt8(ascii: "x")
    return fields
  }

  /// Puts `path` into name and prefix; false if it does not fit, which leaves as much of its end as fits.
  private mutating func split(_ path: [UInt8]) -> Bool {
    if path.count <= 100 {
      name = path
      return true
    }
    // The slash between the two is not stored; a directory's last slash does not separate.
    let slashes = path.indices.dropLast().filter { path[$0] == UInt8(ascii: "/") }
    if let slash = slashes.first(where: { path.count - $0 - 1 <= 100 }), slash > 0, slash <= 155 {
      prefix = Array(path[..<slash])
      name = Array(path[(slash + 1)...])
      return true
    }
    name = Array(path.suffix(100))
    return false
  }

  private mutating func setKind(_ entry: TarEntry, _ records: inout [(String, [UInt8])]) throws(ArchiveError.Reason) {
    guard entry.kind == .file ? entry.size >= 0 : entry.size == 0 else { throw .invalid("its size is no proper size") }
    switch entry.kind {
    case .file: type = UInt8(ascii: "0")
    case .directory: type = UInt8(ascii: "5")
    case .fifo: type = UInt8(ascii: "6")
    case .hardLink(let target): try setLink(target, UInt8(ascii: "1"), &records)
    case .symlink(let target): try setLink(target, UInt8(ascii: "2"), &records)
    case .characterDevice(let number): try setDevice(number, UInt8(ascii: "3"))
    case .blockDevice(let number): try setDevice(number, UInt8(ascii: "4"))
    }
  }

  private mutating func setLink(
    _ target: RawPath, _ type: UInt8, _ records: inout [(String, [UInt8])]
  ) throws(ArchiveError.Reason) {
    guard !target.isEmpty, target.count <= ArchiveBounds.pathBytesMax else {
      throw .invalid("its link target is too long or none")
    }
    self.type = type
    link = Array(target.bytes.prefix(100))
    if target.count > 100 { records.append(("linkpath", Array(target.bytes))) }
  }

  private mutating func setDevice(_ number: DeviceNumber, _ type: UInt8) throws(ArchiveError.Reason) {
    guard number.major <= Self.octalMax(8), number.minor <= Self.octalMax(8) else {
      throw .invalid("its device number does not fit")
    }
    self.type = type
    device = number
  }

  /// The largest number of a field of `count` bytes, the last of which is a NUL.
  private static func octalMax(_ count: Int) -> Int64 { 1 << Int64(3 * (count - 1)) - 1 }
  private static func octalMax(_ count: Int) -> UInt32 { 1 << UInt32(3 * (count - 1)) - 1 }

  private static func decimal(_ number: some BinaryInteger) -> [UInt8] { Array("\(number)".utf8) }

  /// Seconds with as many decimals as there are: `-0.5`, `1700000000.000000001`, `12`.
  private static func time(_ time: FileTime) -> [UInt8] {
    guard time.nanoseconds != 0 else { return decimal(time.seconds) }
    let isNegative = time.seconds < 0
    let seconds = isNegative ? -(time.seconds + 1) : time.seconds
    let nanoseconds = isNegative ? 1_000_000_000 - time.nanoseconds : time.nanoseconds
    let digits = String(String(1_000_000_000 + nanoseconds).dropFirst())
    let cut = digits.reversed().drop { $0 == "0" }.reversed()
    return Array("\(isNegative ? "-" : "")\(seconds).\(String(cut))".utf8)
  }
}

extension TarHeaderFields {
  /// The header as a block.
  func encoded() -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TarHeader.blockBytes)
    Self.put(name, into: &block, at: 0)
    Self.put(Int64(mode), into: &block, at: 100, 8)
    Self.put(Int64(owner), into: &block, at: 108, 8)
    Self.put(Int64(group), into: &block, at: 116, 8)
    Self.put(size, into: &block, at: 124, 12)
    Self.put(modified, into: &block, at: 136, 12)
    block[156] = type
    Self.put(link, into: &block, at: 157)
    Self.put(Array("ustar\u{0}00".utf8), into: &block, at: 257)
    Self.put(Int64(device.major), into: &block, at: 329, 8)
    Self.put(Int64(device.minor), into: &block, at: 337, 8)
    Self.put(prefix, into: &block, at: 345)
    // The checksum is made as if its own field were spaces; it has six digits, a NUL and a space.
    let sum = block.reduce(8 * Int64(UInt8(ascii: " "))) { $0 + Int64($1) }
    Self.put(sum, into: &block, at: 148, 7)
    block[155] = UInt8(ascii: " ")
    return block
  }

  private static func put(_ bytes: [UInt8], into block: inout [UInt8], at offset: Int) {
    block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  /// Writes octal digits with leading zeros and a NUL behind them.
  private static func put(_ number: Int64, into block: inout [UInt8], at offset: Int, _ count: Int) {
    var rest = number
    for index in (offset..<offset + count - 1).reversed() {
      block[index] = UInt8(ascii: "0") + UInt8(rest & 7)
      rest >>= 3
    }
  }
}

extension PaxRecords {
  /// Writes records as a pax header's data.
  static func encode(_ records: [(String, [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (key, value) in records {
      // A space, an equals sign and a newline, and the length's own digits, which may make it one digit longer.
      let content = key.utf8.count + value.count + 3
      var length = content + String(content).utf8.count
      if String(length).utf8.count > String(content).utf8.count { length += 1 }
      bytes.append(contentsOf: "\(length) \(key)=".utf8)
      bytes.append(contentsOf: value)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }
}

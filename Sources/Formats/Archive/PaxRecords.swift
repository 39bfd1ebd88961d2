import Linux

/// What pax headers say of an entry: POSIX, pax "Extended Header", with the keys of star, GNU and libarchive.
///
/// ```
/// record = length " " key "=" value "\n"     length counts the whole record, itself included
/// ```
///
/// A value of a global header holds for all entries after it, unless their own header says otherwise. Keys that nobody
/// here needs are skipped; they are many, and all of them are optional by POSIX.
struct PaxRecords {
  private(set) var path: RawPath?
  private(set) var linkPath: RawPath?
  private(set) var size: Int64?
  private(set) var owner: Int64?
  private(set) var group: Int64?
  private(set) var modified: FileTime?
  private(set) var accessed: FileTime?
  private(set) var attributes: [ExtendedAttribute] = []
  private(set) var sparse = PaxSparse()

  /// Adds the records of a header.
  mutating func add(_ header: [UInt8]) throws(ArchiveError.Reason) {
    var rest = header[...]
    // Some writers fill the block up with NULs.
    while let first = rest.first, first != 0 {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Self.decimal(rest[..<space]), length > 0, length <= Int64(rest.count)
      else { throw .invalid("a pax record has no proper length") }
      let end = rest.startIndex + Int(length)
      guard space + 1 < end, rest[end - 1] == UInt8(ascii: "\n"),
        let equals = rest[(space + 1)..<(end - 1)].firstIndex(of: UInt8(ascii: "="))
      else { throw .invalid("a pax record is malformed") }
      try set(
        String(decoding: rest[(space + 1)..<equals], as: UTF8.self), to: rest[(equals + 1)..<(end - 1)])
      rest = rest[end...]
    }
  }

  private static let attributePrefix = "SCHILY.xattr."

  /// Takes one record; an empty value takes back what a global header said.
  private mutating func set(_ key: String, to value: ArraySlice<UInt8>) throws(ArchiveError.Reason) {
    switch key {
    case "path": path = try Self.name(value, key)
    case "linkpath": linkPath = try Self.name(value, key)
    case "size": size = try Self.number(value, key)
    case "uid": owner = try Self.number(value, key)
    case "gid": group = try Self.number(value, key)
    case "mtime": modified = try Self.time(value, key)
    case "atime": accessed = try Self.time(value, key)
    case _ where key.hasPrefix(Self.attributePrefix):
      try setAttribute(String(key.dropFirst(Self.attributePrefix.count)), value)
    case _ where key.hasPrefix(PaxSparse.prefix):
      try sparse.set(key.dropFirst(PaxSparse.prefix.count), to: value)
    default: break
    }
  }

  private mutating func setAttribute(_ name: String, _ value: ArraySlice<UInt8>) throws(ArchiveError.Reason) {
    guard !name.isEmpty, !name.utf8.contains(0) else { throw .invalid("an extended attribute has no proper name") }
    guard name.utf8.count <= ArchiveBounds.attributeNameBytesMax else {
      throw .tooLarge("an extended attribute's name", max: ArchiveBounds.attributeNameBytesMax)
    }
    guard value.count <= extendedAttributeBytesMax else {
      throw .tooLarge("extended attribute \"\(name)\"", max: extendedAttributeBytesMax)
    }
    attributes.removeAll { $0.name == name }
    guard attributes.count < ArchiveBounds.attributesMax else {
      throw .tooLarge("the number of extended attributes", max: ArchiveBounds.attributesMax)
    }
    attributes.append(ExtendedAttribute(name, Array(value)))
  }

  private static func name(_ value: ArraySlice<UInt8>, _ key: String) throws(ArchiveError.Reason) -> RawPath? {
    if value.isEmpty { return nil }
    guard value.count <= ArchiveBounds.pathBytesMax else {
      throw .tooLarge("its \(key)", max: ArchiveBounds.pathBytesMax)
    }
    guard let name = RawPath(value) else { throw .invalid("pax \(key) contains a NUL byte") }
    return name
  }

  private static func number(_ value: ArraySlice<UInt8>, _ key: String) throws(ArchiveError.Reason) -> Int64? {
    if value.isEmpty { return nil }
    guard let number = decimal(value) else { throw .invalid("pax \(key) is no number") }
    return number
  }

  /// Reads digits, without sign; nil for anything else and for what 64 bits cannot hold.
  static func decimal(_ text: ArraySlice<UInt8>) -> Int64? {
    guard !text.isEmpty else { return nil }
    var value: Int64 = 0
    for byte in text {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// Reads seconds since the epoch, as in `-1.5`; digits beyond nanoseconds are cut.
  private static func time(_ value: ArraySlice<UInt8>, _ key: String) throws(ArchiveError.Reason) -> FileTime? {
    if value.isEmpty { return nil }
    let isNegative = value.first == UInt8(ascii: "-")
    let parts = value.dropFirst(isNegative ? 1 : 0).split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.count == 2 ? parts[1] : []
    guard let seconds = decimal(parts[0]), digits.isEmpty || digits.allSatisfy({ decimal([$0]) != nil }) else {
      throw .invalid("pax \(key) is no time")
    }
    let padded = Array(digits.prefix(9)) + [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 9 - digits.count))
    let nanoseconds = decimal(padded[...]) ?? 0
    guard isNegative else { return FileTime(seconds: seconds, nanoseconds: nanoseconds) }
    // -1.5 is two seconds before the epoch and half a second after that.
    return nanoseconds == 0
      ? FileTime(seconds: -seconds, nanoseconds: 0)
      : FileTime(seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
  }
}

extension ArchiveError.Reason: Error {}

import Linux

/// One 512-byte header block, as it is on disk.
///
/// ```
///   0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12 | 148 checksum 8 | 156 type 1
/// 157 link 100 | 257 magic 6, version 2 | 265 uname 32 | 297 gname 32 | 329 major 8 | 337 minor 8
/// 345 prefix 155 (ustar)
/// 345 atime 12 | 357 ctime 12 | … | 386 four sparse segments of 24 | 482 isExtended 1 | 483 real size 12 (old GNU)
/// ```
///
/// It borrows the reader's buffer: read what is needed before the reader moves on.
struct TarHeader {
  static let blockBytes = 512

  private let block: UnsafeRawBufferPointer

  /// Looks at `block`, which has `blockBytes`.
  init(_ block: UnsafeRawBufferPointer) { self.block = block }

  /// Whether all bytes are zero, as in the two blocks that end an archive.
  var isZero: Bool { block.allSatisfy { $0 == 0 } }

  /// Whether the checksum is right: the sum of all bytes with the checksum's own taken as spaces. Some old writers
  /// summed signed bytes, so that sum is as good.
  var hasValidChecksum: Bool {
    guard let said = number(148, 8) else { return false }
    var unsigned = 8 * Int64(UInt8(ascii: " "))
    var signed = unsigned
    for index in 0..<Self.blockBytes where !(148..<156).contains(index) {
      unsigned += Int64(block[index])
      signed += Int64(Int8(bitPattern: block[index]))
    }
    return said == unsigned || said == signed
  }

  var type: UInt8 { block[156] }
  var name: ArraySlice<UInt8> { text(0, 100) }
  var linkName: ArraySlice<UInt8> { text(157, 100) }
  var mode: Int64? { number(100, 8) }
  var owner: Int64? { number(108, 8) }
  var group: Int64? { number(116, 8) }
  var size: Int64? { number(124, 12) }
  var modified: Int64? { number(136, 12) }
  var major: Int64? { number(329, 8) }
  var minor: Int64? { number(337, 8) }

  /// The directory part of the name; only POSIX's headers have it, GNU's have other things in its place.
  var prefix: ArraySlice<UInt8> {
    guard matches("ustar\0", at: 257) else { return [] }
    // star's headers, "tar\0" in the last bytes, have a shorter prefix with times behind it.
    return text(345, matches("tar\0", at: 508) ? 131 : 155)
  }

  var isGNU: Bool { matches("ustar  \0", at: 257) }

  // Old GNU sparse headers and their extension blocks.

  var sparseRealSize: Int64? { number(483, 12) }
  var sparseIsExtended: Bool { block[482] != 0 }
  var extensionIsExtended: Bool { block[504] != 0 }

  /// The four segments of a sparse header.
  func sparseSegments() -> [SparseSegment]? { segments(at: 386, count: 4) }

  /// The 21 segments of an extension block.
  func extensionSegments() -> [SparseSegment]? { segments(at: 0, count: 21) }

  private func segments(at offset: Int, count: Int) -> [SparseSegment]? {
    var segments: [SparseSegment] = []
    for index in 0..<count {
      let start = offset + index * 24
      guard block[start] != 0 else { break }
      guard let offset = number(start, 12), let length = number(start + 12, 12) else { return nil }
      segments.append(SparseSegment(offset: offset, length: length))
    }
    return segments
  }

  private func matches(_ text: StaticString, at offset: Int) -> Bool {
    text.withUTF8Buffer { $0.elementsEqual(block[offset..<offset + $0.count]) }
  }

  /// The bytes up to the first NUL.
  private func text(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
    ArraySlice(block[offset..<offset + count].prefix { $0 != 0 })
  }

  /// A number: octal digits among spaces and NULs, or with the first bit set a big-endian two's complement (GNU). An
  /// empty field is 0; nil is no number or none of 64 bits.
  private func number(_ offset: Int, _ count: Int) -> Int64? {
    let field = UnsafeRawBufferPointer(rebasing: block[offset..<offset + count])
    if field[0] & 0x80 != 0 { return binaryNumber(field) }
    var value: Int64 = 0
    var rest = field.drop { $0 == 0 || $0 == UInt8(ascii: " ") }
    while let digit = rest.first, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "7") {
      // 12 octal digits have 36 bits: no overflow.
      value = value << 3 | Int64(digit - UInt8(ascii: "0"))
      rest = rest.dropFirst()
    }
    return rest.first.map { $0 == 0 || $0 == UInt8(ascii: " ") } ?? true ? value : nil
  }

  private func binaryNumber(_ field: UnsafeRawBufferPointer) -> Int64? {
    let isNegative = field[0] & 0x40 != 0
    // The first bit is the mark, not a digit: give it the sign's value.
    var value = Int64(Int8(bitPattern: isNegative ? field[0] : field[0] & 0x3f))
    for byte in field.dropFirst() {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
      guard !overflow else { return nil }
      value = shifted | Int64(byte)
    }
    return value
  }
}

/// A piece of a sparse file that is stored; between the pieces are holes.
struct SparseSegment: Equatable {
  let offset: Int64
  let length: Int64
}

import Glibc

// The text of a record in Docker's format is escaped as Go's encoding/json does it: a backslash before `"` and `\`; \n and
// \r; \u00xx for the other control characters and for `<`, `>`, `&`; \u2028 and \u2029; and \ufffd for each byte that is
// no part of a UTF-8 character. A real U+FFFD stands as it is. So the count of raw bytes can always be told from the text:
// the escape \ufffd is one.

private let backslash = UInt8(ascii: "\\")

/// Escapes `source` to `out`, which has room for six times as many bytes and eight, and says how many it wrote.
func escape(_ source: UnsafeRawBufferPointer, to out: UnsafeMutablePointer<UInt8>) -> Int {
  guard let from = source.baseAddress else { return 0 }
  let target = UnsafeMutableRawPointer(out)
  let end = source.count
  var read = 0
  var written = 0
  while read < end {
    if read + 8 <= end {
      let word = from.loadUnaligned(fromByteOffset: read, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: written, as: UInt64.self)
      let plain = plainBytes(inFrontOf: word)
      read += plain
      written += plain
      if plain == 8 { continue }
    }
    let byte = from.load(fromByteOffset: read, as: UInt8.self)
    if byte < 0x80 {
      written += escape(ascii: byte, to: out + written)
      read += 1
    } else {
      let length = characterLength(UnsafeRawBufferPointer(rebasing: source[read...]))
      written += escape(character: from + read, length, to: out + written)
      read += max(length, 1)
    }
  }
  return written
}

/// How many of the eight bytes of `word`, from its lowest on, need no escape.
@inline(__always) private func plainBytes(inFrontOf word: UInt64) -> Int {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let highs = ones &* 0x80
  // The high bit of a byte of `zeros(x)` says that the byte is zero; above the lowest such byte it may be wrong, which
  // does not matter: only the lowest counts. The same with `controls`.
  func zeros(_ x: UInt64) -> UInt64 { (x &- ones) & ~x }
  let controls = (word &- ones &* 0x20) & ~word
  let quotes = zeros(word ^ ones &* 0x22) | zeros(word ^ ones &* 0x5c)
  let markup = zeros(word ^ ones &* 0x26) | zeros((word | ones &* 0x02) ^ ones &* 0x3e)  // & and both < >
  let special = (word | controls | quotes | markup) & highs
  return special.trailingZeroBitCount / 8
}

@inline(__always) private func escape(ascii byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> Int {
  switch byte {
  case UInt8(ascii: "\""), backslash: out[1] = byte
  case UInt8(ascii: "\n"): out[1] = UInt8(ascii: "n")
  case UInt8(ascii: "\r"): out[1] = UInt8(ascii: "r")
  case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
    return escape(scalar: UInt16(byte), to: out)
  default:
    out[0] = byte
    return 1
  }
  out[0] = backslash
  return 2
}

private func escape(
  character: UnsafeRawPointer, _ length: Int, to out: UnsafeMutablePointer<UInt8>
) -> Int {
  if length == 0 { return escape(scalar: 0xfffd, to: out) }
  let first = character.load(as: UInt8.self)
  let second = character.load(fromByteOffset: 1, as: UInt8.self)
  if length == 3, first == 0xe2, second == 0x80 {
    let last = character.load(fromByteOffset: 2, as: UInt8.self)
    if last == 0xa8 || last == 0xa9 { return escape(scalar: 0x2000 | UInt16(last & 0x3f), to: out) }
  }
  UnsafeMutableRawPointer(out).copyMemory(from: character, byteCount: length)
  return length
}

private func escape(scalar: UInt16, to out: UnsafeMutablePointer<UInt8>) -> Int {
  out[0] = backslash
  out[1] = UInt8(ascii: "u")
  for index in 0..<4 {
    let digit = UInt8(truncatingIfNeeded: scalar >> (12 - 4 * UInt16(index))) & 15
    out[2 + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
  return 6
}

/// The length of the UTF-8 character at the start of `bytes`, which is not empty; 0 if there is none (RFC 3629: no
/// surrogates, no longer form than needed, nothing above U+10FFFF).
func characterLength(_ bytes: UnsafeRawBufferPointer) -> Int {
  let first = bytes[0]
  let (length, second): (Int, ClosedRange<UInt8>) =
    switch first {
    case 0..<0x80: (1, 0...0)
    case 0xc2...0xdf: (2, 0x80...0xbf)
    case 0xe0: (3, 0xa0...0xbf)
    case 0xe1...0xec, 0xee...0xef: (3, 0x80...0xbf)
    case 0xed: (3, 0x80...0x9f)
    case 0xf0: (4, 0x90...0xbf)
    case 0xf1...0xf3: (4, 0x80...0xbf)
    case 0xf4: (4, 0x80...0x8f)
    default: (0, 0...0)
    }
  if length <= 1 { return length }
  guard bytes.count >= length, second.contains(bytes[1]) else { return 0 }
  for index in 2..<length where bytes[index] & 0xc0 != 0x80 { return 0 }
  return length
}

/// How many bytes at the end of `bytes` begin a UTF-8 character without ending it: 0 to 3.
func unfinishedCharacterLength(_ bytes: UnsafeRawBufferPointer) -> Int {
  for length in 1...3 where length <= bytes.count {
    let byte = bytes[bytes.count - length]
    if byte < 0x80 { return 0 }
    guard byte >= 0xc0 else { continue }
    let needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return needed > length ? length : 0
  }
  return 0
}

/// Undoes `escape`, and reads any other JSON string too.
struct Unescaper {
  /// What the text says, without the first bytes that were to be dropped.
  private(set) var bytes: [UInt8] = []
  /// How many bytes the process had written.
  private(set) var rawCount = 0
  private var dropping: Int

  /// - Parameter dropping: how many raw bytes to leave out in front.
  init(dropping: Int) { self.dropping = dropping }

  /// Reads `text`, the inside of a JSON string; false if it is none. Bytes that are no UTF-8 are taken as they are.
  mutating func read(_ text: UnsafeRawBufferPointer) -> Bool {
    bytes.reserveCapacity(text.count)
    guard let start = text.baseAddress else { return true }
    var index = 0
    while index < text.count {
      let escape = memchr(start + index, Int32(backslash), text.count - index).map { UnsafeRawPointer($0) - start }
      let plain = index..<(escape ?? text.count)
      if !plain.isEmpty { append(UnsafeRawBufferPointer(rebasing: text[plain]), raw: plain.count) }
      guard let escape else { break }
      index = escape
      guard let length = readEscape(UnsafeRawBufferPointer(rebasing: text[index...])) else { return false }
      index += length
    }
    return true
  }

  private mutating func append(_ run: UnsafeRawBufferPointer, raw: Int) {
    rawCount += raw
    if dropping == 0 {
      bytes.append(contentsOf: run)
    } else if dropping >= raw {
      dropping -= raw
    } else {
      bytes.append(contentsOf: run.dropFirst(dropping))
      dropping = 0
    }
  }

  /// Reads the escape at the start of `text` and says how long it is.
  private mutating func readEscape(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count >= 2 else { return nil }
    let byte: UInt8
    switch text[1] {
    case UInt8(ascii: "\""), backslash, UInt8(ascii: "/"): byte = text[1]
    case UInt8(ascii: "n"): byte = 0x0a
    case UInt8(ascii: "r"): byte = 0x0d
    case UInt8(ascii: "t"): byte = 0x09
    case UInt8(ascii: "b"): byte = 0x08
    case UInt8(ascii: "f"): byte = 0x0c
    case UInt8(ascii: "u"): return readScalar(text)
    default: return nil
    }
    withUnsafeBytes(of: byte) { append($0, raw: 1) }
    return 2
  }

  private mutating func readScalar(_ text: UnsafeRawBufferPointer) -> Int? {
    guard let unit = hexUnit(text, at: 0) else { return nil }
    if unit < 0x80 {
      withUnsafeBytes(of: UInt8(unit)) { append($0, raw: 1) }
      return 6
    }
    var value = UInt32(unit)
    var length = 6
    if UTF16.isLeadSurrogate(unit), let next = hexUnit(text, at: 6), UTF16.isTrailSurrogate(next) {
      value = 0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(next & 0x3ff))
      length = 12
    }
    // What no scalar has is a lone surrogate, which Go reads as U+FFFD too.
    let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
    let encoded = Array(String(scalar).utf8)
    encoded.withUnsafeBytes { append($0, raw: scalar == "\u{fffd}" ? 1 : encoded.count) }
    return length
  }

  /// The number of four hex digits that the escape `\u` at `index` has.
  private func hexUnit(_ text: UnsafeRawBufferPointer, at index: Int) -> UInt16? {
    guard index + 6 <= text.count, text[index] == backslash, text[index + 1] == UInt8(ascii: "u") else { return nil }
    var value: UInt16 = 0
    for digit in text[index + 2..<index + 6] {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(digit - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(digit - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }
}

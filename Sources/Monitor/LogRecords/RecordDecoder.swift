import Glibc

/// The parts of an encoded record, before its text is decoded.
struct EncodedRecord {
  /// Where its parts are in the line; for Docker's format the text is still escaped.
  private(set) var text: Range<Int>
  private(set) var attributes: Range<Int>?
  private(set) var stream: LogStream
  private(set) var time: LogTime
  private(set) var lost: StreamPositions?
  private var encoding: Encoding

  private enum Encoding { case escaped, whole, piece }

  /// Decodes the text without its first `dropping` raw bytes, and says how many raw bytes there are with them; nil if
  /// the text is badly escaped. The log's own record has none.
  func decodeText(of line: UnsafeRawBufferPointer, dropping: Int) -> (bytes: [UInt8], rawCount: Int)? {
    let inside = UnsafeRawBufferPointer(rebasing: line[text])
    switch encoding {
    case .escaped:
      var unescaper = Unescaper(dropping: lost == nil ? dropping : 0)
      guard unescaper.read(inside) else { return nil }
      return (unescaper.bytes, lost == nil ? unescaper.rawCount : 0)
    case .whole, .piece:
      var bytes = [UInt8](inside)
      if encoding == .whole { bytes.append(UInt8(ascii: "\n")) }
      if lost != nil { return (bytes, 0) }
      let rawCount = bytes.count
      if dropping > 0 { bytes.removeFirst(min(dropping, bytes.count)) }
      return (bytes, rawCount)
    }
  }
}

extension EncodedRecord {
  /// Finds the parts of `line`, which has no newline at its end; nil if it is no record of either format.
  init?(_ line: UnsafeRawBufferPointer) {
    guard let first = line.first else { return nil }
    if first == UInt8(ascii: "{") { self.init(json: line) } else { self.init(cri: line) }
  }
}

// `{"log":"…","stream":"stdout","attrs":{…},"time":"…"}` with its keys in any order, without white space; `log` may be
// missing, as Docker leaves it out when it is empty.
extension EncodedRecord {
  private init?(json line: UnsafeRawBufferPointer) {
    var scanner = ObjectScanner(line)
    var text = 0..<0
    var attributes: Range<Int>?
    var stream: LogStream?
    var time: LogTime?
    while let key = scanner.nextKey() {
      if line.says("log", key) {
        guard let value = scanner.string() else { return nil }
        text = value
      } else if line.says("stream", key) {
        guard let value = scanner.string(), let known = LogStream(line, value) else { return nil }
        stream = known
      } else if line.says("time", key) {
        guard let value = scanner.string(), let read = LogTime(parsing: .init(rebasing: line[value])) else {
          return nil
        }
        time = read
      } else if line.says("attrs", key) {
        guard let value = scanner.object() else { return nil }
        attributes = value
      } else {
        return nil
      }
    }
    guard scanner.isAtEnd, let stream, let time else { return nil }
    self.init(text: text, attributes: attributes, stream: stream, time: time, lost: nil, encoding: .escaped)
    if let attributes { lost = Self.lost(in: UnsafeRawBufferPointer(rebasing: line[attributes])) }
  }

  /// The counts in the attributes of the log's own record; nil in any other's.
  private static func lost(in attributes: UnsafeRawBufferPointer) -> StreamPositions? {
    var scanner = ObjectScanner(attributes)
    var lost: StreamPositions?
    while let key = scanner.nextKey() {
      guard let value = scanner.string() else { return nil }
      let count = UInt64(attributes.text(value)) ?? 0
      if attributes.says(LossMark.stdoutAttribute, key) {
        lost = StreamPositions(stdout: count)
      } else if attributes.says(LossMark.stderrAttribute, key), lost != nil {
        lost?.stderr = count
      } else {
        return nil
      }
    }
    return lost
  }

  // `time SP stream SP tags SP text`, tags `F` (a whole line) or `P` (a piece of one) and others after colons.
  private init?(cri line: UnsafeRawBufferPointer) {
    guard let timeEnd = line.firstIndex(of: UInt8(ascii: " ")), timeEnd <= 35,
      let time = LogTime(parsing: .init(rebasing: line[..<timeEnd])),
      let streamEnd = line[(timeEnd + 1)...].firstIndex(of: UInt8(ascii: " ")), streamEnd - timeEnd < 8,
      let stream = LogStream(line, timeEnd + 1..<streamEnd),
      let tagsEnd = line[(streamEnd + 1)...].firstIndex(of: UInt8(ascii: " ")), tagsEnd - streamEnd < 128
    else { return nil }
    let tags = line.text(streamEnd + 1..<tagsEnd).split(separator: ":", omittingEmptySubsequences: false)
    let encoding: Encoding
    switch tags[0] {
    case "F": encoding = .whole
    case "P": encoding = .piece
    default: return nil
    }
    self.init(
      text: tagsEnd + 1..<line.count, attributes: nil, stream: stream, time: time,
      lost: tags.dropFirst().first.flatMap(Self.lost(in:)), encoding: encoding)
  }

  private static func lost(in tag: Substring) -> StreamPositions? {
    guard tag.hasPrefix(LossMark.tag) else { return nil }
    let counts = tag.dropFirst(LossMark.tag.count).split(separator: "+").compactMap { UInt64($0) }
    return counts.count == 2 ? StreamPositions(stdout: counts[0], stderr: counts[1]) : nil
  }
}

/// Reads the members of one flat JSON object without white space.
private struct ObjectScanner {
  private let line: UnsafeRawBufferPointer
  private var index = 0

  init(_ line: UnsafeRawBufferPointer) { self.line = line }

  /// The object ended, and the line with it.
  private(set) var isAtEnd = false

  /// The key of the next member, whose value must be read next; nil at the end and when this is no object.
  mutating func nextKey() -> Range<Int>? {
    if index == 0 {
      guard take("{") else { return nil }
      if take("}") { return end() }
    } else {
      if take("}") { return end() }
      guard take(",") else { return nil }
    }
    guard let key = string(), take(":") else { return nil }
    return key
  }

  private mutating func end() -> Range<Int>? {
    isAtEnd = index == line.count
    return nil
  }

  /// The inside of a string, still escaped.
  mutating func string() -> Range<Int>? {
    guard take("\""), let start = line.baseAddress else { return nil }
    let first = index
    while index < line.count {
      guard let quote = memchr(start + index, Int32(UInt8(ascii: "\"")), line.count - index) else { return nil }
      let found = UnsafeRawPointer(quote) - start
      index = found + 1
      // A quote after an odd number of backslashes belongs to the text.
      var slashes = found
      while slashes > first, line[slashes - 1] == UInt8(ascii: "\\") { slashes -= 1 }
      if (found - slashes) % 2 == 0 { return hasControls(first..<found) ? nil : first..<found }
    }
    return nil
  }

  /// JSON allows no bare control character in a string, so one shows that a record is damaged.
  private func hasControls(_ range: Range<Int>) -> Bool {
    var lowest: UInt8 = 0xff
    for byte in line[range] { lowest = min(lowest, byte) }
    return lowest < 0x20
  }

  /// An object of strings and its braces.
  mutating func object() -> Range<Int>? {
    var inner = ObjectScanner(UnsafeRawBufferPointer(rebasing: line[index...]))
    while inner.nextKey() != nil { guard inner.string() != nil else { return nil } }
    guard inner.index > 1, inner.line[inner.index - 1] == UInt8(ascii: "}") else { return nil }
    defer { index += inner.index }
    return index..<index + inner.index
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < line.count, line[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }
}

extension LogStream {
  /// The stream whose name is at `range` of `line`.
  fileprivate init?(_ line: UnsafeRawBufferPointer, _ range: Range<Int>) {
    if line.says("stdout", range) {
      self = .stdout
    } else if line.says("stderr", range) {
      self = .stderr
    } else {
      return nil
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether `text` is at `range`.
  fileprivate func says(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount, let start = baseAddress else { return false }
    return memcmp(start + range.lowerBound, text.utf8Start, range.count) == 0
  }

  fileprivate func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}

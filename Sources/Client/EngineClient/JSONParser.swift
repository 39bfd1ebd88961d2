/// Reads JSON of untrusted origin: RFC 8259.
package struct JSONParser {
  /// Arrays and objects inside each other. Docker's deepest answer has eight; each level costs stack.
  package static let depthMax = 200

  private let bytes: [UInt8]
  private var position = 0

  /// The one value that `bytes` hold.
  ///
  /// - Throws: where the text stops being JSON, and why.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("something follows the value") }
    return value
  }

  /// The one value that `text` holds.
  package static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse(Array(text.utf8)) }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C {
      position += 1
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.depthMax else { throw error("deeper than \(Self.depthMax) levels") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw error("the text ends too early")
    default: return try number()
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count, word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) }) else {
      throw error("no JSON value begins like this")
    }
    position = end
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a member's name must be a string") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw error("a colon must follow a member's name") }
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("a comma or the end of the object must follow") }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw error("a comma or the end of the array must follow") }
    }
  }

  /// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`
  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if !take("+") { _ = take("-") }
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONError) {
    guard let first = next, (0x30...0x39).contains(first) else { throw error("no JSON value begins like this") }
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while true {
      let start = position
      while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
      text.append(contentsOf: bytes[start..<position])
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: try escaped())
      case nil: throw error("a string has no end")
      default: throw error("a control character in a string")
      }
    }
  }

  private mutating func escaped() throws(JSONError) -> [UInt8] {
    guard let byte = next else { throw error("a string has no end") }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return [byte]
    case "b": return [0x08]
    case "f": return [0x0C]
    case "n": return [0x0A]
    case "r": return [0x0D]
    case "t": return [0x09]
    case "u": return Array(String(Character(try scalar())).utf8)
    default: throw error("no such escape in a string")
    }
  }

  /// What follows `\u`; half of a surrogate pair becomes U+FFFD, as in Go.
  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    let first = try hexDigits()
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    let afterFirst = position
    guard take("\\"), take("u") else {
      position = afterFirst
      return "\u{FFFD}"
    }
    let second = try hexDigits()
    guard (0xDC00..<0xE000).contains(second) else {
      position = afterFirst
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexDigits() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits must follow \\u") }
    position += 4
    return value
  }
}

/// Why a text is not JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// In bytes from the beginning.
  package let offset: Int
  package let reason: String

  package var description: String { "not JSON at byte \(offset): \(reason)" }
}

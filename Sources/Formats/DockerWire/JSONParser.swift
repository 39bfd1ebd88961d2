/// Reads JSON (RFC 8259) that came from outside.
///
/// Its size is bounded by whoever read it; its depth here, because values nest on the stack. Strings must be UTF-8;
/// a lone surrogate escape becomes U+FFFD, as in Go.
package struct JSONParser {
  /// Docker's deepest type has 8 levels; labels and options add a few.
  package static let depthMax = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value that `bytes` is, with white space around it.
  package static func parse(_ bytes: [UInt8]) throws(WireError) -> JSONValue {
    var parser = JSONParser(bytes)
    parser.skipSpace()
    guard parser.peek != nil else { throw .empty }
    let value = try parser.value()
    parser.skipSpace()
    guard parser.peek == nil else { throw .trailing }
    return value
  }

  // MARK: - Values

  private mutating func value() throws(WireError) -> JSONValue {
    switch peek {
    case UInt8(ascii: "{"): return try nested { parser throws(WireError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(WireError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return .number(try number())
    default: throw unexpected("looking for beginning of value")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(WireError) -> JSONValue
  ) throws(WireError) -> JSONValue {
    depth += 1
    guard depth <= Self.depthMax else { throw .tooDeep }
    position += 1
    skipSpace()
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(WireError) -> JSONValue {
    var members: [JSONValue.Member] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw unexpected("looking for beginning of object key string") }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("after object key") }
      skipSpace()
      members.append(JSONValue.Member(name: name, value: try value()))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw unexpected("after object key:value pair") }
      skipSpace()
    }
  }

  private mutating func array() throws(WireError) -> JSONValue {
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw unexpected("after array element") }
      skipSpace()
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(WireError) -> JSONValue {
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    for byte in expected { guard take(byte) else { throw unexpected("in literal \(text)") } }
    return value
  }

  private mutating func number() throws(WireError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(WireError) {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw unexpected("in numeric literal") }
  }

  // MARK: - Strings

  private mutating func string() throws(WireError) -> String {
    position += 1
    var text: [UInt8] = []
    while true {
      let start = position
      while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
      text.append(contentsOf: bytes[start..<position])
      if take(UInt8(ascii: "\"")) { break }
      guard take(UInt8(ascii: "\\")) else { throw unexpected("in string literal") }
      text.append(contentsOf: try escape().utf8)
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw WireError("invalid JSON: string is not UTF-8")
    }
    return string
  }

  private mutating func escape() throws(WireError) -> String {
    guard let byte = peek else { throw .truncated }
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      position -= 1
      throw unexpected("in string escape code")
    }
  }

  private mutating func unicodeEscape() throws(WireError) -> String {
    let first = try fourDigits()
    if first & 0xFC00 == 0xD800, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let before = position
      position += 2
      let second = try fourDigits()
      if second & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) {
        return String(scalar)
      }
      position = before
    }
    return String(Unicode.Scalar(first) ?? "\u{FFFD}")
  }

  private mutating func fourDigits() throws(WireError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek else { throw .truncated }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("in \\u hexadecimal character escape")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: - Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func unexpected(_ place: String) -> WireError {
    guard let byte = peek else { return .truncated }
    let shown = byte >= 0x20 && byte < 0x7F ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    return WireError("invalid JSON: invalid character \(shown) \(place)")
  }
}

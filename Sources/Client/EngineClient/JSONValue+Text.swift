extension JSONValue {
  /// The document on one line, escaped as Go's encoder does, which also escapes `<`, `>` and `&`.
  package var compact: String {
    var text = ""
    write(to: &text, escapesHTML: true)
    return text
  }

  /// The document on one line, in which `<`, `>` and `&` stand for themselves.
  package var compactUnescaped: String {
    var text = ""
    write(to: &text, escapesHTML: false)
    return text
  }

  private func write(to text: inout String, escapesHTML: Bool) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): Self.quote(string, to: &text, escapesHTML: escapesHTML)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text, escapesHTML: escapesHTML)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.quote(member.name, to: &text, escapesHTML: escapesHTML)
        text += ":"
        member.value.write(to: &text, escapesHTML: escapesHTML)
      }
      text += "}"
    }
  }

  private static func quote(_ string: String, to text: inout String, escapesHTML: Bool) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case "<", ">", "&": escapesHTML ? escape(scalar, to: &text) : text.unicodeScalars.append(scalar)
      case "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}": escape(scalar, to: &text)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func escape(_ scalar: Unicode.Scalar, to text: inout String) {
    let digits = String(scalar.value, radix: 16)
    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension JSONValue {
  /// Lays the JSON text `bytes` out with one member or element a line, as Go's `json.Indent` does: strings and numbers
  /// stay as they were written.
  ///
  /// - Parameter bytes: JSON that was parsed before, or the result is as wrong as they are.
  /// - Parameter prefix: what each line but the first begins with.
  package static func indented(_ bytes: [UInt8], prefix: String = "", by indent: String) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    var depth = 0
    var inString = false
    var opensEmpty = false
    func newline() { text += Array(("\n" + prefix + String(repeating: indent, count: depth)).utf8) }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if inString {
        text.append(byte)
        if byte == UInt8(ascii: "\\"), index < bytes.count {
          text.append(bytes[index])
          index += 1
        }
        inString = byte != UInt8(ascii: "\"")
        continue
      }
      let closes = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      if byte == 0x20 || (0x09...0x0D).contains(byte) { continue }
      if closes { depth -= 1 }
      // The first member begins a line, and so does the end of what has members.
      if opensEmpty != closes { newline() }
      opensEmpty = false
      text.append(byte)
      switch byte {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        opensEmpty = true
      case UInt8(ascii: ","): newline()
      case UInt8(ascii: ":"): text.append(0x20)
      default: break
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

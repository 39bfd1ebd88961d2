/// Writes JSON the way Docker's engine does, key after key in the order of the calls.
///
/// Nothing is decided here: a caller says for each field whether a missing value is `null`, an empty value, or left
/// out. Strings are escaped as Go's encoder does.
package struct JSONWriter {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []
  /// Whether a comma must come before the next value.
  private var needsComma = false

  private let escapesHTML: Bool

  /// An empty text.
  ///
  /// - Parameter escapesHTML: whether `<`, `>` and `&` are escaped. Docker's engine does so in streams (events,
  ///   progress) and not in single answers.
  package init(escapesHTML: Bool = false) { self.escapesHTML = escapesHTML }

  // MARK: - Values

  /// Writes an object whose members `body` writes with `field`.
  package mutating func object(_ body: (inout JSONWriter) -> Void) { nest(open: "{", close: "}", body) }

  /// Writes an array whose elements `body` writes as values.
  package mutating func array(_ body: (inout JSONWriter) -> Void) { nest(open: "[", close: "]", body) }

  /// Writes `null`.
  package mutating func null() { scalar("null") }

  /// Writes `true` or `false`.
  package mutating func bool(_ value: Bool) { scalar(value ? "true" : "false") }

  /// Writes a number from its digits, which must be those of a JSON number.
  package mutating func number(_ digits: String) { scalar(digits) }

  /// Writes an integer.
  package mutating func integer(_ value: some BinaryInteger) { scalar(String(value)) }

  /// Writes a string in quotes.
  package mutating func string(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  // MARK: - Members

  /// Writes the member `name` with the one value that `value` writes.
  package mutating func field(_ name: String, _ value: (inout JSONWriter) -> Void) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
    value(&self)
    needsComma = true
  }

  // MARK: - Text

  private mutating func nest(open: Unicode.Scalar, close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: open))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: close))
    needsComma = true
  }

  private mutating func scalar(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case "\u{8}": append("\\b")
      case "\u{c}": append("\\f")
      case "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}": escape(scalar)
      case "<" where escapesHTML, ">" where escapesHTML, "&" where escapesHTML: escape(scalar)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// `\u` and four digits; all that is escaped so lies in the basic plane.
  private mutating func escape(_ scalar: Unicode.Scalar) {
    let digits = String(scalar.value, radix: 16)
    append("\\u")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
    bytes.append(contentsOf: digits.utf8)
  }
}

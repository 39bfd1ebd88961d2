/// A set of words that a specification closes: any other word is an error that names it and says what it was meant for.
package protocol ClosedSet: RawRepresentable, Codable, Equatable, Sendable where RawValue == String {
  /// What the word stands for, for errors: `"namespace type"`.
  static var meaning: String { get }
}

extension ClosedSet {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let value = Self(rawValue: word) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "unknown \(Self.meaning) \"\(word)\"")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

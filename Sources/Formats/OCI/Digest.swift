/// A content digest, `algorithm:hex`: image-spec, descriptor.md "Digests".
package struct Digest: Hashable, Sendable, CustomStringConvertible {
  package let algorithm: Algorithm
  /// Lower-case hexadecimal, as long as the algorithm makes it.
  package let hex: String

  /// The registered algorithms.
  package enum Algorithm: String, Sendable, CaseIterable {
    /// What all content of ours is stored under.
    case sha256
    /// Recognised, so that the error can say that content of it is not taken.
    case sha512

    /// The length of its digests in hexadecimal digits.
    package var hexCount: Int {
      switch self {
      case .sha256: 64
      case .sha512: 128
      }
    }
  }

  /// Reads `algorithm:hex`. The errors are those of Docker's go-digest, which clients see.
  package init(parsing text: String) throws(DigestError) {
    let bytes = text.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .invalidFormat }
    let name = text[..<colon]
    guard let algorithm = Algorithm(rawValue: String(name)) else {
      throw name.isEmpty ? .invalidFormat : .unsupportedAlgorithm
    }
    let hex = text[bytes.index(after: colon)...]
    guard hex.utf8.count == algorithm.hexCount else { throw .invalidLength }
    guard hex.utf8.allSatisfy(Self.isHexDigit) else { throw .invalidFormat }
    self.algorithm = algorithm
    self.hex = String(hex)
  }

  /// Reads the digest of content that is to be stored: only sha256.
  package init(ofContent text: String) throws(DigestError) {
    try self.init(parsing: text)
    guard algorithm == .sha256 else { throw .unsupportedAlgorithm }
  }

  /// Takes the 32 bytes that a sha256 function made; nil if there are not 32.
  package init?(sha256 bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    algorithm = .sha256
    hex = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package var description: String { "\(algorithm.rawValue):\(hex)" }

  /// The first 12 digits, which is how images are shown.
  package var short: String { String(hex.prefix(12)) }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

/// Why a text is not a digest; the texts are those of go-digest.
package enum DigestError: String, Error, CustomStringConvertible {
  case invalidFormat = "invalid checksum digest format"
  case invalidLength = "invalid checksum digest length"
  case unsupportedAlgorithm = "unsupported digest algorithm"

  package var description: String { rawValue }
}

extension Digest: Comparable {
  package static func < (left: Digest, right: Digest) -> Bool { left.description < right.description }
}

extension Digest: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do { try self.init(parsing: text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error): \"\(text)\"")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

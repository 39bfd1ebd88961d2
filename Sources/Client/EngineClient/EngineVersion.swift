/// What an engine says of itself in the answer to `/_ping`, and the version of the API that follows from it.
package struct EngineVersion: Equatable, Sendable {
  /// The version that requests carry.
  package let api: String
  /// The newest version that the engine speaks.
  package let engine: String
  package let operatingSystem: String

  /// Negotiates: the newest version that both sides speak.
  ///
  /// - Throws: `tooOld` for an engine that this client does not understand any more.
  init(_ head: ResponseHead) throws(ClientError) {
    let (newest, oldest) = EngineAPI.versions
    // Only engines of before 1.24 say nothing.
    engine = head["api-version"] ?? "1.23"
    guard let version = APIVersionNumber(engine), let own = APIVersionNumber(newest),
      let minimum = APIVersionNumber(oldest)
    else { throw .malformed("API version \"\(engine)\"") }
    guard version >= minimum else { throw .tooOld(engine: engine, minimum: oldest) }
    api = version < own ? engine : newest
    operatingSystem = head["ostype"] ?? ""
  }
}

/// `1.51`, ordered by its numbers.
private struct APIVersionNumber: Comparable {
  let major: UInt16
  let minor: UInt16

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = UInt16(parts[0]), let minor = UInt16(parts[1]) else { return nil }
    (self.major, self.minor) = (major, minor)
  }

  static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
}

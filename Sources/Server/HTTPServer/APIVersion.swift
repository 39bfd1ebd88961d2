/// A version of Docker's Engine API, as in the path prefix `/v1.51`.
package struct APIVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let major: Int
  package let minor: Int

  /// The version `major.minor`.
  package init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The oldest version that is served; what older clients send has other shapes.
  package static let oldest = APIVersion(1, 24)
  /// The version that is served when a client names none, and the newest that it may name.
  package static let newest = APIVersion(1, 51)

  package var description: String { "\(major).\(minor)" }

  package static func < (left: APIVersion, right: APIVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }
}

/// What a path's version prefix asks for.
enum VersionPrefix: Equatable {
  case none
  case served(APIVersion)
  case tooOld(String)
  case tooNew(String)

  /// Reads `segment`, the first of a path.
  ///
  /// Docker takes any digits and dots after the `v` for a version, and compares part by part with missing or empty
  /// parts as 0: `v1` and `v1.2.3` are too old, `v1.24.0` is served and `v2` is too new.
  init(segment: some StringProtocol) {
    let text = segment.dropFirst()
    guard segment.first == "v", !text.isEmpty, text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E }) else {
      self = .none
      return
    }
    // A part too large for an integer is surely too new.
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { $0.isEmpty ? 0 : Int($0) ?? .max }
    let version = APIVersion(parts[0], parts.count > 1 ? parts[1] : 0)
    let hasMore = parts.dropFirst(2).contains { $0 > 0 }
    if version < .oldest {
      self = .tooOld(String(text))
    } else if version > .newest || (version == .newest && hasMore) {
      self = .tooNew(String(text))
    } else {
      self = .served(version)
    }
  }
}

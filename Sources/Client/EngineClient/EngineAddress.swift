/// Where an engine listens.
///
/// Precedence: `-H`, then `SKIFF_HOST`, then the default socket. `DOCKER_HOST` is not read: who set it for Docker's
/// client must not find Skiff's commands act on Docker.
package struct EngineAddress: Equatable, Sendable, CustomStringConvertible {
  /// The unix socket's path.
  package let path: String

  /// Where `skiffd` listens unless told otherwise.
  package static let standard = EngineAddress(path: "/run/skiff/skiff.sock")

  /// The engine that listens on the unix socket `path`.
  package init(path: String) { self.path = path }

  /// Reads `unix:///run/skiff/skiff.sock`.
  ///
  /// - Throws: what is wrong with `text`, and what would be right.
  package init(_ text: String) throws(AddressError) {
    guard let colon = text.firstRange(of: "://") else { throw AddressError(text: text, kind: .noScheme) }
    guard text[..<colon.lowerBound] == "unix" else {
      throw AddressError(text: text, kind: .scheme(String(text[..<colon.lowerBound])))
    }
    let path = String(text[colon.upperBound...])
    guard path.hasPrefix("/") else { throw AddressError(text: text, kind: .noPath) }
    self.init(path: path)
  }

  /// The address that the flag and the environment choose.
  package static func chosen(flag: String?, environment: String?) throws(AddressError) -> EngineAddress {
    if let flag { return try EngineAddress(flag) }
    if let environment, !environment.isEmpty { return try EngineAddress(environment) }
    return .standard
  }

  package var description: String { "unix://\(path)" }
}

/// Why a text names no engine.
package struct AddressError: Error, Equatable, CustomStringConvertible {
  enum Kind: Equatable {
    case noScheme
    case scheme(String)
    case noPath
  }

  let text: String
  let kind: Kind

  package var description: String {
    let example = "write it like unix:///run/skiff/skiff.sock"
    return switch kind {
    case .noScheme: "invalid engine address \"\(text)\": it has no scheme\nhint: \(example)"
    case .scheme(let scheme):
      "invalid engine address \"\(text)\": \(scheme) is not supported, only unix is\nhint: \(example)"
    case .noPath: "invalid engine address \"\(text)\": it names no absolute path\nhint: \(example)"
    }
  }
}

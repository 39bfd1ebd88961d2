/// The name of an image: `domain/path:tag@digest`, after Docker's grammar.
///
/// ```
/// reference      = name [ ":" tag ] [ "@" digest ]
/// name           = [ domain "/" ] component *( "/" component )
/// domain         = host [ ":" 1*digit ]
/// host           = label *( "." label ) | "[" *( hex | ":" ) "]"
/// label          = alphanumeric [ *( alphanumeric | "-" ) alphanumeric ]
/// component      = lower *( separator lower )         lower = 1*( a-z | 0-9 )
/// separator      = "." | "_" | "__" | 1*"-"
/// tag            = word *127( word | "." | "-" )      word = letter | digit | "_"
/// ```
///
/// A value always has its domain: what users write short is completed as Docker completes it, `busybox` to
/// `docker.io/library/busybox`. No tag is invented: `taggedByDefault()` does that where a command wants one.
package struct Reference: Hashable, Sendable {
  /// The registry: `docker.io`, `localhost:5000`, `[::1]:5000`.
  package let domain: String
  /// The repository within it: `library/busybox`.
  package let path: String
  package let tag: String?
  package let digest: Digest?

  /// The registry of names without one.
  package static let defaultDomain = "docker.io"
  /// The tag of names that have neither tag nor digest.
  package static let defaultTag = "latest"
  /// The longest path of a repository.
  package static let pathCountMax = 255
  /// The longest tag.
  package static let tagCountMax = 128

  /// Reads what a user wrote.
  package init(parsing text: String) throws(ReferenceError) {
    guard !Self.isImageID(text) else { throw .isImageID(text) }
    let (domain, rest) = Self.split(text)
    let repository = rest.prefix { $0 != ":" }
    guard repository.lowercased() == repository else { throw .uppercase(String(repository)) }
    try self.init(domain: domain, rest: rest)
  }

  /// The same name with another tag, without digest.
  package func with(tag: String) throws(ReferenceError) -> Reference {
    guard Self.isTag(tag[...]) else { throw .invalidTag }
    return Reference(domain: domain, path: path, tag: tag, digest: nil)
  }

  /// The same name with `digest`, without tag.
  package func with(digest: Digest) -> Reference { Reference(domain: domain, path: path, tag: nil, digest: digest) }

  /// The same reference, with the tag `latest` if it had neither tag nor digest.
  package func taggedByDefault() -> Reference {
    tag == nil && digest == nil ? Reference(domain: domain, path: path, tag: Self.defaultTag, digest: nil) : self
  }

  /// The repository with its domain: `docker.io/library/busybox`.
  package var name: String { "\(domain)/\(path)" }

  /// The repository as Docker shows it: `busybox`, `user/app`, `localhost:5000/app`.
  ///
  /// A name whose short form would be read as another one keeps its domain, where Docker shows the other one.
  package var familiarName: String {
    guard domain == Self.defaultDomain else { return name }
    let official = "library/"
    // docker.io/library/a/b must keep its prefix, or it would be read back as a/b of another user.
    if path.hasPrefix(official), !path.dropFirst(official.count).contains("/") {
      let short = String(path.dropFirst(official.count))
      return Self.isImageID(short) ? name : short
    }
    return Self.looksLikeDomain(path.prefix { $0 != "/" }) ? name : path
  }

  /// The whole reference as Docker shows it: `busybox:latest`.
  package var familiar: String { familiarName + suffix }

  private var suffix: String { (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }

  private init(domain: String, path: String, tag: String?, digest: Digest?) {
    self.domain = domain
    self.path = path
    self.tag = tag
    self.digest = digest
  }

  private init(domain: String, rest: Substring) throws(ReferenceError) {
    var rest = rest
    var digest: Digest?
    if let at = rest.firstIndex(of: "@") {
      let text = rest[rest.index(after: at)...]
      guard Self.looksLikeDigest(text) else { throw .invalidFormat }
      do { digest = try Digest(parsing: String(text)) } catch { throw .digest(error) }
      rest = rest[..<at]
    }
    var tag: String?
    if let colon = rest.firstIndex(of: ":") {
      tag = String(rest[rest.index(after: colon)...])
      rest = rest[..<colon]
    }
    guard Self.isDomain(domain[...]), Self.isPath(rest), tag.map({ Self.isTag($0[...]) }) ?? true else {
      throw .invalidFormat
    }
    guard rest.utf8.count <= Self.pathCountMax else { throw .nameTooLong }
    self.init(domain: domain, path: String(rest), tag: tag, digest: digest)
  }

  /// Docker's rule for what the first component is: a domain if it has a dot, a colon or an upper-case letter, or is
  /// `localhost`; part of the path otherwise.
  private static func split(_ text: String) -> (domain: String, rest: Substring) {
    var domain = defaultDomain
    var rest = text[...]
    if let slash = text.firstIndex(of: "/") {
      let first = text[..<slash]
      if looksLikeDomain(first) {
        domain = String(first)
        rest = text[text.index(after: slash)...]
      }
    }
    if domain == "index.docker.io" { domain = defaultDomain }
    if domain == defaultDomain, !rest.contains("/") { rest = "library/\(rest)" }
    return (domain, rest)
  }

  private static func looksLikeDomain(_ first: Substring) -> Bool {
    first.contains { $0 == "." || $0 == ":" } || first == "localhost" || first.lowercased() != first
  }
}

extension Reference: CustomStringConvertible {
  /// The complete reference: `docker.io/library/busybox:latest`.
  package var description: String { name + suffix }
}

/// Why a text is not a reference; the texts are Docker's.
package enum ReferenceError: Error, Equatable, CustomStringConvertible {
  case invalidFormat
  case invalidTag
  case nameTooLong
  /// The repository that has upper-case letters.
  case uppercase(String)
  /// The text that only an image ID can be.
  case isImageID(String)
  case digest(DigestError)

  package var description: String {
    switch self {
    case .invalidFormat: "invalid reference format"
    case .invalidTag: "invalid tag format"
    case .nameTooLong: "repository name must not be more than \(Reference.pathCountMax) characters"
    case .uppercase(let name): "invalid reference format: repository name (\(name)) must be lowercase"
    case .isImageID(let text): "invalid repository name (\(text)), cannot specify 64-byte hexadecimal strings"
    case .digest(let error): error.description
    }
  }
}

import EngineClient

/// `skiff tag`: gives an image another name.
struct Tag: Command {
  var arguments: [String] = []

  static let usage = Usage(
    line: "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", summary: "Give an image another name", count: .exactly(2))
  static var flags: [Flag<Tag>] { [] }

  func run(_ session: Session) throws -> Int32 {
    let name = ImageName(arguments[1])
    guard !name.hasDigest else { throw CommandError("refusing to create a tag with a digest reference") }
    try session.engine.call(
      .image("POST", arguments[0], "tag", query: [("repo", name.repository), ("tag", name.tag ?? "latest")]))
    return 0
  }
}

/// An image's name, taken apart as far as the API wants it in parts.
struct ImageName: Equatable {
  let repository: String
  let tag: String?
  let hasDigest: Bool

  /// Takes `registry:5000/name:tag@digest` apart. Whether it is valid, the engine says.
  init(_ text: String) {
    let name = text.prefix { $0 != "@" }
    hasDigest = name.endIndex != text.endIndex
    let slash = name.lastIndex(of: "/") ?? name.startIndex
    if let colon = name[slash...].lastIndex(of: ":") {
      repository = String(name[..<colon])
      tag = String(name[name.index(after: colon)...])
    } else {
      repository = String(name)
      tag = nil
    }
  }
}

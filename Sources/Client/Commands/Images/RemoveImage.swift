import EngineClient

/// `skiff rmi`: removes names of images, and images that lost their last one.
struct RemoveImage: Command {
  var arguments: [String] = []
  private var force = false
  private var noPrune = false
  private var platforms: [String] = []

  static let usage = Usage(
    line: "[OPTIONS] IMAGE [IMAGE...]", summary: "Remove one or more images", count: .atLeast(1))

  static var flags: [Flag<RemoveImage>] {
    [
      .toggle("force", "f", \.force, "Remove the image even if stopped containers use it or it has other names"),
      .toggle("no-prune", nil, \.noPrune, "Keep parents without a name"),
      .list("platform", nil, \.platforms, "Remove only this platform's variant"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    var query: [(name: String, value: String)] = []
    if force { query.append(("force", "1")) }
    if noPrune { query.append(("noprune", "1")) }
    for platform in platforms { query.append(("platforms", try parsePlatform(platform).compact)) }
    return try session.forEach(arguments) { name in
      do {
        for change in try session.engine.call(.image("DELETE", name, query: query)).elements {
          let untagged = change["Untagged"].text
          try session.output.print(untagged.isEmpty ? "Deleted: \(change["Deleted"].text)" : "Untagged: \(untagged)")
        }
      } catch {
        guard force, let error = error as? ClientError, error.isNotFound else { throw error }
        session.complain("\(error)")
      }
    }
  }
}

/// `linux/arm64/v8` as the API takes it.
func parsePlatform(_ text: String) throws -> JSONValue {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
    throw CommandError("invalid platform \"\(text)\": it must look like os[/architecture[/variant]]")
  }
  return .object(zip(["os", "architecture", "variant"], parts).map { JSONValue.Member($0, .string($1)) })
}

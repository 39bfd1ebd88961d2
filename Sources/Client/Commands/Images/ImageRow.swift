import EngineClient

/// What `images` shows of one name of an image.
struct ImageRow {
  /// `repository:tag`, `repository@digest`, either part missing.
  struct Name: Equatable {
    var repository = "<none>"
    var tag = "<none>"
    var digest = "<none>"
  }

  let document: JSONValue
  let name: Name
  let truncates: Bool
  let now: Timestamp

  var id: String { truncates ? shortID(document["Id"].text) : document["Id"].text }
  var created: Timestamp { Timestamp(seconds: document["Created"].integer) }

  var createdSince: String {
    created.seconds <= 0 ? "N/A" : Durations.human(seconds: created.seconds(until: now)) + " ago"
  }

  /// The names under which `image` is listed: its tags, or the digests by which it was pulled, or none.
  static func names(_ image: JSONValue, withDigests: Bool) -> [Name] {
    let tags = image["RepoTags"].strings.filter { $0 != "<none>:<none>" }.map(tagged)
    let digests = image["RepoDigests"].strings.filter { $0 != "<none>@<none>" }.map(digested)
    var names: [Name] = []
    for tag in tags {
      let same = withDigests ? digests.filter { $0.repository == tag.repository } : []
      names += same.isEmpty ? [tag] : same.map { Name(repository: tag.repository, tag: tag.tag, digest: $0.digest) }
    }
    // Of a digest whose repository has a tag, the tag's line has told already.
    for digest in digests where !tags.contains(where: { $0.repository == digest.repository }) {
      let name = withDigests ? digest : Name(repository: digest.repository)
      if !names.contains(name) { names.append(name) }
    }
    return names.isEmpty ? [Name()] : names
  }

  private static func tagged(_ text: String) -> Name {
    guard let colon = text.lastIndex(of: ":") else { return Name(repository: text) }
    return Name(repository: String(text[..<colon]), tag: String(text[text.index(after: colon)...]))
  }

  private static func digested(_ text: String) -> Name {
    guard let at = text.lastIndex(of: "@") else { return Name(repository: text) }
    return Name(repository: String(text[..<at]), digest: String(text[text.index(after: at)...]))
  }

  static func listing(withDigests: Bool) -> Listing<ImageRow> {
    Listing(
      columns: [
        .init("Containers", "CONTAINERS") { counted($0.document["Containers"]) { "\($0)" } },
        .init("CreatedAt", "CREATED AT", \.created.goText),
        .init("CreatedSince", "CREATED", \.createdSince),
        .init("Digest", "DIGEST", \.name.digest),
        .init("ID", "IMAGE ID", \.id),
        .init("Repository", "REPOSITORY", \.name.repository),
        .init("SharedSize", "SHARED SIZE") { counted($0.document["SharedSize"]) { Sizes.decimal($0) } },
        .init("Size", "SIZE") { Sizes.decimal($0.document["Size"].integer, digits: 3) },
        .init("Tag", "TAG", \.name.tag),
        .init("UniqueSize", "UNIQUE SIZE") { row in
          counted(row.document["SharedSize"]) { Sizes.decimal(row.document["Size"].integer - $0) }
        },
        .init("VirtualSize", "SIZE") { Sizes.decimal($0.document["Size"].integer) },
      ],
      tableFields: ["Repository", "Tag"] + (withDigests ? ["Digest"] : []) + ["ID", "CreatedSince", "Size"],
      method: labelMethod { $0.document["Labels"] })
  }

  /// The engine counts some things only when it is asked to, and says -1 otherwise.
  private static func counted(_ value: JSONValue, _ text: (Int64) -> String) -> String {
    value.isNull || value.integer < 0 ? "N/A" : text(value.integer)
  }
}

/// Every command under all of its names.
enum CommandCatalog {
  /// What the first words of a command line name.
  struct Found {
    let verb: Verb?
    /// The words that were understood.
    let path: [String]
    /// Whether the overview of `path` was asked for, or nothing else can be meant.
    let isHelp: Bool
  }

  /// Finds the command at the beginning of `words`.
  static func find(_ words: [String]) -> Found {
    guard let first = words.first, first != "--help" else { return Found(verb: nil, path: [], isHelp: true) }
    guard groups.contains(where: { $0.name == first }) else {
      return Found(verb: verb(first), path: [first], isHelp: false)
        .withoutPathIfUnknown
    }
    guard words.count > 1, words[1] != "--help", words[1] != "-h" else {
      return Found(verb: nil, path: [first], isHelp: true)
    }
    guard let verb = verb("\(first) \(words[1])") else { return Found(verb: nil, path: [first], isHelp: false) }
    return Found(verb: verb, path: [first, words[1]], isHelp: false)
  }

  private static func verb(_ path: String) -> Verb? { verbs.first { $0.path == path } }

  /// What `--help` shows of a group, or of everything.
  static func overview(of path: [String]) -> String {
    let prefix = path.first.map { "\($0) " } ?? ""
    let entries = path.isEmpty ? groups.map { ($0.name, $0.summary) } : []
    let commands = verbs.filter { verb in
      verb.path.hasPrefix(prefix) && !verb.path.dropFirst(prefix.count).contains(" ") && !verb.isAlias
    }.map { (String($0.path.dropFirst(prefix.count)), $0.summary) }
    let summary =
      groups.first { $0.name == path.first }?.summary ?? "A container platform: build, ship and run containers"
    let name = ([Session.program] + path).joined(separator: " ")
    var text = "Usage:  \(name) \(path.isEmpty ? "[OPTIONS] " : "")COMMAND\n\n\(summary)\n"
    if !entries.isEmpty { text += "\nGroups:\n" + lines(entries) }
    text += "\nCommands:\n" + lines(commands.sorted { $0.0 < $1.0 })
    if path.isEmpty {
      text += "\nOptions:\n" + lines(GlobalOptions.flags.map { ($0.spelling, $0.help) })
    }
    return text + "\nRun '\(name) COMMAND --help' for more information on a command."
  }

  private static func lines(_ entries: [(String, String)]) -> String {
    let width = (entries.map(\.0.count).max() ?? 0) + 2
    return entries.map { "  \($0)\(String(repeating: " ", count: width - $0.count))\($1)\n" }.joined()
  }

  static let groups: [(name: String, summary: String)] = [
    ("container", "Manage containers"),
    ("daemon", "Start and stop the engine"),
    ("image", "Manage images"),
    ("system", "Look after what the engine keeps"),
    ("volume", "Manage volumes"),
  ]
}

extension CommandCatalog.Found {
  fileprivate var withoutPathIfUnknown: Self { verb == nil ? Self(verb: nil, path: [], isHelp: false) : self }
}

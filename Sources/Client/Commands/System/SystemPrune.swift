import EngineClient

/// `skiff system prune`: removes all that nothing needs.
struct SystemPrune: Command {
  var arguments: [String] = []
  private var all = false
  private var force = false
  private var volumes = false
  private var filters = Filters()

  static let usage = Usage(line: "[OPTIONS]", summary: "Remove unused data", count: .exactly(0))

  static var flags: [Flag<SystemPrune>] {
    [
      .toggle("all", "a", \.all, "Remove all images that no container uses, not only those without a name"),
      .filter(nil, \.filters, "Remove only what fits, as until=TIME or label=NAME"),
      .toggle("force", "f", \.force, "Do not ask"),
      .toggle("volumes", nil, \.volumes, "Remove anonymous volumes too"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if volumes, filters.contains("until") {
      throw CommandError("ERROR: The \"until\" filter is not supported with \"--volumes\"")
    }
    guard try force || session.confirm(warning) else { return 1 }
    var report = try Prune.containers(session, filters)
    if let networks = try ifServed({ try Prune.networks(session, filters) }) { report.add(networks) }
    if volumes { report.add(try Prune.volumes(session, filters)) }
    report.add(try Prune.images(session, filters, all: all))
    if let cache = try ifServed({ try Prune.buildCache(session, filters, all: all) }) { report.add(cache) }
    try report.print(to: session.output)
    return 0
  }

  /// An engine without networks or builds has nothing of theirs to remove.
  private func ifServed(_ body: () throws -> PruneReport) throws -> PruneReport? {
    do { return try body() } catch let error as ClientError {
      guard [404, 501].contains(error.status) else { throw error }
      return nil
    }
  }

  private var warning: String {
    var lines = ["all stopped containers", "all networks not used by at least one container"]
    if volumes { lines.append("all anonymous volumes not used by at least one container") }
    lines.append(all ? "all images without at least one container associated to them" : "all dangling images")
    lines.append(all ? "all build cache" : "unused build cache")
    let filtered = filters.isEmpty ? "" : "\n\n  Items to be pruned will be filtered with:\n  - \(filters.description)"
    return "WARNING! This will remove:\n" + lines.map { "  - \($0)" }.joined(separator: "\n") + filtered
      + "\n\nAre you sure you want to continue?"
  }
}

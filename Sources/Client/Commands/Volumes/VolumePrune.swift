import EngineClient

/// `skiff volume prune`: removes volumes that no container uses.
struct VolumePrune: Command {
  var arguments: [String] = []
  private var all = false
  private var force = false
  private var filters = Filters()

  static let usage = Usage(line: "[OPTIONS]", summary: "Remove unused local volumes", count: .exactly(0))

  static var flags: [Flag<VolumePrune>] {
    [
      .toggle("all", "a", \.all, "Remove named volumes too, not only anonymous ones"),
      .filter(nil, \.filters, "Remove only what fits, as label=NAME"),
      .toggle("force", "f", \.force, "Do not ask"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    var filters = filters
    if all {
      if filters.contains("all") {
        throw CommandError("conflicting options: cannot specify both --all and --filter all=1")
      }
      filters.add("all", "true")
    }
    let what =
      all
      ? "all local volumes not used by at least one container."
      : "anonymous local volumes not used by at least one container."
    guard try force || session.confirm("WARNING! This will remove \(what)\nAre you sure you want to continue?") else {
      return 1
    }
    try Prune.volumes(session, filters).print(to: session.output)
    return 0
  }
}

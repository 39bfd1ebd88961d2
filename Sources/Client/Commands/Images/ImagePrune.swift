import EngineClient

/// `skiff image prune`: removes images that nothing needs.
struct ImagePrune: Command {
  var arguments: [String] = []
  private var all = false
  private var force = false
  private var filters = Filters()

  static let usage = Usage(line: "[OPTIONS]", summary: "Remove unused images", count: .exactly(0))

  static var flags: [Flag<ImagePrune>] {
    [
      .toggle("all", "a", \.all, "Remove all images that no container uses, not only those without a name"),
      .filter(nil, \.filters, "Remove only what fits, as until=TIME or label=NAME"),
      .toggle("force", "f", \.force, "Do not ask"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let what =
      all ? "all images without at least one container associated to them." : "all dangling images."
    guard try force || session.confirm("WARNING! This will remove \(what)\nAre you sure you want to continue?") else {
      return 1
    }
    try Prune.images(session, filters, all: all).print(to: session.output)
    return 0
  }
}

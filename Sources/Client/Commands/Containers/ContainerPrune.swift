import EngineClient

/// `skiff container prune`: removes all stopped containers.
struct ContainerPrune: Command {
  var arguments: [String] = []
  private var force = false
  private var filters = Filters()

  static let usage = Usage(line: "[OPTIONS]", summary: "Remove all stopped containers", count: .exactly(0))

  static var flags: [Flag<ContainerPrune>] {
    [
      .filter(nil, \.filters, "Remove only what fits, as until=TIME or label=NAME"),
      .toggle("force", "f", \.force, "Do not ask"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let warning = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?"
    guard try force || session.confirm(warning) else { return 1 }
    let report = try Prune.containers(session, filters)
    try report.print(to: session.output)
    return 0
  }
}

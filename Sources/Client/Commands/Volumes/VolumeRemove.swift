import EngineClient

/// `skiff volume rm`: removes volumes.
struct VolumeRemove: Command {
  var arguments: [String] = []
  private var force = false

  static let usage = Usage(
    line: "[OPTIONS] VOLUME [VOLUME...]", summary: "Remove one or more volumes", count: .atLeast(1))

  static var flags: [Flag<VolumeRemove>] {
    [
      .toggle("force", "f", \.force, "Do not complain about volumes that are not there")
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let query = force ? [(name: "force", value: "1")] : []
    return try session.forEach(arguments) { name in
      try session.engine.call(.volume("DELETE", name, query: query))
      try session.output.print(name)
    }
  }
}

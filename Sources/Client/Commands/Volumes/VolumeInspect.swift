import EngineClient

/// `skiff volume inspect`: shows all that the engine knows of volumes.
struct VolumeInspect: Command {
  var arguments: [String] = []
  private var format = ""

  static let usage = Usage(
    line: "[OPTIONS] VOLUME [VOLUME...]", summary: "Show all that the engine knows of one or more volumes",
    count: .atLeast(1))

  static var flags: [Flag<VolumeInspect>] {
    [
      .documentFormat(\.format)
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    try Inspection(format: format).print(arguments, session) { name in
      try session.engine.document(InspectedType.volume.request(name, withSize: false))
    }
  }
}

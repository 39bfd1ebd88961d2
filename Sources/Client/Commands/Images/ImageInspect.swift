import EngineClient

/// `skiff image inspect`: shows all that the engine knows of images.
struct ImageInspect: Command {
  var arguments: [String] = []
  private var format = ""

  static let usage = Usage(
    line: "[OPTIONS] IMAGE [IMAGE...]", summary: "Show all that the engine knows of one or more images",
    count: .atLeast(1))

  static var flags: [Flag<ImageInspect>] {
    [
      .documentFormat(\.format)
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    try Inspection(format: format).print(arguments, session) { name in
      try session.engine.document(InspectedType.image.request(name, withSize: false))
    }
  }
}

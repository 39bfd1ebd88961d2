import EngineClient

/// `skiff container inspect`: shows all that the engine knows of containers.
struct ContainerInspect: Command {
  var arguments: [String] = []
  private var format = ""
  private var size = false

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Show all that the engine knows of one or more containers",
    count: .atLeast(1))

  static var flags: [Flag<ContainerInspect>] {
    [
      .documentFormat(\.format),
      .toggle("size", "s", \.size, "Show how much the container has written"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    try Inspection(format: format).print(arguments, session) { name in
      try session.engine.document(InspectedType.container.request(name, withSize: size))
    }
  }
}

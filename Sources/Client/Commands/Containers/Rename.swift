import EngineClient

/// `skiff rename`: gives a container another name.
struct Rename: Command {
  var arguments: [String] = []

  static let usage = Usage(line: "CONTAINER NEW_NAME", summary: "Rename a container", count: .exactly(2))
  static var flags: [Flag<Rename>] { [] }

  func run(_ session: Session) throws -> Int32 {
    do {
      try session.engine.call(.container("POST", arguments[0], "rename", query: [("name", arguments[1])]))
    } catch {
      guard error.status != nil else { throw error }
      throw CommandError("\(error)\nError: failed to rename container named \(arguments[0])")
    }
    return 0
  }
}

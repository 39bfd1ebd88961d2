import EngineClient

/// `skiff rm`: removes containers.
struct Remove: Command {
  var arguments: [String] = []
  private var force = false
  private var link = false
  private var volumes = false

  static let usage = Usage(
    line: "[OPTIONS] CONTAINER [CONTAINER...]", summary: "Remove one or more containers", count: .atLeast(1))

  static var flags: [Flag<Remove>] {
    [
      .toggle("force", "f", \.force, "Kill the container first if it runs"),
      .toggle("link", "l", \.link, "Remove the link and not the container"),
      .toggle("volumes", "v", \.volumes, "Remove the container's anonymous volumes too"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    var query: [(name: String, value: String)] = []
    if volumes { query.append(("v", "1")) }
    if link { query.append(("link", "1")) }
    if force { query.append(("force", "1")) }
    return try session.forEach(arguments) { name in
      let bare = name.hasPrefix("/") ? String(name.dropFirst()) : name
      guard !bare.isEmpty else { throw CommandError("container name cannot be empty") }
      do { try session.engine.call(.container("DELETE", bare, query: query)) } catch let error as ClientError {
        // What is gone already is what --force asked for; Docker still says so.
        guard force, error.isNotFound else { throw error }
        return session.complain("\(error)")
      }
      try session.output.print(name)
    }
  }
}

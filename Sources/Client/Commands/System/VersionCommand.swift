import EngineClient

/// `skiff version`: shows the versions of the client and of the engine.
struct VersionCommand: Command {
  var arguments: [String] = []
  private var format = ""

  static let usage = Usage(
    line: "[OPTIONS]", summary: "Show the versions of the client and the engine", count: .exactly(0))

  static var flags: [Flag<VersionCommand>] { [.documentFormat(\.format)] }

  func run(_ session: Session) throws -> Int32 {
    let format = try DocumentFormat(format)
    // Without an engine the client still knows its own version.
    var server = JSONValue.null
    var problem: ClientError?
    var api = EngineAPI.versions.newest
    do {
      api = try session.engine.version().api
      server = try session.engine.call(EngineRequest("GET", "/version"))
    } catch { problem = error }
    let client = Self.client(api: api)
    let document = JSONValue.object([.init("Client", client), .init("Server", server)])
    try session.output.print(try format.line(document) ?? Self.text(client, server))
    if let problem { throw problem }
    return 0
  }

  private static func client(api: String) -> JSONValue {
    .object([
      .init("Version", .string(SkiffProgram.version)), .init("ApiVersion", .string(api)),
      .init("DefaultAPIVersion", .string(EngineAPI.versions.newest)), .init("Os", .string("linux")),
      .init("Arch", .string(architecture)), .init("Context", .string("default")),
    ])
  }

  /// Go's name for what this program was compiled for.
  static var architecture: String {
    #if arch(arm64)
      "arm64"
    #else
      "amd64"
    #endif
  }

  private static func text(_ client: JSONValue, _ server: JSONValue) -> String {
    let newest = client["DefaultAPIVersion"].text
    let api = client["ApiVersion"].text
    var text = "Client:\n"
    text += line(1, "Version:", client["Version"].text)
    text += line(1, "API version:", api == newest ? api : "\(api) (downgraded from \(newest))")
    text += line(1, "OS/Arch:", "linux/\(client["Arch"].text)")
    text += line(1, "Context:", "default")
    guard !server.isNull else { return String(text.dropLast()) }
    let platform = server["Platform"]["Name"].text
    text += "\nServer:\(platform.isEmpty ? "" : " \(platform)")\n"
    for component in server["Components"].elements {
      text += " \(component["Name"].text):\n" + line(2, "Version:", component["Version"].text)
      let details = component["Details"]
      let isEngine = component["Name"].text == "Engine"
      text += isEngine ? engineLines(details) : otherLines(details)
    }
    return String(text.dropLast())
  }

  private static func engineLines(_ details: JSONValue) -> String {
    let api = "\(details["ApiVersion"].text) (minimum version \(details["MinAPIVersion"].text))"
    let known = [("Go version:", "GoVersion"), ("Git commit:", "GitCommit"), ("Built:", "BuildTime")]
    return line(2, "API version:", api)
      + known.filter { !details[$0.1].text.isEmpty }.map { line(2, $0.0, details[$0.1].text) }.joined()
      + line(2, "OS/Arch:", "\(details["Os"].text)/\(details["Arch"].text)")
      + (details["Experimental"].text.isEmpty ? "" : line(2, "Experimental:", details["Experimental"].text))
  }

  private static func otherLines(_ details: JSONValue) -> String {
    details.members.sorted { $0.name < $1.name }.map { line(2, "\($0.name):", $0.value.text) }.joined()
  }

  /// A name and a value below each other's.
  private static func line(_ indent: Int, _ name: String, _ value: String) -> String {
    let left = String(repeating: " ", count: indent) + name
    return left + String(repeating: " ", count: max(1, 20 - left.count)) + value + "\n"
  }
}

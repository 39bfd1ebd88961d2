import EngineClient

/// `skiff top`: shows the processes of a container.
struct Top: Command {
  var arguments: [String] = []

  static let usage = Usage(
    line: "CONTAINER [ps OPTIONS]", summary: "Show the processes of a container", count: .atLeast(1),
    passesThrough: true)
  static var flags: [Flag<Top>] { [] }

  func run(_ session: Session) throws -> Int32 {
    let options = arguments.dropFirst().joined(separator: " ")
    let query = options.isEmpty ? [] : [(name: "ps_args", value: options)]
    let answer = try session.engine.call(.container("GET", arguments[0], "top", query: query))
    let rows = [answer["Titles"]] + answer["Processes"].elements
    let text = rows.map { $0.strings.joined(separator: "\t") }.joined(separator: "\n")
    try session.output.print(Table.aligned(text, widthMin: 20))
    return 0
  }
}

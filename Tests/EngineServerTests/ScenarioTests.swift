import EngineServer
import Glibc
import HTTPServer
import Linux
import Testing

@Suite struct ScenarioTests {
  /// Routes that only say that they are not there yet.
  private static let refusals = ["POST /auth", "GET /images/search"]

  @Test("every route stands in a scenario that is compared with Docker's answers")
  func complete() async throws {
    let requests = try Self.requests()
    try await Fixture.with { fixture async throws in
      let missing = EngineRoutes.all(fixture.engine).filter { route in
        !requests.contains { Self.asks($0, route) }
      }
      #expect(missing.map { "\($0.method.rawValue) \($0.pattern)" }.sorted() == Self.refusals.sorted())
    }
  }

  /// The method and the segments of the path of every request in `Tests/Answers`.
  private static func requests(_ here: StaticString = #filePath) throws -> [(method: String, path: [String])] {
    let folder = "\(here)".split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" } + "/Answers"
    let names = try open(folder, O_RDONLY | O_DIRECTORY).entries().filter { $0.hasSuffix(".scenario") }
    return try names.flatMap { name in
      try readText("\(folder)/\(name)").split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        guard let index = words.firstIndex(where: { $0.hasPrefix("/") }), index > 0 else { return nil }
        var path = words[index].prefix { $0 != "?" }.split(separator: "/").map(String.init)
        if words[index].hasPrefix("//v"), path.count > 1 { path.removeFirst() }
        return (words[index - 1], path)
      }
    }
  }

  private static func asks(_ request: (method: String, path: [String]), _ route: Route) -> Bool {
    let pattern = route.pattern.description.split(separator: "/").map(String.init)
    guard request.method == route.method.rawValue, request.path.count == pattern.count else { return false }
    return zip(pattern, request.path).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}

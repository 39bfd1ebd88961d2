import Glibc
import Linux
import Testing

/// The engine's answers beside those of a real Docker: `Tests/Answers/README.md`.
@Suite(.serialized) struct AnswerTests {
  /// Every scenario, by its name.
  static let scenarios: [String] = {
    let folder = (try? repositoryFile("Tests/Answers")).flatMap { try? open($0, O_RDONLY | O_DIRECTORY).entries() }
    return (folder ?? []).filter { $0.hasSuffix(".scenario") }.map { String($0.dropLast(9)) }.sorted()
  }()

  @Test("answers: status, members, nulls and types are Docker's", arguments: scenarios)
  func answers(scenario: String) throws {
    try Daemon.with { daemon in
      let outcome = try daemon.run(try repositoryFile("scripts/answers"), ["compare", daemon.socket, scenario])
      #expect(outcome == Outcome(code: 0, output: [], errors: ""))
    }
  }
}

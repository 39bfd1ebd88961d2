import Linux
import Testing

/// docker-py 7.1, the library that programs in Python drive an engine with: `Tests/DockerPy/uses.py`.
@Suite struct DockerPyTests {
  /// Those of the file's facts whose routes the engine has.
  private static let facts = [
    "ping_version_info", "run_answers_output", "run_raises_what_failed", "life", "conflicts", "wait_for_the_next_exit",
    "logs", "logs_follow_a_terminal", "attach", "exec_run", "events", "volumes", "images",
  ]

  @Test("docker-py: programs find with Skiff what they find with Docker")
  func uses() throws {
    try Daemon.with { daemon in
      let script = try repositoryFile("Tests/DockerPy/uses.py")
      let outcome = try daemon.run(
        try repositoryFile("scripts/peers"), ["python", script] + Self.facts,
        environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DOCKER_HOST=unix://\(daemon.socket)"])
      #expect(outcome.text == Self.facts.map { "\($0): holds\n" }.joined())
      #expect(outcome.code == 0, "\(outcome)")
    }
  }
}

import Glibc
import Linux
import Testing

/// Health checks, by the stock `docker` command.
@Suite("health, by the stock docker") struct DockerHealthTests {
  @Test("it is healthy while the probe succeeds, unhealthy after enough failures, and events tell of each change")
  func changes() throws {
    try Engine.with { engine throws in
      try engine.runProbed("test -f /good", "--health-retries 2")
      try engine.waitForHealth("unhealthy")
      #expect(try engine.status().hasSuffix(" (unhealthy)\n"))
      _ = try engine.docker("exec web sh -c 'echo > /good'")
      try engine.waitForHealth("healthy")
      #expect(try engine.status().hasSuffix(" (healthy)\n"))
      #expect(try engine.docker("ps -q --filter health=healthy").count == 13)
      #expect(try engine.docker("ps -q --filter health=unhealthy --filter health=none") == "")
      #expect(
        try engine.events("health_status") == ["health_status: unhealthy", "health_status: healthy"])
      #expect(try engine.docker("inspect -f '{{.State.Health.FailingStreak}}' web") == "0\n")
      #expect(
        try engine.docker("inspect -f '{{json .Config.Healthcheck}}' web")
          == #"{"Test":["CMD-SHELL","test -f /good"],"Interval":50000000,"Retries":2}"# + "\n")
    }
  }

  @Test("it has a health only when it was started with a test, and starts as starting")
  func beginning() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("create --name web --health-cmd true --health-interval 1h busybox sleep 1000")
      #expect(try engine.health() == "null\n")
      _ = try engine.docker("start web")
      #expect(try engine.health() == #"{"Status":"starting","FailingStreak":0,"Log":[]}"# + "\n")
      #expect(try engine.status().hasSuffix(" (health: starting)\n"))
      _ = try engine.docker("run -d --name plain --no-healthcheck busybox sleep 1000")
      #expect(
        try engine.docker("inspect -f '{{json .State.Health}} {{json .Config.Healthcheck}}' plain")
          == #"null {"Test":["NONE"]}"# + "\n")
    }
  }

  @Test("a probe that takes too long is killed, and its result says so")
  func timeout() throws {
    try Engine.with { engine throws in
      try engine.runProbed("echo so far; exec sleep 1000", "--health-timeout 1s --health-retries 1")
      try engine.waitForHealth("unhealthy")
      #expect(
        try engine.docker("inspect -f '{{with index .State.Health.Log 0}}{{.ExitCode}} {{.Output}}{{end}}' web")
          == "-1 Health check exceeded timeout (1s): so far\n\n")
    }
  }

  @Test("the last five results stay, with the beginning of what was written")
  func log() throws {
    try Engine.with { engine throws in
      try engine.runProbed("head -c 5000 /dev/zero | busybox tr \"\\\\000\" x; exit 3", "--health-retries 6")
      try engine.waitForHealth("unhealthy")
      #expect(
        try engine.docker(
          "inspect -f '{{range .State.Health.Log}}{{.ExitCode}} {{len .Output}} {{slice .Output 4094}};{{end}}' web")
          == String(repeating: "3 4099 xx...;", count: 5) + "\n")
    }
  }

  @Test("pause and end make it unhealthy without an event; the next success and the next start mend that")
  func unwatched() throws {
    try Engine.with { engine throws in
      try engine.runProbed("true")
      try engine.waitForHealth("healthy")
      _ = try engine.docker("pause web")
      #expect(try engine.status().hasSuffix(" (Paused)\n"))
      #expect(try engine.healthStatus() == "unhealthy\n")
      _ = try engine.docker("unpause web")
      try engine.waitForHealth("healthy")
      _ = try engine.docker("kill web")
      #expect(try engine.docker("inspect -f '{{.State.Status}} {{.State.Health.Status}}' web") == "exited unhealthy\n")
      #expect(
        try engine.events("health_status") == ["health_status: healthy", "health_status: healthy"])
      _ = try engine.docker("start web")
      try engine.waitForHealth("healthy")
    }
  }

  @Test("kill -9 of the daemon: the next one knows the health, ends a probe that ran, and goes on probing")
  func daemonKilled() throws {
    try Engine.with { engine throws in
      try engine.runProbed(
        "! test -f /slow || { echo >> /began; exec sleep 1000; }")
      try engine.waitForHealth("healthy")
      _ = try engine.docker("exec web sh -c 'echo > /slow'")
      _ = try eventually("a slow probe runs") { try engine.docker("exec web cat /began") == "\n" ? true : nil }
      try engine.kill()
      try engine.start()
      try engine.waitForHealth("healthy")
      _ = try eventually("the next one has begun") {
        try engine.docker("exec web cat /began") == "\n\n" ? true : nil
      }
      #expect(try engine.docker("inspect -f '{{.ExecIDs}}' web") == "[]\n")
      #expect(try engine.shell("docker top web -o pid,args | grep -c 'sleep 1000'") == "2\n")
    }
  }
}

extension Engine {
  /// Runs a container `web` that is probed by `command`, often.
  fileprivate func runProbed(_ command: String, _ flags: String = "") throws {
    let id = try docker(
      "run -d --name web --health-cmd '\(command)' --health-interval 50ms \(flags) busybox sleep 1000")
    guard id.count == 65 else { throw TestFailure("docker run: \(id)") }
  }

  /// Its health, as `inspect` has it.
  fileprivate func health() throws -> String { try docker("inspect -f '{{json .State.Health}}' web") }

  fileprivate func healthStatus() throws -> String { try docker("inspect -f '{{.State.Health.Status}}' web") }

  fileprivate func waitForHealth(_ status: String) throws {
    _ = try eventually("it is \(status)") { try healthStatus() == "\(status)\n" ? true : nil }
  }

  /// What `ps` says of it.
  fileprivate func status() throws -> String { try docker("ps -a --filter name=web --format '{{.Status}}'") }

  /// The actions of its events so far that begin with `prefix`.
  fileprivate func events(_ prefix: String) throws -> [String] {
    try docker("events --since 1 --until $(date +%s.%N) --filter container=web --format '{{.Action}}'")
      .split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
  }
}

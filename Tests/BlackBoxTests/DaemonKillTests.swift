import Glibc
import Linux
import Testing

/// The daemon is killed with -9, again and again, at moments that nobody chose.
@Suite("kill -9 of the daemon", .timeLimit(.minutes(10))) struct DaemonKillTests {
  private static let kills = 20
  private static let linesPerKill = 10_000

  /// The container prints 10,000 lines and waits. While it prints, and its log has come to a random place, the daemon
  /// dies.
  @Test("20 kills while 200,000 lines are printed: each is in the log once, and shown once by who ran it")
  func lines() throws {
    var random = Random(
      seed: getenv("SKIFF_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...99_999))
    let seed = "SKIFF_SEED=\(random.seed)"
    try Engine.with { engine throws in
      let gate = try engine.pipe("gate")
      let script = """
        i=0
        while [ $i -lt \(Self.kills) ]; do
          cat /t/gate
          seq $((i * \(Self.linesPerKill) + 1)) $(((i + 1) * \(Self.linesPerKill)))
          i=$((i + 1))
        done
        exit 6
        """
      try replaceFile("\(engine.directory)/script", Array(script.utf8))
      let client = try engine.begin("skiff run --name web -v $PWD:/t busybox sh /t/script")
      // The gate is read: the container runs.
      var open = try gate.writer()
      let identity = try engine.docker("inspect -f '{{.State.Pid}} {{.State.StartedAt}}' web")
      for round in 0..<Self.kills {
        if round > 0 { open = try gate.writer() }
        // A record has at least 64 bytes.
        let wanted = try engine.logBytes() + Int.random(in: 1..<Self.linesPerKill * 64, using: &random)
        open.closeNow()
        _ = try eventually("the container prints") { () -> Bool? in try engine.logBytes() >= wanted ? true : nil }
        try engine.killAndRestart()
        #expect(
          try round == Self.kills - 1
            || engine.docker("inspect -f '{{.State.Pid}} {{.State.StartedAt}}' web") == identity, "\(seed)")
      }
      let expected = (1...Self.kills * Self.linesPerKill).map { "\($0)\n" }.joined()
      let outcome = try client.wait()
      #expect(outcome.code == 6 && outcome.errors == "", "\(seed) \(outcome.errors)")
      expectSame(outcome.text, expected, "what skiff run showed, \(seed)")
      expectSame(try engine.docker("logs web"), expected, "the log, \(seed)")
      #expect(try engine.containers() == ["web exited 6"], "\(seed)")
    }
  }

  @Test("exit codes are right of those that end while no daemon runs, and policies go on where they were")
  func ends() throws {
    try Engine.with { engine throws in
      let policies = ["no", "always", "unless-stopped", "on-failure:2"]
      var gates: [Pipe] = []
      for (number, policy) in policies.enumerated() {
        gates.append(try engine.pipe("gate\(number)"))
        _ = try engine.docker(
          "run -d --name c\(number) --restart \(policy) -v $PWD:/t busybox sh -c 'cat /t/gate\(number); exit 4'")
      }
      let rests =
        "run -d --name rests --restart unless-stopped busybox sh -c 'trap \"exit 0\" TERM; while :; do sleep 0.1; done'"
      _ = try engine.docker(rests)
      _ = try engine.docker("stop rests")
      let readers = try gates.map { try $0.writer() }
      try engine.kill()
      for reader in readers { reader.closeNow() }
      try engine.waitUntilNoTaskRuns()
      try engine.start()
      // Those that have a policy wait at their gates again.
      let second = try gates.dropFirst().map { try $0.writer() }
      try engine.waitForAll(["c0 exited 4", "c1 running 1", "c2 running 1", "c3 running 1", "rests exited 0"])
      // Once more with a daemon, once more without: the failures are counted over both.
      second[2].closeNow()
      try engine.waitForAll(["c0 exited 4", "c1 running 1", "c2 running 1", "c3 running 2", "rests exited 0"])
      let third = try gates[3].writer()
      try engine.kill()
      third.closeNow()
      _ = try eventually("the third failure") { () -> Bool? in
        try engine.shell("find exec/tasks -name exit | wc -l") == "1\n" ? true : nil
      }
      try engine.start()
      try engine.waitForAll(["c0 exited 4", "c1 running 1", "c2 running 1", "c3 exited 2", "rests exited 0"])
    }
  }

  private func expectSame(_ text: String, _ expected: String, _ what: String) {
    guard text != expected else { return }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, wanted).prefix { $0 == $1 }.count
    Issue.record(
      "\(what): \(lines.count) lines instead of \(wanted.count), the first wrong one is \(first + 1): \(lines.dropFirst(first).prefix(3))"
    )
  }
}

extension Engine {
  /// How long the log of the only container is.
  fileprivate func logBytes() throws -> Int {
    guard let id = try open("\(directory)/data/containers", O_RDONLY | O_DIRECTORY).entries().first else { return 0 }
    let log = try open("\(directory)/data/containers/\(id)/log", O_RDONLY | O_DIRECTORY)
    return try log.entries().filter { $0.hasSuffix(".log") }.reduce(0) {
      $0 + Int(try status(of: $1, at: .directory(log)).size)
    }
  }

  /// Waits until the containers are in these states, with these restarts or, of those that ended for good, what is said.
  fileprivate func waitForAll(_ expected: [String]) throws {
    var found: [String] = []
    do {
      _ = try eventually("the policies") { () -> Bool? in
        found = try shell(
          "docker ps -aq | xargs docker inspect -f '{{.Name}} {{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}'"
        ).split(separator: "\n").map { line in
          let words = line.dropFirst().split(separator: " ")
          // A container without restarts says how it ended.
          return "\(words[0]) \(words[1]) \(words[2] == "0" ? words[3] : words[2])"
        }.sorted()
        return found == expected ? true : nil
      }
    } catch { throw TestFailure("the containers are \(found) and not \(expected)") }
  }
}

/// SplitMix64: the same moments again for the same seed.
private struct Random: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

import Engine
import LaunchPlan
import Testing

@Suite("A container's health") struct HealthStateMachineTests {
  /// `+` is a success and `-` a failure, a second apart from the process's beginning on.
  @Test(
    "what probes make of it",
    arguments: [
      ("", 3, 0, "starting 0"), ("-", 3, 0, "starting 1"), ("--", 3, 0, "starting 2"), ("---", 3, 0, "unhealthy 3"),
      ("+", 3, 0, "healthy 0"), ("+--", 3, 0, "healthy 2"), ("+---", 3, 0, "unhealthy 3"), ("---+", 3, 0, "healthy 0"),
      ("-", 1, 0, "unhealthy 1"),
      // Within the start period failures do not count until something worked.
      ("----", 1, 10, "starting 0"), ("----", 1, 3, "unhealthy 1"), ("-+-", 1, 10, "unhealthy 1"),
      ("--+-", 2, 10, "healthy 1"),
    ])
  func results(probes: String, retries: Int, startPeriod: Int64, expected: String) throws {
    var health = HealthStateMachine()
    let settings = try settings { definition in
      definition.retries = retries
      definition.startPeriodNanoseconds = startPeriod * 1_000_000_000
    }
    for (second, result) in probes.enumerated() {
      _ = health.take(probe(Int64(second), result == "+" ? 0 : 1), settings, startedAt: Timestamp(nanoseconds: 0))
    }
    #expect("\(health.status) \(health.failingStreak)" == expected)
  }

  @Test("only a change of the status is told")
  func changes() throws {
    var health = HealthStateMachine()
    let settings = try settings { $0.retries = 2 }
    let told = [1, 1, 1, 0, 0, 1, 1].enumerated().map { second, code in
      health.take(probe(Int64(second), Int32(code)), settings, startedAt: Timestamp(nanoseconds: 0))
    }
    #expect(told == [false, true, false, true, false, false, true])
  }

  @Test("the last five results stay, also when the container runs anew")
  func log() throws {
    var health = HealthStateMachine()
    let settings = try settings { _ in }
    for second in 0..<7 { _ = health.take(probe(Int64(second), 1), settings, startedAt: Timestamp(nanoseconds: 0)) }
    health.unwatched()
    #expect(health.status == .unhealthy)
    health.restarted()
    #expect(health.status == .starting && health.failingStreak == 0)
    #expect(health.log.map(\.start.nanoseconds) == (2..<7).map { Int64($0) * 1_000_000_000 })
  }

  @Test("the start interval is for the start period, until it is over or something worked")
  func pauses() throws {
    let settings = try settings { definition in
      definition.startPeriodNanoseconds = 10_000_000_000
      definition.startIntervalNanoseconds = 1_000_000_000
      definition.intervalNanoseconds = 20_000_000_000
    }
    var health = HealthStateMachine()
    #expect(health.pause(settings, runningFor: .seconds(3)) == .seconds(1))
    #expect(health.pause(settings, runningFor: .seconds(10)) == .seconds(20))
    _ = health.take(probe(0, 0), settings, startedAt: Timestamp(nanoseconds: 0))
    #expect(health.pause(settings, runningFor: .seconds(3)) == .seconds(20))
  }

  @Test("what nobody said is Docker's, and a definition without a test probes nothing")
  func defaults() throws {
    let settings = try settings { _ in }
    #expect(settings.interval == .seconds(30) && settings.timeout == .seconds(30) && settings.retries == 3)
    #expect(settings.startPeriod == .zero && settings.startInterval == .seconds(5))
    #expect(settings.arguments == ["/bin/sh", "-c", "test"])
    var program = ProgramSpec()
    #expect(HealthSettings(program) == nil)
    program.healthcheck = Healthcheck()
    #expect(HealthSettings(program) == nil)
    program.healthcheck?.test = .disabled
    #expect(HealthSettings(program) == nil)
  }

  @Test("the shell that was asked for runs what is for a shell")
  func shell() throws {
    var program = ProgramSpec()
    program.shell = ["/bin/bash", "-ec"]
    program.healthcheck = Healthcheck()
    program.healthcheck?.test = .shell("a b")
    #expect(HealthSettings(program)?.arguments == ["/bin/bash", "-ec", "a b"])
    program.healthcheck?.test = .command(["a", "b"])
    #expect(HealthSettings(program)?.arguments == ["a", "b"])
  }

  private func settings(_ change: (inout Healthcheck) -> Void) throws -> HealthSettings {
    var definition = Healthcheck()
    definition.test = .shell("test")
    change(&definition)
    var program = ProgramSpec()
    program.healthcheck = definition
    return try #require(HealthSettings(program))
  }

  private func probe(_ second: Int64, _ exitCode: Int32) -> HealthStateMachine.Probe {
    let time = Timestamp(nanoseconds: second * 1_000_000_000)
    return HealthStateMachine.Probe(start: time, end: time, exitCode: exitCode, output: "")
  }
}

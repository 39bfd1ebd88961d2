import LaunchPlan
import OCI
import Testing

/// As a real Docker 28.5 starts them.
@Suite("an exec's plan")
struct ExecPlanTests {
  @Test("what it does not say is the container's")
  func inherited() throws {
    var fixture = try Fixture()
    fixture.spec.program.environment = ["A=b"]
    fixture.spec.program.user = "ada"
    fixture.spec.program.workingDirectory = "/srv"
    fixture.spec.security.additionalGroups = ["crew"]
    fixture.spec.security.hasNoNewPrivileges = true
    fixture.spec.resources.oomScoreAdjustment = 5
    let plan = try fixture.exec(ExecSpec(arguments: ["id", "-u"]))
    let container = try fixture.plan()
    var expected = try #require(container.runtime.process)
    expected.args = ["id", "-u"]
    #expect(plan.process == expected)
    #expect(plan.user == "ada")
    #expect(plan.additionalGroups == ["crew"])
  }

  @Test("variables replace the container's in their places, and a name alone takes one away")
  func environment() throws {
    var fixture = try Fixture()
    fixture.spec.program.environment = ["A=b", "B=c", "C=d"]
    var exec = ExecSpec(arguments: ["env"])
    exec.environment = ["B=x=y", "A", "E=f", "HOSTNAME"]
    #expect(
      try fixture.exec(exec).process.env == [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "B=x=y", "C=d", "E=f",
      ])
  }

  @Test("TERM comes with its own terminal, not with the container's")
  func terminal() throws {
    var fixture = try Fixture()
    fixture.spec.streams.hasTerminal = true
    var exec = ExecSpec(arguments: ["sh"])
    exec.consoleSize = RuntimeSpec.ConsoleSize(height: 2, width: 3)
    let without = try fixture.exec(exec).process
    #expect(!without.terminal && without.consoleSize == nil && !without.env.contains("TERM=xterm"))
    exec.hasTerminal = true
    let with = try fixture.exec(exec).process
    #expect(with.terminal && with.consoleSize == exec.consoleSize && with.env.contains("TERM=xterm"))
  }

  @Test("--privileged gives every capability that this host has, and leaves the container's filter")
  func privileged() throws {
    var fixture = try Fixture()
    fixture.spec.security.droppedCapabilities = ["ALL"]
    var exec = ExecSpec(arguments: ["id"])
    #expect(try fixture.exec(exec).process.capabilities == RuntimeSpec.Capabilities())
    exec.isPrivileged = true
    #expect(try fixture.exec(exec).process.capabilities?.effective == fixture.host.availableCapabilities)
    #expect(
      try ExecPlan.seccomp(of: fixture.spec, on: fixture.host) == fixture.plan().runtime.linux?.seccomp)
    fixture.spec.security.seccomp = .unconfined
    #expect(try ExecPlan.seccomp(of: fixture.spec, on: fixture.host) == nil)
  }
}

extension Fixture {
  /// Settles the container as its creation does, and plans `exec` in it.
  fileprivate func exec(_ exec: ExecSpec) throws(LaunchPlanError) -> ExecPlan {
    var spec = spec
    _ = try spec.settle(on: host)
    return try ExecPlan.make(exec, in: spec, on: host)
  }
}

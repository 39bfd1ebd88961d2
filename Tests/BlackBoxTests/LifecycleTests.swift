import Glibc
import Linux
import OCI
import Testing

@Suite("the life of a container") struct LifecycleTests {
  @Test("create, start, kill, delete: the state says where it is")
  func life() throws {
    try withMonitor { monitor throws in
      monitor.spec.annotations = ["a": "b"]
      try monitor.create(["sleep", "1000"])
      let created = try monitor.state()
      #expect(created.status == .created)
      #expect(created.id == "c")
      #expect(created.bundle == "\(monitor.folder)/bundle")
      #expect(created.annotations == ["a": "b"])
      let pid = try #require(created.pid)
      #expect(try readText("/proc/\(pid)/comm") == "skiff-init\n")
      try monitor.require("start", "c")
      let running = try monitor.state()
      #expect(running.status == .running)
      #expect(running.pid == pid)
      #expect(try readText("/proc/\(pid)/comm") == "sleep\n")
      try monitor.require("kill", "c", "KILL")
      try monitor.waitUntilStopped()
      #expect(try monitor.state().pid == nil)
      try monitor.require("delete", "c")
      #expect(
        try monitor.call("state", "c")
          == Outcome(
            code: 1, output: [], errors: "skiff-monitor: container \"c\" does not exist\n"))
      try monitor.expectNothingLeft()
    }
  }

  @Test("create writes the pid file, and reports a command that is not there")
  func create() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.args = ["sleep", "1000"]
      try monitor.writeBundle()
      let pidFile = "\(monitor.folder)/pid"
      try monitor.require("create", "--bundle", "\(monitor.folder)/bundle", "--pid-file", pidFile, "c")
      #expect(try readText(pidFile) == "\(try #require(monitor.state().pid))")
      monitor.spec.process?.args = ["nope"]
      monitor.spec.linux?.cgroupsPath = "/\(monitor.name)/d"
      try monitor.writeBundle()
      let outcome = try monitor.call("create", "--bundle", "\(monitor.folder)/bundle", "d")
      #expect(outcome.code == 127)
      #expect(outcome.errors == "skiff-monitor: exec: \"nope\": executable file not found in $PATH\n")
    }
  }

  @Test("an id that is taken is refused, and the container that has it stays as it is")
  func takenID() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle()
      let outcome = try monitor.call("create", "--bundle", "\(monitor.folder)/bundle", "c")
      #expect(outcome == Outcome(code: 1, output: [], errors: "skiff-monitor: container \"c\" exists already\n"))
      #expect(try monitor.state().status == .running)
    }
  }

  @Test("a cgroup that is there already is refused and kept")
  func takenCgroup() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle()
      monitor.spec.linux?.cgroupsPath = "/\(monitor.name)/c"
      try monitor.writeBundle()
      let outcome = try monitor.call("create", "--bundle", "\(monitor.folder)/bundle", "d")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("/\(monitor.name)/c"), "\(outcome)")
      #expect(try monitor.call("list", "-q").lines == ["c"])
      #expect(try monitor.execute("echo alive").text == "alive\n")
    }
  }

  @Test("what a state does not allow is refused by name")
  func wrongStates() throws {
    try withMonitor { monitor throws in
      func refusal(_ words: String...) throws -> String {
        let outcome = try monitor.start(words).wait()
        #expect(outcome.code == 1, "\(words)")
        return outcome.errors
      }
      try monitor.create(["sleep", "1000"])
      #expect(try refusal("resume", "c") == "skiff-monitor: container \"c\" is not paused\n")
      #expect(try refusal("delete", "c").hasPrefix("skiff-monitor: cannot delete container \"c\": it is created\n"))
      try monitor.require("start", "c")
      #expect(
        try refusal("start", "c") == "skiff-monitor: cannot start container \"c\": it is not in the state created\n")
      #expect(try refusal("delete", "c").hasPrefix("skiff-monitor: cannot delete container \"c\": it is running\n"))
      #expect(try refusal("kill", "c", "NOPE") == "skiff-monitor: unknown signal \"NOPE\"\n")
      try monitor.require("kill", "c", "9")
      try monitor.waitUntilStopped()
      let notRunning = "skiff-monitor: container \"c\" is not running\n"
      #expect(try refusal("kill", "c") == notRunning)
      #expect(try refusal("pause", "c") == notRunning)
      #expect(try refusal("exec", "c", "true") == notRunning)
      #expect(
        try refusal("start", "c") == "skiff-monitor: cannot start container \"c\": it is not in the state created\n")
      try monitor.require("delete", "c")
      for verb in ["start", "kill", "pause", "resume", "delete", "state", "ps"] {
        #expect(try refusal(verb, "c") == "skiff-monitor: container \"c\" does not exist\n", "\(verb)")
      }
      try monitor.require("delete", "--force", "c")
    }
  }

  @Test("pause and resume: a paused container does nothing, and says so")
  func pause() throws {
    try withMonitor { monitor throws in
      try monitor.launch(["sh", "-c", "while :; do echo x >>/tmp/log; done"])
      let log = "\(monitor.rootfs)/tmp/log"
      _ = try eventually("the log is there") { access(log, F_OK) == 0 ? true : nil }
      try monitor.require("pause", "c")
      #expect(try monitor.state().status == .paused)
      let size = try status(of: log).size
      #expect(
        try monitor.execute("true").errors == "skiff-monitor: cannot exec in container \"c\": it is paused\n")
      #expect(try status(of: log).size == size)
      try monitor.require("resume", "c")
      #expect(try monitor.state().status == .running)
      _ = try eventually("the log grows again") { try status(of: log).size > size ? true : nil }
    }
  }

  @Test("a paused container can be killed, and deleted by force")
  func killPaused() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle()
      try monitor.require("pause", "c")
      try monitor.require("kill", "c", "KILL")
      try monitor.waitUntilStopped()
      try monitor.require("delete", "c")
      try monitor.launchIdle()
      try monitor.require("pause", "c")
      try monitor.require("delete", "--force", "c")
      try monitor.expectNothingLeft()
    }
  }

  @Test("delete --force takes all processes, also in the host's pid namespace")
  func deleteByForce() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.namespaces.removeAll { $0.type == .pid }
      try monitor.launch(["sh", "-c", "sleep 1000 & setsid sleep 1000 & while :; do wait; done"])
      _ = try eventually("three processes") {
        try monitor.call("ps", "-f", "json", "c").text.split(separator: ",").count == 3 ? true : nil
      }
      try monitor.require("delete", "--force", "c")
      try monitor.expectNothingLeft()
    }
  }

  @Test("kill --all reaches every process")
  func killAll() throws {
    try withMonitor { monitor throws in
      try monitor.launch([
        "sh", "-c",
        "trap : USR1; sh -c 'trap \"touch /tmp/told; exit\" USR1; touch /tmp/ready; while :; do sleep 0.01; done' & while :; do wait; done",
      ])
      _ = try eventually("the child is ready") { access("\(monitor.rootfs)/tmp/ready", F_OK) == 0 ? true : nil }
      try monitor.require("kill", "--all", "c", "USR1")
      _ = try eventually("the child was told") { access("\(monitor.rootfs)/tmp/told", F_OK) == 0 ? true : nil }
    }
  }

  @Test("a create that was killed leaves nothing that delete --force does not find")
  func killedCreate() throws {
    try withMonitor { monitor throws in
      // The hook tells that we are in the middle of it, and stays there.
      let ready = "\(monitor.folder)/ready"
      monitor.spec.hooks = RuntimeSpec.Hooks(createRuntime: [
        RuntimeSpec.Hook(path: "/bin/sh", args: ["sh", "-c", "touch \(ready); exec sleep 1000"])
      ])
      monitor.spec.process?.args = ["sleep", "1000"]
      monitor.spec.linux?.cgroupsPath = "/\(monitor.name)/c"
      try monitor.writeBundle()
      let program = try monitor.start(["create", "--bundle", "\(monitor.folder)/bundle", "c"])
      _ = try eventually("the hook runs") { access(ready, F_OK) == 0 ? true : nil }
      #expect(try monitor.state().status == .creating)
      let hook = try eventually("the hook is asleep") { try childOf(program.pid) }
      try program.send(SIGKILL)
      #expect(try program.wait().code == 137)
      kill(hook, SIGKILL)
      try monitor.require("delete", "--force", "c")
      try monitor.expectNothingLeft()
    }
  }

  /// The hook of the process `pid`: its child that runs the host's sleep.
  private func childOf(_ pid: Int32) throws -> Int32? {
    try readText("/proc/\(pid)/task/\(pid)/children").split(separator: " ").compactMap { Int32($0) }.first {
      (try? readText("/proc/\($0)/comm")) == "sleep\n"
    }
  }

  @Test("a state directory that is empty can be deleted by force")
  func emptyState() throws {
    try withMonitor { monitor throws in
      try makeDirectories("\(monitor.root)/c", mode: 0o700)
      try monitor.require("delete", "--force", "c")
      #expect(access("\(monitor.root)/c", F_OK) != 0)
    }
  }

  @Test("an id with a path in it is refused", arguments: ["../c", "a/b", ".", "..", "", "a b", "c\n", ".seccomp", "é"])
  func trickyID(id: String) throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.args = ["true"]
      try monitor.writeBundle()
      for words in [
        ["create", "--bundle", "\(monitor.folder)/bundle", id], ["delete", "--force", id], ["state", id],
      ] {
        let outcome = try monitor.start(words).wait()
        #expect(outcome.code == 1)
        #expect(outcome.errors == "skiff-monitor: invalid container id \"\(id)\"\n")
      }
    }
  }

  @Test("list and ps tell what is there")
  func lists() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle(id: "b")
      try monitor.launchIdle(id: "a")
      #expect(try monitor.call("list", "-q").text == "a\nb\n")
      let states = try BoundedJSON.decode([RuntimeState].self, from: monitor.require("list", "-f", "json").output)
      #expect(states.map(\.status) == [.running, .running])
      let pid = try #require(monitor.state("a").pid)
      #expect(try monitor.require("ps", "a").lines == ["PID", "\(pid)"])
    }
  }

  @Test("features: a JSON document that says what is there")
  func features() throws {
    try withMonitor { monitor throws in
      let features = try BoundedJSON.decode(RuntimeFeatures.self, from: monitor.require("features").output)
      #expect(features.ociVersionMin == "1.0.0")
      #expect(features.linux?.capabilities.count == 41)
      #expect(features.linux?.seccomp?.enabled == true)
      #expect(features.mountOptions.contains("rro"))
    }
  }
}

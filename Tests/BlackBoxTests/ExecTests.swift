import Glibc
import Linux
import OCI
import Testing

@Suite("exec") struct ExecTests {
  /// Runs `body` with an idle container.
  private func withContainer(_ change: (Monitor) -> Void = { _ in }, _ body: (Monitor) throws -> Void) throws {
    try withMonitor { monitor throws in
      change(monitor)
      try monitor.launchIdle()
      try body(monitor)
    }
  }

  @Test("its exit code, output and errors are the process's")
  func streams() throws {
    try withContainer { monitor throws in
      #expect(
        try monitor.execute("echo out; echo err >&2; exit 9")
          == Outcome(
            code: 9, output: Array("out\n".utf8), errors: "err\n"))
      #expect(try monitor.execute("kill -KILL $$").code == 137)
    }
  }

  @Test("it is in all namespaces of the container", arguments: ["pid", "mnt", "net", "uts", "ipc", "cgroup", "time"])
  func namespaces(kind: String) throws {
    try withContainer({ $0.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: .time)) }) { monitor throws in
      let pid = try #require(monitor.state().pid)
      let inside = try monitor.execute("readlink /proc/self/ns/\(kind)").lines
      #expect(try inside == [readLink("/proc/\(pid)/ns/\(kind)")])
      #expect(try inside != [readLink("/proc/self/ns/\(kind)")])
    }
  }

  @Test("it is in the cgroup of the container")
  func cgroup() throws {
    try withContainer { monitor throws in
      let pid = try #require(monitor.state().pid)
      let own = try readText("/proc/\(pid)/cgroup").split(separator: "\n").filter { !$0.contains("name=") }
      try monitor.require("exec", "-d", "--pid-file", "\(monitor.folder)/pid", "c", "sleep", "1000")
      let second = try readText("\(monitor.folder)/pid")
      let its = try readText("/proc/\(second)/cgroup").split(separator: "\n").filter { !$0.contains("name=") }
      #expect(own.contains { $0.contains(monitor.name) })
      #expect(its.filter { $0.contains(monitor.name) } == own.filter { $0.contains(monitor.name) })
    }
  }

  @Test("no descriptor of ours is inside")
  func descriptors() throws {
    try withContainer { monitor throws in
      #expect(try monitor.start(["exec", "c", "ls", "/proc/self/fd"]).wait().lines == ["0", "1", "2", "3"])
    }
  }

  @Test("it has the container's capabilities and filter")
  func privileges() throws {
    try withContainer({ monitor in
      monitor.spec.linux?.seccomp = RuntimeSpec.SeccompProfile(
        defaultAction: .allow, architectures: [.x86_64],
        syscalls: [RuntimeSpec.SeccompProfile.Rule(names: ["mkdir", "mkdirat"], action: .errno, errnoRet: 1)])
    }) { monitor throws in
      let outcome = try monitor.execute(
        "grep -E '^(CapEff|CapBnd|Seccomp):' /proc/self/status | tr '\\t' ' '; mkdir /x")
      #expect(outcome.text == "CapEff: 00000000a80425fb\nCapBnd: 00000000a80425fb\nSeccomp: 2\n")
      #expect(outcome.errors == "mkdir: can't create directory '/x': Operation not permitted\n")
    }
  }

  @Test("user, environment and directory are what the flags say")
  func flags() throws {
    try withContainer({ $0.spec.process?.env.append("A=1") }) { monitor throws in
      let outcome = try monitor.execute(
        "id -u; id -g; pwd; echo $A $B $HOME", "-u", "1000:50", "-e", "A=2", "--env", "B=3", "--cwd", "/tmp")
      #expect(outcome.lines == ["1000", "50", "/tmp", "2 3 /home/ada"])
    }
  }

  @Test("a process document is taken as it is")
  func document() throws {
    try withContainer { monitor throws in
      let process = RuntimeSpec.Process(
        user: RuntimeSpec.User(uid: 5), args: ["sh", "-c", "id -u; echo $X"], env: ["PATH=/bin", "X=y"], cwd: "/etc")
      try replaceFile("\(monitor.folder)/process.json", try BoundedJSON.encode(process))
      #expect(try monitor.call("exec", "--process", "\(monitor.folder)/process.json", "c").lines == ["5", "y"])
    }
  }

  @Test("what is not supported in a process document is refused by name")
  func unsupported() throws {
    try withContainer { monitor throws in
      let process = RuntimeSpec.Process(args: ["true"], apparmorProfile: "docker-default")
      try replaceFile("\(monitor.folder)/process.json", try BoundedJSON.encode(process))
      let outcome = try monitor.call("exec", "--process", "\(monitor.folder)/process.json", "c")
      #expect(outcome.errors == "skiff-monitor: process.apparmorProfile is not supported yet\n")
    }
  }

  @Test("commands that are not there or not executable: 127 and 126")
  func noCommand() throws {
    try withContainer { monitor throws in
      let missing = try monitor.call("exec", "c", "nope")
      #expect(missing.code == 127)
      #expect(missing.errors == "skiff-monitor: exec: \"nope\": executable file not found in $PATH\n")
      #expect(try monitor.call("exec", "c", "/etc").code == 126)
    }
  }

  @Test("a directory that is not there is an error, and is not made")
  func missingDirectory() throws {
    try withContainer { monitor throws in
      let outcome = try monitor.execute("pwd", "--cwd", "/nowhere")
      #expect(outcome.code == 1)
      #expect(
        outcome.errors
          == "skiff-monitor: cannot enter the working directory \"/nowhere\": chdir /nowhere: no such file or directory\n"
      )
      #expect(access("\(monitor.rootfs)/nowhere", F_OK) != 0)
    }
  }

  @Test("its OOM score is its own, and written to the host's /proc")
  func oomScore() throws {
    try withContainer { monitor throws in
      let process = RuntimeSpec.Process(
        args: ["cat", "/proc/self/oom_score_adj"], env: ["PATH=/bin"], oomScoreAdj: 321)
      try replaceFile("\(monitor.folder)/process.json", try BoundedJSON.encode(process))
      #expect(try monitor.call("exec", "--process", "\(monitor.folder)/process.json", "c").text == "321\n")
    }
  }

  @Test("many at once all come up")
  func many() throws {
    try withContainer { monitor throws in
      let programs = try (0..<20).map { try monitor.start(["exec", "c", "echo", "\($0)"]) }
      for (number, program) in programs.enumerated() { #expect(try program.wait().text == "\(number)\n") }
    }
  }
}

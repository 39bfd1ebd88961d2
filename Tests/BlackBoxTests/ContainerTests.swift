import Testing

/// Containers by the stock `docker` command, through the built daemon and monitor.
@Suite("containers, by the stock docker") struct ContainerTests {
  @Test("run: output, input and exit codes are the process's own")
  func run() throws {
    try Engine.with { engine throws in
      #expect(try engine.docker("run --rm busybox sh -c 'echo out; echo err >&2; exit 7'") == "out\nerr\n[status 7]")
      #expect(try engine.docker("run --rm -i busybox cat", input: "piped\n") == "piped\n")
      #expect(try engine.docker("run --rm busybox sh -c 'head -c 20000000 /dev/zero' | wc -c") == "20000000\n")
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test("run: a program that is not there is Docker's 127, and --rm leaves nothing")
  func notFound() throws {
    try Engine.with { engine throws in
      let answer = try engine.docker("run --rm busybox nope")
      #expect(answer.contains("exec: \"nope\": executable file not found in $PATH"))
      #expect(answer.hasSuffix("[status 127]"))
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test(
    "start: the exit code of what never ran says why, whatever the words",
    arguments: [("'permission denied'", 127), ("/nope", 127), ("/bin", 126)])
  func neverRan(program: String, code: Int) throws {
    try Engine.with { engine throws in
      _ = try engine.docker("create --name web busybox \(program)")
      #expect(try engine.docker("start web").hasSuffix("[status 1]"))
      #expect(try engine.docker("inspect -f '{{.State.ExitCode}}' web") == "\(code)\n")
    }
  }

  @Test("kill -9 of the daemon: the container runs on, no line is lost, and the next daemon stops it")
  func daemonKilled() throws {
    try Engine.with { engine throws in
      let script = "trap 'exit 5' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.01; done"
      _ = try engine.docker("run -d --name web busybox sh -c \"\(script.replacing("$", with: "\\$"))\"")
      let pid = try engine.docker("inspect -f '{{.State.Pid}}' web")
      try engine.killAndRestart()
      #expect(try engine.docker("inspect -f '{{.State.Pid}} {{.State.Running}}' web") == "\(pid.dropLast()) true\n")
      #expect(try engine.docker("stop -t 10 web") == "web\n")
      #expect(try engine.docker("inspect -f '{{.State.ExitCode}} {{.State.Status}}' web") == "5 exited\n")
      let lines = try engine.docker("logs web").split(separator: "\n").map(String.init)
      #expect(lines == (1...max(1, lines.count)).map(String.init))
      #expect(try engine.docker("rm web") == "web\n")
    }
  }

  @Test("an end that no daemon saw is known to the next one")
  func endedMeanwhile() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name web busybox sh -c 'echo last words; sleep 0.5; exit 9'")
      try engine.kill()
      try engine.waitUntilNoTaskRuns()
      try engine.start()
      #expect(try engine.docker("inspect -f '{{.State.ExitCode}} {{.State.Status}}' web") == "9 exited\n")
      #expect(try engine.docker("logs web") == "last words\n")
      _ = try engine.docker("rm web")
    }
  }

  @Test("what a container uses cannot be removed from under it")
  func inUse() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("create --name web -v data:/data busybox true")
      #expect(try engine.docker("rmi busybox").contains("must force"))
      #expect(try engine.docker("volume rm data").contains("volume is in use"))
      #expect(try engine.docker("rm web") == "web\n")
      #expect(try engine.docker("volume rm data") == "data\n")
    }
  }

  @Test("a volume keeps what containers write")
  func volume() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run --rm -v data:/data busybox sh -c 'echo kept > /data/f'")
      #expect(try engine.docker("run --rm -v data:/data:ro busybox cat /data/f") == "kept\n")
      _ = try engine.docker("volume rm data")
    }
  }

  @Test("what is not honoured yet is refused by name", arguments: ["-p 80:80", "--network other", "--link x"])
  func refusals(flag: String) throws {
    try Engine.with { engine throws in
      #expect(try engine.docker("run \(flag) busybox true").hasSuffix("[status 125]"))
      #expect(try engine.docker("ps -aq") == "")
    }
  }
}

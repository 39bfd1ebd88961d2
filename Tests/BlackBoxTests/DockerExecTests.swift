import Glibc
import Linux
import Testing

/// `exec` and `top`, by the stock `docker` command.
@Suite("exec, by the stock docker") struct DockerExecTests {
  @Test("streams, input and its end, and exit codes are the program's own")
  func streams() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      #expect(try engine.docker("exec idle sh -c 'echo out; echo err >&2; exit 7'") == "out\nerr\n[status 7]")
      #expect(try engine.docker("exec -i idle cat", input: "piped\n") == "piped\n")
      #expect(try engine.docker("exec idle cat", input: "nobody reads this") == "")
      #expect(try engine.docker("exec idle sh -c 'kill -9 $$'") == "[status 137]")
      #expect(
        try engine.shell(
          "head -c 20000000 /dev/urandom > sent; docker exec -i idle cat < sent > received; cmp sent received && echo same"
        )
          == "same\n")
      try engine.expectNoExecLeft()
    }
  }

  @Test("skiff exec does the same")
  func ours() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      #expect(
        try engine.skiff("exec -e X=y -w /bin idle sh -c 'echo $X; busybox pwd; exit 3'") == "y\n/bin\n[status 3]")
      #expect(try engine.shell("printf piped | skiff exec -i idle cat") == "piped")
      #expect(try engine.skiff("exec idle nope").hasSuffix("[status 127]"))
    }
  }

  @Test("it has the container's variables, user, directory, limits and filter, and what is said over them")
  func inherits() throws {
    try Engine.with { engine throws in
      try engine.runIdle("-e A=b -e B=c -w /tmp -u 7:8 --group-add 9 --ulimit nofile=64:65 --hostname box")
      let environment = try engine.docker("exec -e B=d -e A -e E=f idle busybox env")
      #expect(
        environment
          == "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME=box\nB=d\nE=f\nHOME=/\n")
      #expect(try engine.docker("exec idle busybox pwd") == "/tmp\n")
      #expect(try engine.docker("exec -w /bin idle busybox pwd") == "/bin\n")
      #expect(try engine.docker("exec idle busybox id") == "uid=7 gid=8 groups=8,9\n")
      #expect(try engine.docker("exec -u 0 idle busybox id") == "uid=0 gid=0 groups=0,9\n")
      #expect(try engine.docker("exec idle sh -c 'ulimit -n; ulimit -Hn'") == "64\n65\n")
      #expect(
        try engine.docker("exec idle busybox grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status")
          == "CapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\nNoNewPrivs:\t0\nSeccomp:\t2\n")
      let privileged = try engine.docker(
        "exec --privileged -u 0 idle busybox grep -E '^(CapEff|Seccomp):' /proc/self/status")
      #expect(privileged.contains("Seccomp:\t2") && !privileged.contains("00000000a80425fb"), "\(privileged)")
      // One of the container's namespaces and its cgroup.
    }
  }

  @Test("it is in the container's namespaces and cgroups")
  func joins() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let id = try engine.createExec(#"{"Cmd":["sleep","1000"]}"#)
      _ = try engine.api("POST", "/exec/\(id)/start", #"{"Detach":true}"#)
      let first = try engine.docker("inspect -f '{{.State.Pid}}' idle").dropLast()
      let look = "for n in cgroup ipc mnt net pid uts; do readlink $p/ns/$n; done; cat $p/cgroup"
      let own = try engine.shell("p=/proc/\(try engine.member("Pid", of: id)); \(look)")
      #expect(own.contains("net:[") && own.contains("/skiff-"))
      #expect(try engine.shell("p=/proc/\(first); \(look)") == own)
    }
  }

  @Test("users and groups are the container's own, and one that is not there is refused with Docker's text")
  func users() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      _ = try engine.docker(
        "exec idle sh -c 'echo ada:x:5:6::/home/ada:/bin/sh > /etc/passwd; echo crew:x:77:ada > /etc/group'")
      #expect(
        try engine.docker("exec -u ada idle sh -c 'busybox id; echo $HOME'")
          == "uid=5(ada) gid=6 groups=6,77(crew)\n/home/ada\n")
      #expect(
        try engine.docker("exec -u bob idle busybox id")
          == "Error response from daemon: unable to find user bob: no matching entries in passwd file\n[status 1]")
    }
  }

  @Test(
    "what cannot be started says why, and ends with Docker's code",
    arguments: [
      ("nope", 127, "exec: \"nope\": executable file not found in $PATH"),
      ("/etc/hosts", 126, "exec: \"/etc/hosts\": permission denied"),
      ("/etc", 126, "exec: \"/etc\": is a directory"),
      ("/no/pe", 127, "exec: \"/no/pe\": stat /no/pe: no such file or directory"),
    ])
  func cannotStart(program: String, code: Int, reason: String) throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let prefix = "OCI runtime exec failed: exec failed: unable to start container process: "
      #expect(try engine.docker("exec idle \(program)") == "\(prefix)\(reason)\r\n[status \(code)]")
      #expect(
        try engine.docker("exec -d idle \(program)") == "Error response from daemon: \(prefix)\(reason)\n[status 1]")
      try engine.expectNoExecLeft()
    }
  }

  @Test("a terminal is the container's own, with the size that was asked for")
  func terminal() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let id = try engine.createExec(
        #"{"Cmd":["sh","-c","busybox stty size; busybox tty"],"AttachStdout":true,"Tty":true,"ConsoleSize":[12,34]}"#)
      #expect(try engine.api("POST", "/exec/\(id)/start", #"{"Tty":true}"#) == "12 34\r\n/dev/pts/0\r\n200")
      let later = try engine.createExec(#"{"Cmd":["busybox","stty","size"],"AttachStdout":true,"Tty":true}"#)
      // Before it is started: the stock client does not wait either.
      #expect(try engine.api("POST", "/exec/\(later)/resize?h=21&w=43") == "200")
      #expect(try engine.api("POST", "/exec/\(later)/start", #"{"Tty":true}"#) == "21 43\r\n200")
    }
  }

  @Test("an exec is started once, and answers Docker's statuses through its life")
  func life() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let id = try engine.createExec(#"{"Cmd":["sleep","1000"],"AttachStdout":true}"#)
      #expect(try engine.state(of: id) == "false null")
      #expect(try engine.docker("inspect -f '{{.ExecIDs}}' idle") == "[\(id)]\n")
      #expect(try engine.api("POST", "/exec/\(id)/start", #"{"Detach":true}"#) == "200")
      #expect(try engine.state(of: id) == "true null")
      let again = #"{"message":"exec command \#(id) is already running"}"# + "\n409"
      #expect(try engine.api("POST", "/exec/\(id)/start", #"{"Detach":true}"#) == again)
      _ = try engine.shell("kill -9 \(try engine.member("Pid", of: id))")
      _ = try eventually("it has ended") { try engine.state(of: id) == "false 137" ? true : nil }
      #expect(
        try engine.api("POST", "/exec/\(id)/start", #"{"Detach":true}"#)
          == #"{"message":"exec command \#(id) has already run"}"# + "\n409")
      #expect(try engine.docker("inspect -f '{{.ExecIDs}}' idle") == "[]\n")
      try engine.expectNoExecLeft()
    }
  }

  @Test(
    "what is not there or cannot be is refused with Docker's answers",
    arguments: [
      ("/containers/nope/exec", #"{"Cmd":["true"]}"#, "No such container: nope", 404),
      ("/containers/idle/exec", #"{"Cmd":[]}"#, "No exec command specified", 400),
      ("/containers/idle/exec", #"{"Cmd":["true"],"DetachKeys":"x-y"}"#, "Invalid escape keys (x-y) provided", 400),
      ("/exec/nope/start", "{}", "No such exec instance: nope", 404),
      ("/exec/nope/resize?h=1&w=1", "", "No such exec instance: nope", 404),
    ])
  func refusals(path: String, body: String, message: String, status: Int) throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      #expect(try engine.api("POST", path, body) == #"{"message":"\#(message)"}"# + "\n\(status)")
    }
  }

  @Test("a container that is paused, or has ended, runs nothing more; its execs end with it")
  func container() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      _ = try engine.docker("pause idle")
      #expect(
        try engine.docker("exec idle true")
          == "Error response from daemon: Container idle is paused, unpause the container before exec\n[status 1]")
      _ = try engine.docker("unpause idle")
      let attached = try engine.begin("docker exec idle sh -c 'echo up; exec sleep 1000'")
      try engine.waitFor("up\n", from: attached)
      _ = try engine.docker("kill idle; docker wait idle")
      #expect(try attached.wait().code == 137)
      #expect(try engine.docker("exec idle true").hasSuffix("is not running\n[status 1]"))
      #expect(try engine.docker("top idle").hasSuffix("is not running\n[status 1]"))
      _ = try eventually("no task is left") { try engine.shell("find exec/tasks -mindepth 1").isEmpty ? true : nil }
    }
  }

  @Test("kill -9 of the daemon: an exec runs on, and the next daemon knows it, its end and its code")
  func daemonKilled() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let id = try engine.createExec(
        #"{"Cmd":["sh","-c","while ! test -f /tmp/go; do sleep 0.01; done; exit 9"],"AttachStdout":true}"#)
      #expect(try engine.api("POST", "/exec/\(id)/start", #"{"Detach":true}"#) == "200")
      try engine.killAndRestart()
      _ = try eventually("it is known") { try engine.state(of: id) == "true null" ? true : nil }
      #expect(try engine.docker("inspect -f '{{.ExecIDs}}' idle") == "[\(id)]\n")
      _ = try engine.docker("exec idle sh -c 'busybox mkdir -p /tmp; echo > /tmp/go'")
      _ = try eventually("it has ended") { try engine.state(of: id) == "false 9" ? true : nil }
      try engine.expectNoExecLeft()
    }
  }

  @Test("a client that is killed ends the input that only it could send")
  func clientKilled() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      let pipe = try engine.pipe("input")
      let client = try engine.begin("exec docker exec -i idle sh -c 'echo up; cat; echo > /ended' < input")
      let writer = try pipe.writer()
      try engine.waitFor("up\n", from: client)
      try client.send(SIGKILL)
      _ = try client.wait()
      _ = try eventually("the program saw the end of its input") {
        try engine.docker("exec idle cat /ended") == "\n" ? true : nil
      }
      writer.closeNow()
    }
  }

  @Test("events tell of it with Docker's words and attributes")
  func events() throws {
    try Engine.with { engine throws in
      try engine.runIdle("--label l=m")
      let id = try engine.createExec(#"{"Cmd":["sh","-c","exit 3"]}"#)
      _ = try engine.api("POST", "/exec/\(id)/start", "{}")
      _ = try eventually("it has ended") { try engine.state(of: id) == "false 3" ? true : nil }
      _ = try engine.docker("exec idle true")
      let lines = try engine.docker(
        "events --since 1 --until $(date +%s.%N) --filter container=idle "
          + "--format '{{.Action}}|{{.Actor.Attributes.exitCode}}|{{.Actor.Attributes.l}}|{{.Actor.Attributes.execID}}'"
      ).split(separator: "\n").map(String.init).filter { $0.hasPrefix("exec_") }
      #expect(
        lines.prefix(3) == [
          "exec_create: sh -c exit 3|<no value>|m|\(id)", "exec_start: sh -c exit 3|<no value>|m|\(id)",
          "exec_die|3|m|\(id)",
        ])
      #expect(lines.dropFirst(3).first?.hasPrefix("exec_create: true |") == true)
    }
  }

  @Test("top: the host's ps, of the container's processes alone")
  func top() throws {
    try Engine.with { engine throws in
      try engine.runIdle()
      _ = try engine.docker("exec -d idle sleep 500")
      let columns = "awk '{ print $1, $NF }'"
      #expect(
        try engine.shell("docker top idle | awk '{ print $1, $8, $9 }'")
          == "UID CMD \nroot sleep 1000\nroot sleep 500\n")
      #expect(
        try engine.shell("docker top idle -o pid,comm | \(columns)")
          == "PID COMMAND\n\(try engine.shell("docker top idle -o pid,comm | \(columns) | tail -n 2"))")
      #expect(
        try engine.docker("top idle -o comm")
          == "Error response from daemon: Couldn't find PID field in ps output\n[status 1]")
      #expect(try engine.docker("top idle --nonsense").hasPrefix("Error response from daemon: ps: error:"))
    }
  }
}

extension Engine {
  /// Runs a container `idle` that does nothing.
  fileprivate func runIdle(_ flags: String = "") throws {
    let id = try docker("run -d --name idle \(flags) busybox sleep 1000")
    guard id.count == 65 else { throw TestFailure("docker run: \(id)") }
  }

  /// What the API answers, and its status.
  fileprivate func api(_ method: String, _ path: String, _ body: String = "") throws -> String {
    let data = body.isEmpty ? "" : "-H Content-Type:application/json -d '\(body)'"
    return try shell("curl -s -m 30 -w '%{http_code}' -X \(method) \(data) --unix-socket s 'http://d/v1.51\(path)'")
  }

  /// Makes an exec in the container `idle` and answers its id.
  fileprivate func createExec(_ body: String) throws -> String {
    let answer = try api("POST", "/containers/idle/exec", body)
    let words = answer.split(separator: "\"")
    guard answer.hasSuffix("201"), words.count > 3 else { throw TestFailure("exec: \(answer)") }
    return String(words[3])
  }

  /// Whether an exec runs, and its exit code, as the API says it.
  fileprivate func state(of exec: String) throws -> String {
    "\(try member("Running", of: exec)) \(try member("ExitCode", of: exec))"
  }

  /// What the API says of an exec.
  fileprivate func member(_ name: String, of exec: String) throws -> String {
    let answer = try api("GET", "/exec/\(exec)/json")
    guard let found = answer.firstRange(of: "\"\(name)\":") else { return "none" }
    return String(answer[found.upperBound...].prefix { $0 != "," && $0 != "}" })
  }

  /// Expects that of all tasks only the container's own has a directory.
  fileprivate func expectNoExecLeft() throws {
    _ = try eventually("the directories of execs are gone") {
      try shell("ls exec/tasks/*").split(separator: "\n").count == 1 ? true : nil
    }
  }
}

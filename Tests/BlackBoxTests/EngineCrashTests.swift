import Glibc
import Linux
import Testing

/// The daemon dies behind each durable step of what it does with containers. The next one finds the operation done or
/// not begun, in its database, on the disk and in the kernel alike, and nothing else.
@Suite("engine: crashes") struct EngineCrashTests {
  @Test(
    "create: the container is there with its volumes, or there is neither",
    arguments: [
      ("containers.create.folder", false), ("volumes.create.made", false), ("snapshots.prepare.made", false),
      ("volumes.create.recorded", true), ("containers.create.recorded", true),
    ])
  func creating(failpoint: String, isDone: Bool) throws {
    try Engine.with { engine throws in
      let create = "create --name web -v /anonymous -v named:/named busybox sh -c 'echo ran; exit 3'"
      try engine.die(at: failpoint) { _ = try engine.docker(create) }
      #expect(try engine.leaks() == [])
      #expect(try engine.shell("docker volume ls -q | wc -l") == (isDone ? "2\n" : "0\n"))
      #expect(try engine.containers() == (isDone ? ["web created 0"] : []))
      if !isDone { _ = try engine.docker(create) }
      #expect(try engine.docker("start -a web") == "ran\n[status 3]")
      #expect(try engine.docker("rm -v web") == "web\n")
      #expect(try engine.docker("volume ls -q") == "named\n")
      // Nobody waits for the deletion of files.
      _ = try eventually("nothing is left") { () -> Bool? in try engine.leaks() == [] ? true : nil }
    }
  }

  @Test(
    "start: the process runs, or there never was one",
    arguments: [
      ("containers.start.saved", false), ("containers.start.prepared", false), ("containers.start.launched", true),
    ])
  func starting(failpoint: String, isDone: Bool) throws {
    try Engine.with { engine throws in
      let gate = try engine.pipe("gate")
      _ = try engine.docker("create --name web -v $PWD:/t busybox sh -c 'cat /t/gate; exit 3'")
      try engine.die(at: failpoint) { _ = try engine.docker("start web") }
      try engine.waitForContainers([isDone ? "web running 0" : "web created 0"])
      #expect(try engine.leaks() == [])
      if !isDone { #expect(try engine.docker("start web") == "web\n") }
      #expect(try engine.shell("docker inspect -f '{{.State.Pid}}' web | xargs -I% cat /proc/%/comm") == "sh\n")
      try gate.writer().closeNow()
      #expect(try engine.docker("wait web") == "3\n")
      #expect(try engine.leaks() == [])
    }
  }

  @Test(
    "create: a new volume is filled by the next daemon, however far this one came",
    arguments: ["volumes.fill.copied", "volumes.fill.renamed"])
  func filling(failpoint: String) throws {
    try Engine.with { engine throws in
      try engine.die(at: failpoint) {
        _ = try engine.docker("create --name web -v data:/bin busybox sh -c 'echo ran'")
      }
      try engine.waitForContainers(["web created 0"])
      #expect(try engine.leaks() == [])
      #expect(try engine.docker("start -a web") == "ran\n")
    }
  }

  @Test(
    "end: the exit code is known, and the launch is over",
    arguments: ["containers.end.saved", "containers.end.released"])
  func ending(failpoint: String) throws {
    try Engine.with { engine throws in
      let gate = try engine.pipe("gate")
      _ = try engine.docker("run -d --name web -v $PWD:/t busybox sh -c 'cat /t/gate; exit 3'")
      try engine.die(at: failpoint) { try gate.writer().closeNow() }
      try engine.waitForContainers(["web exited 3"])
      #expect(try engine.leaks() == [])
    }
  }

  @Test(
    "remove: the container goes with its anonymous volumes, or all of it stays",
    arguments: [
      ("volumes.remove.renamed", false), ("volumes.remove.unrecorded", true), ("containers.remove.unrecorded", true),
      ("snapshots.sweep.unrecorded", true), ("containers.remove.swept", true), ("containers.remove.deleted", true),
    ])
  func removing(failpoint: String, isDone: Bool) throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run --name web -v /anonymous busybox sh -c 'exit 3'")
      try engine.die(at: failpoint) { _ = try engine.docker("rm -v web") }
      #expect(try engine.leaks() == [])
      #expect(try engine.containers() == (isDone ? [] : ["web exited 3"]))
      #expect(try engine.shell("docker volume ls -q | wc -l") == (isDone ? "0\n" : "1\n"))
    }
  }

  @Test(
    "--rm: the end of the process is the end of everything, however far the daemon came with it",
    arguments: [
      "containers.remove.unrecorded", "containers.remove.deleted", "containers.end.saved", "containers.end.released",
    ])
  func removingItself(failpoint: String) throws {
    try Engine.with { engine throws in
      try engine.die(at: failpoint) { _ = try engine.docker("run --rm -v /anonymous busybox true") }
      #expect(try engine.leaks() == [])
      #expect(try engine.containers() == [])
      #expect(try engine.docker("volume ls -q") == "")
    }
  }
}

extension Engine {
  /// Replaces the daemon by one that dies at `failpoint`, lets `body` lead it there, and starts the next one.
  fileprivate func die(at failpoint: String, _ body: () throws -> Void) throws {
    try kill()
    try start(failpoint: failpoint)
    try body()
    try waitUntilDead()
    try start()
  }

  /// Waits until the containers are `expected`: recovery goes on while the daemon answers already.
  fileprivate func waitForContainers(_ expected: [String]) throws {
    var found: [String] = []
    do {
      _ = try eventually("recovery") { () -> Bool? in
        found = try containers()
        return found == expected ? true : nil
      }
    } catch { throw TestFailure("the containers are \(found) and not \(expected)") }
  }

  /// What is there besides what the containers need: in the data root, the exec root, the cgroups and the mounts.
  fileprivate func leaks() throws -> [String] {
    func count(_ command: String) throws -> Int { Int(try shell(command).filter(\.isNumber)) ?? -1 }
    let containers = try count("docker ps -aq | wc -l")
    let running = try count("docker ps -q | wc -l")
    let images = try count("docker images -aq | wc -l")
    let name = try readText("\(directory)/data/instance").prefix(8)
    let found = [
      ("folders", containers, try count("ls data/containers | wc -l")),
      // The image has one layer.
      ("snapshots", containers + images, try count("ls data/snapshots | wc -l")),
      ("launches", running, try count("find exec/tasks -mindepth 2 -maxdepth 2 | wc -l")),
      ("task directories", running, try count("ls exec/tasks | wc -l")),
      (
        "cgroups", running,
        try count(
          "find /sys/fs/cgroup/*/skiff-\(name)/* -maxdepth 0 -type d -name '????????????????*' -printf '%f\\n' 2>&- | sort -u | wc -l || true"
        )
      ),
      ("mounts", 0, try count("grep -c \(directory) /proc/self/mountinfo || true")),
    ]
    return found.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.2) instead of \($0.1)" }
  }
}

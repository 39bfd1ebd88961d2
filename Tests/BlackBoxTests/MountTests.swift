import Glibc
import Linux
import OCI
import Testing

@Suite("run: mounts") struct MountTests {
  private func bind(_ source: String, _ options: [String] = ["rbind"], to target: String = "/m") -> RuntimeSpec.Mount {
    RuntimeSpec.Mount(destination: target, type: "bind", source: source, options: options)
  }

  @Test("a bound directory can be read and written")
  func readWrite() throws {
    try withMonitor { monitor throws in
      try makeDirectory("\(monitor.folder)/data")
      try replaceFile("\(monitor.folder)/data/in", Array("hello\n".utf8))
      monitor.spec.mounts.append(bind("\(monitor.folder)/data"))
      #expect(try monitor.script("cat /m/in; echo bye >/m/out").text == "hello\n")
      #expect(try readText("\(monitor.folder)/data/out") == "bye\n")
    }
  }

  @Test("a read-only one cannot be written")
  func readOnly() throws {
    try withMonitor { monitor throws in
      try makeDirectory("\(monitor.folder)/data")
      monitor.spec.mounts.append(bind("\(monitor.folder)/data", ["rbind", "ro"]))
      #expect(try monitor.script("touch /m/x").errors == "touch: /m/x: Read-only file system\n")
    }
  }

  @Test("a file is bound on a file that is made for it, and its folders with modes that others can pass")
  func file() throws {
    try withMonitor { monitor throws in
      try replaceFile("\(monitor.folder)/file", Array("hello\n".utf8), mode: 0o644)
      monitor.spec.mounts.append(bind("\(monitor.folder)/file", to: "/deep/er/file"))
      monitor.spec.process?.user = RuntimeSpec.User(uid: 1000, gid: 1000)
      let old = umask(0o077)
      defer { umask(old) }
      #expect(try monitor.run(["cat", "/deep/er/file"]) == Outcome(code: 0, output: Array("hello\n".utf8), errors: ""))
    }
  }

  @Test("rbind takes the mounts below, bind does not, and rro makes them read-only too")
  func recursive() throws {
    try withMonitor { monitor throws in
      try withHostMount(monitor, .private) { host throws in
        try makeDirectory("\(host)/below")
        try FileSystemContext("tmpfs").mount().attachMount(on: try open("\(host)/below", O_PATH), host)
        try replaceFile("\(host)/below/file", [])
        let script = "ls /m/below; touch /m/below/new"
        monitor.spec.mounts.append(bind(host, ["bind"]))
        #expect(try monitor.script(script).text == "")
        monitor.spec.mounts[monitor.spec.mounts.count - 1] = bind(host, ["rbind", "ro"])
        #expect(try monitor.script(script) == Outcome(code: 0, output: Array("file\n".utf8), errors: ""))
        monitor.spec.mounts[monitor.spec.mounts.count - 1] = bind(host, ["rbind", "rro"])
        #expect(try monitor.script(script).errors == "touch: /m/below/new: Read-only file system\n")
      }
    }
  }

  @Test("a source that is not there is an error with its path, and nothing is made")
  func missingSource() throws {
    try withMonitor { monitor throws in
      monitor.spec.mounts.append(bind("\(monitor.folder)/nope"))
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors == "skiff-monitor: bind source path does not exist: \(monitor.folder)/nope\n")
      #expect(access("\(monitor.folder)/nope", F_OK) != 0)
    }
  }

  @Test("a file system that is not there is an error with its name")
  func unknownType() throws {
    try withMonitor { monitor throws in
      monitor.spec.mounts.append(RuntimeSpec.Mount(destination: "/m", type: "nosuchfs", source: "x"))
      #expect(
        try monitor.run(["true"]).errors == "skiff-monitor: cannot mount \"/m\": fsopen nosuchfs: no such device\n")
    }
  }

  @Test("nothing that is mounted for a container appears on a host whose mounts are shared")
  func sharedHost() throws {
    try withMonitor { monitor throws in
      try withHostMount(monitor, .shared) { host throws in
        try Busybox.makeRoot("\(host)/rootfs")
        monitor.spec.root = RuntimeSpec.Root(path: "\(host)/rootfs")
        let before = try mounts(below: host)
        try monitor.launchIdle()
        #expect(try mounts(below: host) == before)
        #expect(try monitor.execute("mount -t tmpfs x /tmp").code == 1)
        try monitor.require("delete", "--force", "c")
        #expect(try mounts(below: host) == before)
      }
    }
  }

  /// The mount table's lines of the host that are about `path`, without their numbers.
  private func mounts(below path: String) throws -> [String] {
    try readText("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(path) }.map {
      $0.split(separator: " ").dropFirst(2).joined(separator: " ")
    }
  }

  /// Runs a container with `SYS_ADMIN` that binds the shared `host`; answers what it sees mounted below after the host
  /// has mounted `in` there, and whether the host sees `out`, which the container has mounted.
  private func propagation(_ options: [String]) throws -> (inside: Bool, outside: Bool) {
    var result = (inside: false, outside: false)
    try withMonitor { monitor throws in
      try withHostMount(monitor, .shared) { host throws in
        try makeDirectory("\(host)/in")
        try makeDirectory("\(host)/out")
        monitor.spec.mounts.append(bind(host, options))
        for path in [\RuntimeSpec.Capabilities.bounding, \.effective, \.permitted] {
          monitor.spec.process?.capabilities?[keyPath: path].append("CAP_SYS_ADMIN")
        }
        try monitor.launchIdle()
        try FileSystemContext("tmpfs").mount().attachMount(on: try open("\(host)/in", O_PATH), host)
        let script = "mount -t tmpfs x /m/out && grep -c ' /m/in ' /proc/mounts"
        let outcome = try monitor.execute(script)
        result.inside = outcome.lines == ["1"]
        result.outside = try mounts(below: "\(host)/out").count == 1
        try monitor.require("delete", "--force", "c")
      }
    }
    return result
  }

  @Test("rshared: mounts travel both ways")
  func shared() throws { #expect(try propagation(["rbind", "rshared"]) == (true, true)) }

  @Test("rslave: mounts travel from the host to the container")
  func slave() throws { #expect(try propagation(["rbind", "rslave"]) == (true, false)) }

  @Test("rprivate: mounts do not travel")
  func privately() throws { #expect(try propagation(["rbind", "rprivate"]) == (false, false)) }

  @Test("without a word about it, no mount of the container reaches the host")
  func unspecified() throws { #expect(try propagation(["rbind"]).outside == false) }

  @Test("a tmpfs takes the mode of what it covers, unless the spec says one")
  func tmpfsMode() throws {
    try withMonitor { monitor throws in
      try makeDirectory("\(monitor.rootfs)/secret", mode: 0o700)
      let tmpfs = RuntimeSpec.Mount(destination: "/secret", type: "tmpfs", source: "tmpfs", options: ["size=64k"])
      monitor.spec.mounts.append(tmpfs)
      #expect(try monitor.run(["stat", "-c", "%a", "/secret"]).text == "700\n")
      monitor.spec.mounts[monitor.spec.mounts.count - 1].options.append("mode=1750")
      #expect(try monitor.run(["stat", "-c", "%a", "/secret"]).text == "1750\n")
    }
  }

  @Test("tmpcopyup: a tmpfs begins with what the image has there, with owners and modes")
  func tmpcopyup() throws {
    try withMonitor { monitor throws in
      try makeDirectories("\(monitor.rootfs)/data/deep")
      try replaceFile("\(monitor.rootfs)/data/deep/file", Array("hello\n".utf8))
      _ = chmod("\(monitor.rootfs)/data/deep/file", 0o4751)
      try setOwner("\(monitor.rootfs)/data/deep", owner: 7, group: 8)
      try symlink("/etc/passwd", "\(monitor.rootfs)/data/link")
      monitor.spec.mounts.append(
        RuntimeSpec.Mount(destination: "/data", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup", "ro"]))
      let outcome = try monitor.script(
        "cat /data/deep/file; stat -c '%a' /data/deep/file; stat -c %u:%g /data/deep; readlink /data/link; touch /data/x"
      )
      #expect(outcome.lines == ["hello", "4751", "7:8", "/etc/passwd"])
      #expect(outcome.errors == "touch: /data/x: Read-only file system\n")
    }
  }

  @Test("a /dev that is bound from the host gets no nodes of ours")
  func boundDevices() throws {
    try withMonitor { monitor throws in
      try makeDirectory("\(monitor.folder)/dev")
      monitor.spec.mounts.removeAll { $0.destination.hasPrefix("/dev") }
      monitor.spec.mounts.append(bind("\(monitor.folder)/dev", to: "/dev/"))
      #expect(try monitor.run(["ls", "-A", "/dev"]).text == "")
    }
  }

  @Test("a working directory that is missing is made")
  func workingDirectory() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.cwd = "/made/for/you"
      #expect(try monitor.run(["pwd"]).text == "/made/for/you\n")
    }
  }
}

import Glibc
import Linux
import OCI
import Testing

@Suite("run: what a container may") struct PrivilegeTests {
  /// The lines of `/proc/self/status` that tell of capabilities, as a container's process sees them.
  private func sets(_ monitor: Monitor) throws -> String {
    try monitor.run(["grep", "-E", "^Cap", "/proc/self/status"]).text.replacing("\t", with: " ")
  }

  @Test("Docker's 14 capabilities are permitted, effective and bounding")
  func dockerSet() throws {
    try withMonitor { monitor throws in
      #expect(
        try sets(monitor) == """
          CapInh: 0000000000000000
          CapPrm: 00000000a80425fb
          CapEff: 00000000a80425fb
          CapBnd: 00000000a80425fb
          CapAmb: 0000000000000000

          """)
    }
  }

  @Test("an ordinary user has none of them")
  func ordinaryUser() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.user = RuntimeSpec.User(uid: 1000, gid: 1000)
      #expect(
        try sets(monitor) == """
          CapInh: 0000000000000000
          CapPrm: 0000000000000000
          CapEff: 0000000000000000
          CapBnd: 00000000a80425fb
          CapAmb: 0000000000000000

          """)
    }
  }

  @Test("an ordinary user has those that are ambient")
  func ambient() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.user = RuntimeSpec.User(uid: 1000, gid: 1000)
      let net = ["CAP_NET_BIND_SERVICE"]
      monitor.spec.process?.capabilities = RuntimeSpec.Capabilities(
        bounding: net, effective: net, permitted: net, inheritable: net, ambient: net)
      #expect(
        try sets(monitor) == """
          CapInh: 0000000000000400
          CapPrm: 0000000000000400
          CapEff: 0000000000000400
          CapBnd: 0000000000000400
          CapAmb: 0000000000000400

          """)
    }
  }

  @Test("without a list there are none")
  func noList() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.capabilities = nil
      #expect(try sets(monitor).split(separator: "\n").allSatisfy { $0.hasSuffix(" 0000000000000000") })
    }
  }

  @Test("a capability that nobody knows is left out with a warning")
  func unknownCapability() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.capabilities?.bounding.append("CAP_NOPE")
      let outcome = try monitor.run(["true"])
      #expect(
        outcome
          == Outcome(
            code: 0, output: [], errors: "skiff-monitor: warning: unknown capability \"CAP_NOPE\" is left out\n"))
    }
  }

  @Test("user, group, groups and umask are the spec's")
  func user() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.user = RuntimeSpec.User(uid: 1000, gid: 50, umask: 0o027, additionalGids: [7, 9])
      #expect(try monitor.script("id -u; id -g; id -G; umask").lines == ["1000", "50", "50 7 9", "0027"])
    }
  }

  @Test("no_new_privs is set when asked", arguments: [true, false])
  func noNewPrivileges(isAsked: Bool) throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.noNewPrivileges = isAsked
      let outcome = try monitor.script("grep NoNewPrivs /proc/self/status | cut -f 2")
      #expect(outcome.lines == [isAsked ? "1" : "0"])
    }
  }

  private let noDirectories = RuntimeSpec.SeccompProfile(
    defaultAction: .allow, architectures: [.x86_64],
    syscalls: [RuntimeSpec.SeccompProfile.Rule(names: ["mkdir", "mkdirat"], action: .errno, errnoRet: 1)])

  @Test("a seccomp filter is in force, and a call that it forbids answers its errno", arguments: [true, false])
  func seccomp(noNewPrivileges: Bool) throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = noDirectories
      monitor.spec.process?.noNewPrivileges = noNewPrivileges
      let outcome = try monitor.script("grep '^Seccomp:' /proc/self/status | cut -f 2; mkdir /x")
      #expect(outcome.text == "2\n")
      #expect(outcome.errors == "mkdir: can't create directory '/x': Operation not permitted\n")
    }
  }

  @Test("the second start takes the compiled filter from the cache")
  func seccompCache() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = noDirectories
      #expect(try monitor.run(["mkdir", "/x"]).code == 1)
      let cache = "\(monitor.root)/.seccomp"
      let name = try #require(open(cache, O_RDONLY | O_DIRECTORY).entries().first)
      // In the place of the compiled program one that allows everything: whoever takes it can make directories.
      let file = try readFile("\(cache)/\(name)")
      let keySize = Int(file[8]) | Int(file[9]) << 8
      let allow: [UInt8] = [6, 0, 0, 0, 0, 0, 0xff, 0x7f]
      try replaceFile(
        "\(cache)/\(name)", Array(file[..<12]) + [8, 0, 0, 0] + file[16..<16 + keySize] + allow, mode: 0o600)
      #expect(try monitor.run(["mkdir", "/x"]).code == 0)
    }
  }

  @Test("a cache that others could have written to is not used")
  func foreignCache() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = noDirectories
      #expect(try monitor.run(["mkdir", "/x"]).code == 1)
      let cache = "\(monitor.root)/.seccomp"
      let path = "\(cache)/\(try #require(open(cache, O_RDONLY | O_DIRECTORY).entries().first))"
      let file = try readFile(path)
      let keySize = Int(file[8]) | Int(file[9]) << 8
      try replaceFile(
        path, Array(file[..<12]) + [8, 0, 0, 0] + file[16..<16 + keySize] + [6, 0, 0, 0, 0, 0, 0xff, 0x7f], mode: 0o666)
      guard chmod(path, 0o666) == 0 else { throw TestFailure("chmod") }
      #expect(try monitor.run(["mkdir", "/y"]).code == 1)
    }
  }

  @Test("a seccomp listener is refused by name")
  func seccompListener() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = noDirectories
      monitor.spec.linux?.seccomp?.listenerPath = "/run/listener.sock"
      #expect(try monitor.run(["true"]).errors == "skiff-monitor: linux.seccomp.listenerPath is not supported yet\n")
    }
  }

  @Test("a device that no rule allows cannot be opened, also where there are no rules", arguments: [true, false])
  func devices(hasRules: Bool) throws {
    try withMonitor { monitor throws in
      if !hasRules { monitor.spec.linux?.resources = nil }
      // 1:4 is /dev/port, which no container has any business with; 1:5 is /dev/zero.
      let outcome = try monitor.script(
        "mknod /tmp/port c 1 4; head -c 1 /tmp/port; mknod /tmp/zero c 1 5; head -c 2 /tmp/zero | wc -c")
      #expect(outcome.text == "2\n")
      #expect(outcome.errors == "head: /tmp/port: Operation not permitted\n")
    }
  }

  @Test("what is not supported is refused by name")
  func unsupported() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.apparmorProfile = "docker-default"
      #expect(try monitor.run(["true"]).errors == "skiff-monitor: process.apparmorProfile is not supported yet\n")
    }
  }
}

import Glibc
import Linux
import Testing

@Suite struct DaemonTests {
  @Test("skiffd: serves until SIGTERM, ends well, and leaves no socket")
  func life() throws {
    try withDaemon { daemon, directory in
      let ping = try Program(
        "/usr/bin/curl", ["curl", "-s", "--unix-socket", "\(directory)/s", "http://d/_ping"],
        stem: "\(directory)/ping")
      #expect(try ping.wait().text == "OK")
      try daemon.send(SIGTERM)
      #expect(try daemon.wait() == Outcome(code: 0, output: [], errors: ""))
      #expect(access("\(directory)/s", F_OK) != 0)
    }
  }

  @Test("skiffd: a daemon that was killed leaves nothing that keeps the next one out")
  func killed() throws {
    try withDaemon { daemon, directory in
      try daemon.send(SIGKILL)
      #expect(try daemon.wait().code == 137)
      let next = try start(directory)
      try next.send(SIGINT)
      #expect(try next.wait() == Outcome(code: 0, output: [], errors: ""))
    }
  }

  @Test("skiffd: what it is told wrongly is refused with what to do")
  func refusals() throws {
    try withDirectory { directory in
      let flag = try Program(try path(), ["skiffd", "--nonsense"], stem: "\(directory)/flag").wait()
      #expect(flag.code == 125)
      #expect(flag.errors == "skiffd: unknown flag or word \"--nonsense\"\nhint: see `skiffd --help`\n")
      let user = try Program(
        "/usr/bin/setpriv", ["setpriv", "--reuid", "65534", try path()], stem: "\(directory)/user"
      ).wait()
      #expect(user.code == 1)
      #expect(user.errors == "skiffd: must run as root: containers need mounts, namespaces and cgroups\n")
    }
  }

  private func path() throws -> String {
    guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    return "\(folder)/skiffd"
  }

  /// Starts a daemon over `directory` and waits until it answers.
  private func start(_ directory: String) throws -> Program {
    let daemon = try Program(
      try path(),
      [
        "skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H", "unix://\(directory)/s",
      ], stem: "\(directory)/daemon")
    let _: Descriptor = try eventually("the daemon answers") {
      guard try daemon.isRunning() else { throw TestFailure("skiffd ended: \(try daemon.wait())") }
      return try? connect(toPath: "\(directory)/s")
    }
    return daemon
  }

  private func withDaemon(_ body: (Program, String) throws -> Void) throws {
    try withDirectory { directory in
      let daemon = try start(directory)
      do { try body(daemon, directory) } catch {
        try? daemon.send(SIGKILL)
        throw error
      }
    }
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/skiff-daemon-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result = Result { try body(directory) }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }
}

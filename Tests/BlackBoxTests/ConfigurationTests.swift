import CLinux
import Glibc
import Linux
import Testing

/// What `skiffd` is told, by flags, its file, and whoever starts it.
@Suite struct ConfigurationTests {
  @Test(
    "daemon.json: what is wrong with it is said, in dockerd's words where it has some",
    arguments: [
      (#"{"debug": true, "group": "root", "hosts": ["unix:///tmp/s"], "pidfile": "/tmp/p"}"#, "", "0 configuration OK"),
      (
        #"{"debug": true, "log-driver": "syslog", "foo": {"bar": 1}}"#, "",
        "1 FILE: the following directives don't match any configuration option: log-driver, foo"
      ),
      (
        #"{"debug": true, "hosts": ["unix:///a"]}"#, "--debug=false -H unix:///b -H unix:///c",
        "1 FILE: the following directives are specified both as a flag and in the configuration file: "
          + "debug: (from flag: false, from file: true), hosts: (from flag: [unix:///b unix:///c], from file: [unix:///a])"
      ),
      (#"{"debug": "yes"}"#, "", "1 FILE: invalid JSON: debug is no bool"),
      (#"{"hosts": "unix:///a"}"#, "", "1 FILE: invalid JSON: hosts is no array of strings"),
      (
        #"{"hosts": ["tcp://0.0.0.0:2375"]}"#, "",
        "125 cannot serve on \"tcp://0.0.0.0:2375\": only unix://PATH and fd:// are supported yet"
      ),
      (#"{"data-root": "data"}"#, "", "125 --data-root \"data\" is not an absolute path"),
      (#"{"debug": true"#, "", "1 FILE: invalid JSON: unexpected EOF"),
      ("[]", "", "1 FILE: invalid JSON: it is no object"),
    ])
  func file(_ text: String, _ flags: String, _ expected: String) throws {
    try withDirectory { directory in
      let path = "\(directory)/daemon.json"
      try replaceFile(path, Array(text.utf8))
      let words = ["skiffd", "--validate", "--config-file", path] + flags.split(separator: " ").map(String.init)
      let outcome = try Program(try skiffd(), words, stem: "\(directory)/daemon").wait()
      let said = outcome.text + outcome.errors
      let normal = said.replacing("skiffd: ", with: "")
        .replacing("unable to configure the daemon with file \(path)", with: "FILE")
      #expect("\(outcome.code) \(normal)" == "\(expected)\n")
    }
  }

  @Test("daemon.json: one that was named must be there")
  func missingFile() throws {
    try withDirectory { directory in
      let path = "\(directory)/none.json"
      let outcome = try Program(
        try skiffd(), ["skiffd", "--validate", "--config-file", path], stem: "\(directory)/daemon"
      ).wait()
      #expect(
        outcome.errors
          == "skiffd: unable to configure the daemon with file \(path): cannot open it: no such file or directory\n")
    }
  }

  @Test("systemd: a socket that is handed over is served and stays, and readiness and end are announced")
  func activation() throws {
    try withDirectory { directory in
      let events = try notificationSocket("\(directory)/notify")
      let listener = try UnixListener(path: "\(directory)/s", mode: 0o600, group: nil, backlog: 8)
      // A client may come before there is a daemon.
      let early = try connect(toPath: "\(directory)/s")
      try early.writeAll("GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
      let socket = try listener.socket.duplicate(from: 20)
      _ = fcntl(socket.raw, F_SETFD, 0)
      let daemon = try Program(
        "/bin/bash",
        [
          "bash", "-c",
          """
          export LISTEN_PID=$$ LISTEN_FDS=1 NOTIFY_SOCKET=\(directory)/notify
          exec \(try skiffd()) --data-root \(directory)/data --exec-root \(directory)/exec -H fd:// \
            --pidfile \(directory)/pid 3<&\(socket.raw) \(socket.raw)<&-
          """,
        ], stem: "\(directory)/daemon")
      defer { daemon.abandon() }
      #expect(try next(events) == "READY=1")
      #expect(String(decoding: try early.readAll(limit: 4096), as: UTF8.self).hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(try readText("\(directory)/pid") == "\(daemon.pid)")
      // A daemon does not end with the terminal that it was started from.
      try daemon.send(SIGHUP)
      try daemon.send(SIGTERM)
      #expect(try next(events) == "STOPPING=1")
      #expect(try daemon.wait() == Outcome(code: 0, output: [], errors: ""))
      #expect(access("\(directory)/s", F_OK) == 0)
      #expect(access("\(directory)/pid", F_OK) != 0)
    }
  }

  @Test("systemd: fd:// without sockets is refused")
  func noSockets() throws {
    try withDirectory { directory in
      let outcome = try Program(
        try skiffd(),
        ["skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H", "fd://"],
        stem: "\(directory)/daemon"
      ).wait()
      #expect(
        outcome
          == Outcome(
            code: 125, output: [],
            errors:
              "skiffd: cannot serve on fd://: no sockets were handed over\nhint: fd:// is for systemd's units\n"))
    }
  }

  @Test("--pidfile: one that names a living process keeps the daemon out, and its own is replaced")
  func pidfile() throws {
    try withDirectory { directory in
      try replaceFile("\(directory)/pid", Array("\(getpid())\n".utf8))
      let outcome = try Program(
        try skiffd(),
        [
          "skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H",
          "unix://\(directory)/s", "-p", "\(directory)/pid",
        ], stem: "\(directory)/daemon"
      ).wait()
      #expect(
        outcome
          == Outcome(
            code: 1, output: [],
            errors: """
              skiffd: cannot write --pidfile "\(directory)/pid": process \(getpid()), which it names, is still running
              hint: stop that one, or remove the file if it is no daemon

              """))
    }
  }

  @Test("the units that are installed are what systemd takes")
  func units() throws {
    try withDirectory { directory in
      let program = "\(directory)/usr/libexec/skiff/skiffd"
      let install = try Program(
        "/usr/bin/make",
        [
          "make", "-s", "-C", try repository(), "install", "PROGRAMS=\(try programs())", "DESTDIR=\(directory)",
          "PREFIX=/usr",
        ],
        stem: "\(directory)/make"
      ).wait()
      #expect(install.code == 0, "\(install)")
      let units = "\(directory)/usr/lib/systemd/system"
      let service = try readText("\(units)/skiff.service")
      #expect(service.contains("ExecStart=/usr/libexec/skiff/skiffd --host fd://\n"))
      #expect(service.contains("KillMode=process\n"))
      #expect(access(program, X_OK) == 0)
    }
  }

  private func notificationSocket(_ path: String) throws -> Descriptor {
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let socket = Descriptor(owning: Glibc.socket(AF_UNIX, kind, 0))
    _ = try syscall("bind", path) { clinux_bind_unix(socket.raw, path) }
    return socket
  }

  private func next(_ events: Descriptor) throws -> String {
    guard try events.waitUntilReadable(milliseconds: 30_000) else { throw TestFailure("nothing was announced") }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = try buffer.withUnsafeMutableBytes { try events.read(into: $0) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  private func skiffd() throws -> String { "\(try programs())/skiffd" }

  private func programs() throws -> String {
    guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    return folder
  }

  private func repository(_ file: String = #filePath) throws -> String {
    let parts = file.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/skiff-daemon-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result = Result { try body(directory) }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }
}

import Glibc
import Linux
import Testing

@Suite("UnixListener") struct UnixListenerTests {
  @Test("the socket has the mode it was given, and its name goes with it")
  func modeAndName() throws {
    try inDirectory { directory in
      let path = "\(directory)/s"
      let listener = try UnixListener(path: path, mode: 0o620, group: 12345, backlog: 1)
      let status = try status(of: path)
      #expect([status.permissions, status.group] == [0o620, 12345])
      _ = try connect(toPath: path)
      try listener.removeName()
      #expect(throws: SyscallError("stat", path, errno: .noSuchFile)) { try Linux.status(of: path) }
      try listener.removeName()
    }
  }

  @Test("a path longer than an address is no hindrance")
  func longPath() throws {
    try inDirectory { directory in
      let deep = directory + String(repeating: "/0123456789abcdef", count: 20)
      try makeDirectories(deep)
      let listener = try UnixListener(path: "\(deep)/s", mode: 0o600, group: nil, backlog: 1)
      let parent = try open(deep, O_PATH | O_DIRECTORY)
      _ = try connect(to: "s", in: parent)
      try listener.removeName()
    }
  }

  @Test("a socket on which somebody answers is left alone, an abandoned one is replaced")
  func replacesAbandoned() throws {
    try inDirectory { directory in
      let path = "\(directory)/s"
      var first: UnixListener? = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      #expect(throws: SyscallError("bind", path, errno: Errno(EADDRINUSE))) {
        try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      }
      _ = first
      first = nil
      let second = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      _ = try connect(toPath: path)
      try second.removeName()
    }
  }

  @Test("a file of another kind is not replaced")
  func keepsFiles() throws {
    try inDirectory { directory in
      let path = "\(directory)/s"
      _ = try open(path, O_CREAT | O_WRONLY, mode: 0o600)
      #expect(throws: SyscallError("bind", path, errno: Errno(EADDRINUSE))) {
        try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      }
      #expect(try status(of: path).isRegular)
    }
  }

  @Test("a name that is another listener's by now is not removed")
  func keepsSuccessor() throws {
    try inDirectory { directory in
      let path = "\(directory)/s"
      let first = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      try rename(path, to: "\(directory)/old")
      let second = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 1)
      try first.removeName()
      _ = try connect(toPath: path)
      try second.removeName()
    }
  }

  private func inDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/skiff-listener-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { try? removeTree(directory) }
    try body(directory)
  }
}

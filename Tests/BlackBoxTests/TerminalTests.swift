import Glibc
import Linux
import OCI
import Testing

/// A terminal of the test's own, as a user's shell would have it.
private final class Terminal {
  let master: Descriptor
  let slavePath: String
  private(set) var seen = ""

  init() throws {
    master = Descriptor(owning: posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    guard grantpt(master.raw) == 0, unlockpt(master.raw) == 0, let name = ptsname(master.raw) else {
      throw TestFailure("there is no terminal")
    }
    slavePath = String(cString: name)
  }

  /// Reads until `text` has come.
  func expect(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    try Terminal.read(master, into: &seen, until: text)
  }

  func type(_ text: String) throws { try master.writeAll(text) }

  static func read(_ master: Descriptor, into seen: inout String, until text: String) throws {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !seen.contains(text) {
      guard try master.waitUntilReadable(milliseconds: 30_000) else {
        throw TestFailure("\"\(text)\" did not come; there was \"\(seen)\"")
      }
      let count = try syscallCount("read") { Glibc.read(master.raw, &buffer, 4096) }
      seen += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}

@Suite("terminals") struct TerminalTests {
  @Test("run under a terminal: keys go in, what it writes comes out, Ctrl-C is the container's")
  func foreground() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.args = [
        "sh", "-c", "tty; trap 'echo interrupted; exit 5' INT; read x; echo got $x; while :; do sleep 0.01; done",
      ]
      try monitor.writeBundle()
      let terminal = try Terminal()
      let program = try monitor.start(
        ["run", "--bundle", "\(monitor.folder)/bundle", "c"], input: .terminal(terminal.slavePath))
      try terminal.expect("/dev/pts/0\r\n")
      try terminal.type("hello\n")
      try terminal.expect("got hello\r\n")
      try terminal.type("\u{3}")
      try terminal.expect("interrupted\r\n")
      #expect(try program.wait().code == 5)
      try monitor.expectNothingLeft()
    }
  }

  @Test("the window's size is ours from the start, and follows")
  func windowSize() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.args = [
        "sh", "-c", "stty size; trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done",
      ]
      try monitor.writeBundle()
      let terminal = try Terminal()
      try terminal.master.setWindowSize(WindowSize(rows: 33, columns: 77))
      let program = try monitor.start(
        ["run", "--bundle", "\(monitor.folder)/bundle", "c"], input: .terminal(terminal.slavePath))
      try terminal.expect("33 77\r\nready\r\n")
      try terminal.master.setWindowSize(WindowSize(rows: 44, columns: 88))
      try terminal.expect("44 88\r\n")
      #expect(try program.wait().code == 0)
    }
  }

  @Test("our own terminal has its mode back afterwards")
  func mode() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.args = ["true"]
      try monitor.writeBundle()
      let terminal = try Terminal()
      let keep = try open(terminal.slavePath, O_RDWR | O_NOCTTY)
      var before = termios()
      var after = termios()
      tcgetattr(keep.raw, &before)
      let program = try monitor.start(
        ["run", "--bundle", "\(monitor.folder)/bundle", "c"], input: .terminal(terminal.slavePath))
      #expect(try program.wait().code == 0)
      tcgetattr(keep.raw, &after)
      #expect(before.c_lflag == after.c_lflag)
      #expect(before.c_oflag == after.c_oflag)
    }
  }

  @Test("it is the console and the controlling terminal, of the user's")
  func console() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.user = RuntimeSpec.User(uid: 1000, gid: 1000)
      let outcome = try monitor.script(
        "echo x >/dev/tty; stat -c '%u %a' /dev/pts/0; stat -c '%t' /dev/console; id -u >/dev/console")
      #expect(outcome.text == "x\r\n1000 620\r\n88\r\n1000\r\n")
    }
  }

  @Test("what was written before the end comes to the last byte")
  func drained() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      let outcome = try monitor.run(["seq", "20000"])
      #expect(outcome.lines.count == 20000)
      #expect(outcome.lines.last == "20000\r")
    }
  }

  @Test("input that the process is slow to read does not stop its output")
  func busyBothWays() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      // More than a terminal holds, in lines that it echoes, while the process writes more than it holds, too.
      let line = String(repeating: "x", count: 63) + "\n"
      let outcome = try monitor.script(
        "stty -echo; seq 5000; head -n 3000 | wc -l",
        input: .bytes(Array(String(repeating: line, count: 3000).utf8)))
      #expect(outcome.lines.last == "3000\r")
      #expect(outcome.lines.contains("5000\r"))
    }
  }

  @Test("--console-socket gets the terminal, and it is the container's")
  func consoleSocket() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.consoleSize = RuntimeSpec.ConsoleSize(height: 11, width: 22)
      monitor.spec.process?.args = ["sh", "-c", "stty size; read x; echo got $x"]
      try monitor.writeBundle()
      let listener = try listen(on: "console.sock", in: try open(monitor.folder, O_RDONLY | O_DIRECTORY))
      try monitor.require(
        "create", "--bundle", "\(monitor.folder)/bundle", "--console-socket", "\(monitor.folder)/console.sock", "c")
      let connection = try listener.accept()
      var name = [UInt8](repeating: 0, count: 64)
      let (count, descriptors) = try name.withUnsafeMutableBytes { try connection.receive(into: $0) }
      #expect(String(decoding: name[..<count], as: UTF8.self) == "/dev/ptmx")
      let master = try #require(descriptors.first)
      try monitor.require("start", "c")
      var seen = ""
      try Terminal.read(master, into: &seen, until: "11 22\r\n")
      try master.writeAll("hello\n")
      try Terminal.read(master, into: &seen, until: "got hello\r\n")
      try monitor.waitUntilStopped()
    }
  }

  @Test("a terminal without anybody to get it is refused", arguments: ["create", "run -d"])
  func nobody(verb: String) throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.args = ["true"]
      try monitor.writeBundle()
      let words = verb.split(separator: " ").map(String.init) + ["--bundle", "\(monitor.folder)/bundle", "c"]
      let outcome = try monitor.start(words).wait()
      #expect(outcome.errors == "skiff-monitor: a detached process with a terminal needs --console-socket\n")
      try monitor.expectNothingLeft()
    }
  }

  @Test("a console socket that is not there ends the creation, and nothing is left")
  func missingSocket() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.terminal = true
      monitor.spec.process?.args = ["true"]
      try monitor.writeBundle()
      let outcome = try monitor.call(
        "create", "--bundle", "\(monitor.folder)/bundle", "--console-socket", "\(monitor.folder)/none", "c")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("cannot send the terminal to \"\(monitor.folder)/none\""), "\(outcome)")
      try monitor.expectNothingLeft()
    }
  }

  @Test("exec -t: a terminal of the container's own /dev/pts")
  func exec() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle()
      let terminal = try Terminal()
      try terminal.master.setWindowSize(WindowSize(rows: 12, columns: 34))
      let program = try monitor.start(
        ["exec", "-t", "c", "sh", "-c", "tty; ls -l /dev/pts/0 | cut -c 1; stty size; read x; exit $x"],
        input: .terminal(terminal.slavePath))
      try terminal.expect("/dev/pts/0\r\nc\r\n12 34\r\n")
      try terminal.type("6\n")
      #expect(try program.wait().code == 6)
    }
  }
}

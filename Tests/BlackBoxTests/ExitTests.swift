import Glibc
import Linux
import OCI
import Testing

@Suite("run: how it ends") struct ExitTests {
  @Test("the exit code is the command's", arguments: [0, 7, 255])
  func exitCode(code: Int32) throws {
    try withMonitor { monitor throws in #expect(try monitor.script("exit \(code)").code == code) }
  }

  @Test("a process that is killed ends with 128 and the signal")
  func signalled() throws {
    // Of pid 1 the kernel keeps the signals that it sends itself; its child it does not.
    try withMonitor { monitor throws in #expect(try monitor.script("sh -c 'kill -KILL $$'; exit $?").code == 137) }
  }

  @Test("signals to the monitor reach the process")
  func passesSignals() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.args = [
        "sh", "-c", "trap 'echo got it; exit 3' TERM; echo ready; while :; do sleep 0.01; done",
      ]
      try monitor.writeBundle()
      let program = try monitor.start(["run", "--bundle", "\(monitor.folder)/bundle", "c"])
      _ = try eventually("the script is ready") { try program.outputSoFar() == "ready\n" ? true : nil }
      try program.send(SIGTERM)
      let outcome = try program.wait()
      #expect(outcome.text == "ready\ngot it\n")
      #expect(outcome.code == 3)
      try monitor.expectNothingLeft()
    }
  }

  @Test("a command that is nowhere in PATH is 127")
  func notFound() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.run(["nope"])
      #expect(outcome.code == 127)
      #expect(outcome.errors == "skiff-monitor: exec: \"nope\": executable file not found in $PATH\n")
    }
  }

  @Test("a path that is not there is 127")
  func pathNotFound() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.run(["/bin/nope"])
      #expect(outcome.code == 127)
      #expect(outcome.errors == "skiff-monitor: exec: \"/bin/nope\": stat /bin/nope: no such file or directory\n")
    }
  }

  @Test("a directory is 126")
  func directory() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.run(["/etc"])
      #expect(outcome.code == 126)
      #expect(outcome.errors == "skiff-monitor: exec: \"/etc\": is a directory\n")
    }
  }

  @Test("a file without the execute bit is 126, by path and by name", arguments: ["/bin/data", "data"])
  func notExecutable(command: String) throws {
    try withMonitor { monitor throws in
      try replaceFile("\(monitor.rootfs)/bin/data", [], mode: 0o644)
      let outcome = try monitor.run([command])
      #expect(outcome.code == 126)
      #expect(outcome.errors == "skiff-monitor: exec: \"\(command)\": permission denied\n")
    }
  }

  @Test("a file that is no program is 126")
  func noProgram() throws {
    try withMonitor { monitor throws in
      try replaceFile("\(monitor.rootfs)/bin/data", Array("\u{7f}nonsense".utf8), mode: 0o755)
      let outcome = try monitor.run(["data"])
      #expect(outcome.code == 126)
      #expect(outcome.errors == "skiff-monitor: exec: \"data\": exec format error\n")
    }
  }

  @Test("a script without its interpreter is 127, and the text says what is missing")
  func missingInterpreter() throws {
    try withMonitor { monitor throws in
      try replaceFile("\(monitor.rootfs)/bin/script", Array("#!/bin/none\n".utf8), mode: 0o755)
      let outcome = try monitor.run(["script"])
      #expect(outcome.code == 127)
      #expect(
        outcome.errors
          == "skiff-monitor: exec: \"script\": no such file or directory (its interpreter or loader is not in the image)\n"
      )
    }
  }

  @Test("no command at all is an error")
  func noCommand() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.run([])
      #expect(outcome.code == 1)
      #expect(outcome.errors == "skiff-monitor: no command specified: process.args is empty\n")
    }
  }

  @Test("HOME comes from the image's passwd, and of two entries of one name the last counts")
  func environment() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.user.uid = 1000
      monitor.spec.process?.env = ["A=1", "PATH=/bin", "A=2"]
      #expect(try monitor.run(["env"]).lines == ["A=2", "PATH=/bin", "HOME=/home/ada"])
    }
  }

  @Test("a HOME of the spec stays")
  func ownHome() throws {
    try withMonitor { monitor throws in
      monitor.spec.process?.env = ["PATH=/bin", "HOME=/elsewhere"]
      #expect(try monitor.run(["env"]).lines == ["PATH=/bin", "HOME=/elsewhere"])
    }
  }

  @Test("standard input, output and errors arrive apart")
  func streams() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.script("cat; echo oops >&2", input: .bytes(Array("in\n".utf8)))
      #expect(outcome.text == "in\n")
      #expect(outcome.errors == "oops\n")
    }
  }

  @Test("20 MB of binary data go through byte by byte")
  func manyBytes() throws {
    try withMonitor { monitor throws in
      var state: UInt32 = 1
      let bytes = (0..<20_000_000).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
      }
      let outcome = try monitor.run(["cat"], input: .bytes(bytes))
      #expect(outcome.code == 0)
      #expect(outcome.output == bytes)
    }
  }
}

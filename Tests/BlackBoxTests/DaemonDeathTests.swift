import Glibc
import Linux
import Testing

/// What a daemon's death does to those who were connected, and to what it was asked to do later: nothing.
@Suite("the death of the daemon") struct DaemonDeathTests {
  @Test("stdin stays open, and skiff run -i goes on with what comes next")
  func inputGoesOn() throws {
    try Engine.with { engine throws in
      let (client, input) = try engine.beginEcho("skiff run -i --name web busybox cat", first: "before\n")
      try engine.killAndRestart()
      try input.writeAll("after\n")
      try engine.waitFor("before\nafter\n", from: client)
      input.closeNow()
      #expect(try client.wait() == Outcome(code: 0, output: Array("before\nafter\n".utf8), errors: ""))
    }
  }

  @Test("stdin stays open for the stock client too: it ends, and another goes on")
  func inputStaysOpen() throws {
    try Engine.with { engine throws in
      let (client, input) = try engine.beginEcho("exec docker run -i --name web busybox cat", first: "before\n")
      try engine.killAndRestart()
      // It waits for its own input before it says that the engine is gone.
      input.closeNow()
      _ = try client.wait()
      #expect(try engine.docker("inspect -f '{{.State.Running}}' web") == "true\n")
      #expect(try engine.docker("attach web", input: "after\n") == "after\n")
      #expect(try engine.docker("wait web") == "0\n")
      #expect(try engine.docker("logs web") == "before\nafter\n")
    }
  }

  @Test("an orderly end of the daemon ends no stdin either")
  func inputOutlivesShutdown() throws {
    try Engine.with { engine throws in
      let (client, input) = try engine.beginEcho("exec docker run -i --name web busybox cat", first: "before\n")
      try engine.stop()
      try engine.start()
      #expect(try engine.docker("inspect -f '{{.State.Running}}' web") == "true\n")
      input.closeNow()
      _ = try client.wait()
      _ = try engine.docker("rm -f web")
    }
  }

  @Test("a client that leaves while the daemon lives ends the stdin that was made for it")
  func clientLeaves() throws {
    try Engine.with { engine throws in
      let (client, input) = try engine.beginEcho("exec docker run -i --name web busybox cat", first: "hello\n")
      try client.send(SIGKILL)
      _ = try client.wait()
      #expect(try engine.docker("wait web") == "0\n")
      input.closeNow()
    }
  }

  @Test("a client that leaves ends no stdin that was not made for it")
  func visitorLeaves() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -di --name web busybox cat")
      var visitors: [Program] = []
      for text in ["one\n", "two\n", "three\n"] {
        let pipe = try engine.pipe("input\(visitors.count)")
        let visitor = try engine.begin("exec docker attach web < \(pipe.path)")
        let input = try pipe.writer()
        try input.writeAll(text)
        _ = try eventually("the process answers") { () -> Bool? in
          try visitor.outputSoFar().contains(text) ? true : nil
        }
        // The first one ends its input, the second one is gone without a word.
        if visitors.count == 1 { try visitor.send(SIGKILL) }
        input.closeNow()
        visitors.append(visitor)
      }
      #expect(try engine.docker("inspect -f '{{.State.Running}}' web") == "true\n")
      _ = try engine.docker("kill web")
      for visitor in visitors { _ = try visitor.wait() }
      #expect(try engine.docker("logs web") == "one\ntwo\nthree\n")
    }
  }

  @Test("--rm: who ran it gets its last words and its exit code from the next daemon, and then it is gone")
  func removesItself() throws {
    try Engine.with { engine throws in
      let pipe = try engine.pipe("gate")
      let script = "echo first; cat /t/gate; echo last; exit 6"
      let client = try engine.begin("skiff run --rm -v $PWD:/t busybox sh -c '\(script)'")
      try engine.waitFor("first\n", from: client)
      try engine.kill()
      try pipe.writer().closeNow()
      try engine.waitUntilNoTaskRuns()
      try engine.start()
      #expect(try client.wait() == Outcome(code: 6, output: Array("first\nlast\n".utf8), errors: ""))
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test("logs -f ends with the container, also when that says nothing more, and in the next daemon")
  func followerEnds() throws {
    try Engine.with { engine throws in
      let pipe = try engine.pipe("gate")
      _ = try engine.docker("run -d --name web -v $PWD:/t busybox sh -c 'echo first; cat /t/gate'")
      let gate = try pipe.writer()
      let before = try engine.begin("docker logs -f web")
      try engine.waitFor("first\n", from: before)
      try engine.killAndRestart()
      let after = try engine.begin("docker logs -f web")
      try engine.waitFor("first\n", from: after)
      gate.closeNow()
      #expect(try after.wait() == Outcome(code: 0, output: Array("first\n".utf8), errors: ""))
      _ = try before.wait()
    }
  }
}

extension Engine {
  /// Begins `command`, which gives back its input, and waits until `first` has come back.
  fileprivate func beginEcho(_ command: String, first: String) throws -> (client: Program, input: PipeWriter) {
    let pipe = try pipe("input")
    let client = try begin("\(command) < input")
    let input = try pipe.writer()
    try input.writeAll(first)
    try waitFor(first, from: client)
    return (client, input)
  }
}

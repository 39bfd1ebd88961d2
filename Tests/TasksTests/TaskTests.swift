import Glibc
import Linux
import MonitorProtocol
import Testing

@testable import Tasks

@Suite("Tasks") struct TaskTests {
  @Test("a task's end is reported, written down, and found again")
  func exits() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sh", "-c", "echo out; echo err >&2; exit 7"])
      let end = try await fixture.end(of: task.connection)
      #expect(end.outcome == .exited(code: 7))
      #expect(end.stdoutBytes == 4 && end.stderrBytes == 4)
      guard case .ended(let found) = try await fixture.adopt(task) else { throw TaskError.lost }
      #expect(found == end)
      #expect(try fixture.logged().contains("{\"log\":\"out\\n\",\"stream\":\"stdout\",\"time\":"))
    }
  }

  @Test("a program that is not there is refused with Docker's words, and leaves nothing")
  func notFound() async throws {
    try await Fixture.with { fixture in
      let refusal = TaskError.refused(Failure(kind: 3, text: "exec: \"nope\": executable file not found in $PATH"))
      await #expect(throws: refusal) { try await fixture.launch(["nope"]) }
    }
  }

  @Test("the user is resolved in the image, has its home, and may open its own streams again")
  func user() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sh", "-c", "id; echo $HOME; echo x > /proc/self/fd/2"], user: "app")
      #expect(try await fixture.end(of: task.connection).outcome == .exited(code: 0))
      let log = try fixture.logged()
      #expect(log.contains("uid=1000(app) gid=1001"))
      #expect(log.contains("/home/app"))
    }
  }

  @Test("a client that was attached before the start misses nothing")
  func losslessAttach() async throws {
    try await Fixture.with { fixture in
      var pair = Optional(try socketPair())
      var client = ClientConnection(try #require(pair?.0))
      let streams: StreamSet = [.stdout, .stderr]
      let task = try await fixture.launch(
        ["sh", "-c", "yes 0123456789abcdef | head -c 20000000"], attach: pair.map { ($0.1, streams) })
      pair = nil
      var received: [UInt8] = []
      while let reply = try client.receive() {
        if case .stdout(let bytes) = reply { received += bytes }
      }
      #expect(received.count == 20_000_000)
      #expect(received.prefix(17) == Array("0123456789abcdef\n".utf8)[...])
      #expect(try await fixture.end(of: task.connection).stdoutBytes == 20_000_000)
    }
  }

  @Test("input arrives, and its end is a message, not a lost connection")
  func input() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["cat"], input: .open)
      for (text, position) in [("hello\n", 0), ("again\n", 6)] {
        // A client of its own each time: the one before is lost without a word.
        var client = try attach(to: task, in: fixture)
        #expect(try client.receive() == .attached(StreamPositions(stdout: UInt64(position), stderr: 0)))
        try client.send(.input(Array(text.utf8)))
        #expect(try client.receive() == .stdout(Array(text.utf8)))
      }
      let last = try attach(to: task, in: fixture)
      try last.send(.closeInput)
      #expect(try await fixture.end(of: task.connection).outcome == .exited(code: 0))
    }
  }

  @Test("a task outlives the connection of its daemon, and the next daemon finds it")
  func adopted() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sleep", "1000"])
      _ = shutdown(task.connection.socket.raw, Int32(SHUT_RDWR))
      guard case .running(let found, let connection) = try await fixture.adopt(task) else { throw TaskError.lost }
      #expect(found == task.started)
      try await connection.perform(.signal(SIGKILL, toAll: true))
      #expect(try await fixture.end(of: connection).outcome == .signaled(9))
    }
  }

  @Test("a task whose monitor was killed is lost")
  func monitorKilled() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sleep", "1000"])
      let monitor = try ProcessStat(pid: task.started.pid).parent
      _ = kill(task.started.pid, SIGKILL)
      _ = kill(monitor, SIGKILL)
      for await event in task.connection.events where event == .lost { break }
      // The record may have been written just before.
      let found = try await fixture.adopt(task)
      if case .running = found { Issue.record("a dead task was found running") }
      fixture.removeCgroup(of: task)
    }
  }

  @Test("pause freezes and resume thaws; a terminal takes a size")
  func orders() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sleep", "1000"], terminal: true)
      for order in [MonitorRequest.pause, .resume, .resize(rows: 33, columns: 99), .signal(SIGKILL, toAll: false)] {
        try await task.connection.perform(order)
      }
      #expect(try await fixture.end(of: task.connection).outcome == .signaled(9))
    }
  }

  @Test("an order that cannot be carried out is refused, and the task goes on")
  func refusedOrder() async throws {
    try await Fixture.with { fixture in
      let task = try await fixture.launch(["sleep", "1000"])
      let refusal = TaskError.refused(Failure(kind: 6, text: "the process has no terminal"))
      await #expect(throws: refusal) { try await task.connection.perform(.resize(rows: 1, columns: 1)) }
      try await task.connection.perform(.signal(SIGKILL, toAll: false))
      #expect(try await fixture.end(of: task.connection).outcome == .signaled(9))
    }
  }

  private func attach(to task: Fixture.Launched, in fixture: Fixture) throws -> ClientConnection {
    var client = ClientConnection(try fixture.tasks.connectToAttach(container: "container", launch: task.id))
    _ = try client.greet()
    try client.send(.attach([.stdin, .stdout]))
    return client
  }
}

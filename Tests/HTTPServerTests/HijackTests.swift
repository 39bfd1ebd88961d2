import Glibc
import HTTPServer
import Linux
import Testing

@Suite("Hijacked connections", .timeLimit(.minutes(2))) struct HijackTests {
  @Test(
    "the head is word for word Docker's",
    arguments: [
      ("", "Connection: Upgrade\r\nUpgrade: tcp\r\n", "101 UPGRADED", "multiplexed-stream"),
      ("/v1.42", "Connection: Upgrade\r\nUpgrade: tcp\r\n", "101 UPGRADED", "multiplexed-stream"),
      ("/v1.41", "Connection: Upgrade\r\nUpgrade: tcp\r\n", "101 UPGRADED", "raw-stream"),
      ("", "", "200 OK", "raw-stream"),
    ])
  func heads(prefix: String, fields: String, status: String, type: String) async throws {
    try await Fixture.serve([echo]) { fixture async throws in
      let answer = try await fixture.exchange(
        "POST \(prefix)/echo HTTP/1.1\r\nHost: x\r\n\(fields)\r\n", endsInput: true)
      let upgrade = fields.isEmpty ? "" : "Connection: Upgrade\r\nUpgrade: tcp\r\n"
      #expect(
        answer
          == "HTTP/1.1 \(status)\r\nContent-Type: application/vnd.docker.\(type)\r\n\(upgrade)Api-Version: 1.51\r\n"
          + "Docker-Experimental: false\r\nOstype: linux\r\nServer: Skiff/test (linux)\r\n\r\n")
    }
  }

  @Test("bytes sent with the head are the first of the stream, even when nothing follows", arguments: [true, false])
  func earlyData(upgrades: Bool) async throws {
    let fields = upgrades ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : ""
    try await Fixture.serve([echo]) { fixture async throws in
      let answer = try await fixture.exchange(
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\(fields)\r\n{}early\r\n\r\nGET / x", endsInput: true)
      #expect(answer.hasSuffix("\r\n\r\nearly\r\n\r\nGET / x"))
    }
  }

  @Test("it can be the second request of a connection")
  func secondRequest() async throws {
    let ping = Route(.get, "/_ping", access: .read) { _ in .bytes([79, 75], contentType: "text/plain") }
    try await Fixture.serve([echo, ping]) { fixture async throws in
      let answer = try await fixture.exchange(
        "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\n\r\nabc", endsInput: true)
      #expect(answer.contains("\r\n\r\nOKHTTP/1.1 200 OK\r\n"))
      #expect(answer.hasSuffix("\r\n\r\nabc"))
    }
  }

  @Test("either direction ends by itself")
  func halfClose() async throws {
    let events = Events()
    let route = Route(.post, "/half", access: .operate) { _ in
      .hijack(.raw) { stream in
        try await stream.write(Array("mine".utf8))
        try await stream.endOutput()
        var input: [UInt8] = []
        while let piece = try await stream.read() { input += piece }
        events.say(String(decoding: input, as: UTF8.self))
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /half HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receiveToEnd().hasSuffix("\r\n\r\nmine"))
      await client.send("yours")
      try client.endInput()
      #expect(await events.next() == "yours")
    }
  }

  @Test("a client that vanishes is not the end of its input")
  func vanishes() async throws {
    let events = Events()
    let route = Route(.post, "/attach", access: .operate) { _ in
      .hijack(.raw) { stream in
        events.say("attached")
        do {
          while try await stream.read() != nil {}
          events.say("end of input")
        } catch { events.say("\(error)") }
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      do {
        let client = try fixture.connect()
        await client.send("POST /attach HTTP/1.1\r\nHost: x\r\n\r\nabc")
        #expect(await events.next() == "attached")
      }
      #expect(await events.next() == "the client went away")
    }
  }

  @Test("a read that is given up loses nothing")
  func cancelledRead() async throws {
    let route = Route(.post, "/twice", access: .operate) { _ in
      .hijack(.raw) { stream in
        let first = Task { try await stream.read() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await stream.write(Array("ready".utf8))
        try await stream.write(stream.read() ?? [])
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /twice HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\nready").hasSuffix("\r\n\r\nready"))
      await client.send("abc")
      #expect(try await client.receiveToEnd() == "abc")
    }
  }

  @Test("the client gets the last bytes although it has sent what nobody reads")
  func lingering() async throws {
    let route = Route(.post, "/exits", access: .operate) { _ in
      .hijack(.raw) { stream in try await stream.write([UInt8](repeating: 7, count: 100_000)) }
    }
    try await Fixture.serve([route]) { fixture async throws in
      for _ in 0..<20 {
        let client = try fixture.connect()
        await client.send("POST /exits HTTP/1.1\r\nHost: x\r\n\r\n" + String(repeating: "unread", count: 20_000))
        #expect(try await client.receiveToEnd().utf8.suffix(100_000).allSatisfy { $0 == 7 })
      }
    }
  }

  @Test("50 MB come back identical, through a handler and through a splice", arguments: ["/echo", "/splice"])
  func bigEcho(path: String) async throws {
    let (near, far) = try socketPair()
    let splice = Route(.post, "/splice", access: .operate) { _ in
      .hijack(.raw) { stream in try await stream.splice(with: near) }
    }
    try await Fixture.serve([echo, splice]) { fixture async throws in
      let total = 50 << 20
      async let echoed: Void = path == "/splice" ? echoToEnd(far) : ()
      let client = try fixture.connect()
      await client.send("POST \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 OK\r\n"))
      async let sent: Void = {
        var random = SplitMix(1)
        for _ in 0..<(total / 65536) { await client.send(random.bytes(65536)) }
        try client.endInput()
      }()
      var random = SplitMix(1)
      var isIdentical = true
      for _ in 0..<(total / 65536) {
        let piece = try await client.receive(exactly: 65536)
        isIdentical = isIdentical && piece == random.bytes(65536)
      }
      #expect(isIdentical)
      #expect(try await client.receiveToEnd() == "")
      try await sent
      try await echoed
    }
  }

  /// What comes from the client goes back to it, and the end too.
  private let echo = Route(.post, "/echo", access: .operate) { request in
    _ = try await request.body.collect()
    return .hijack(.multiplexed) { stream in while let piece = try await stream.read() { try await stream.write(piece) }
    }
  }
}

/// Sends back what comes until the end, then ends its direction.
private func echoToEnd(_ socket: Descriptor) async throws {
  let client = try Client(socket)
  while case let piece = try await client.receive(), !piece.isEmpty { await client.send(piece) }
  try client.endInput()
}

extension SplitMix {
  mutating func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: UInt64.self) { words in
        for index in words.indices { words[index] = next() }
      }
      filled = count
    }
  }
}

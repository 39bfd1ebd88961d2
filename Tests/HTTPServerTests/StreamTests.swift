import DockerWire
import Glibc
import HTTPServer
import Synchronization
import Testing

@Suite("Bodies and streams", .timeLimit(.minutes(2))) struct StreamTests {
  @Test("an upload by curl arrives byte by byte, chunked or with its length")
  func uploads() async throws {
    let count = 50 << 20
    try await Fixture.serve([digest]) { fixture async throws in
      let curl = "head -c \(count) /dev/zero | curl -sS --unix-socket \(fixture.socketPath)"
      let expected = "\(count) \(Checksum.of(zeros: count))"
      #expect(try await shell("\(curl) -T - -X POST http://x/digest") == expected)
      #expect(try await shell("\(curl) -X POST --data-binary @- http://x/digest") == expected)
    }
  }

  @Test("100 Continue is sent when the handler asks for the body, and not when it refuses")
  func expectContinue() async throws {
    let refuse = Route(.post, "/refuse", access: .operate) { _ in throw APIError(.conflict, "no") }
    try await Fixture.serve([digest, refuse]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /digest HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      await client.send("\0\0")
      #expect(try await client.receiveResponse().body == "2 \(Checksum.of(zeros: 2))")
      await client.send("POST /refuse HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      // The body will not come, or will it? Nothing after this could be understood.
      let answer = try await client.receiveToEnd()
      #expect(answer.hasPrefix("HTTP/1.1 409 Conflict\r\n"))
      #expect(answer.contains("Connection: close\r\n"))
    }
  }

  @Test(
    "a JSON body is read as Docker reads it",
    arguments: [
      ("application/json; charset=utf-8", #"{"Name":"a","Odd":1}"#, #"200 a ["Odd"]"#),
      ("application/json", "{", #"400 {"message":"invalid JSON: unexpected EOF"}"#),
      ("application/json", "", #"400 {"message":"invalid JSON: got EOF while reading request body"}"#),
      (
        "text/plain", "{}",
        #"400 {"message":"unsupported Content-Type header (text/plain): must be 'application/json'"}"#
      ),
      ("", "{}", #"400 {"message":"malformed Content-Type header (): mime: no media type"}"#),
    ])
  func json(type: String, body: String, expected: String) async throws {
    let route = Route(.post, "/volumes/create", access: .operate) { request in
      let decoded = try await request.json(VolumeCreateRequest.self)
      return .bytes(Array("\(decoded.value.name) \(decoded.unknown)\n".utf8), contentType: "text/plain")
    }
    try await Fixture.serve([route]) { fixture async throws in
      let client = try fixture.connect()
      let field = type.isEmpty ? "" : "Content-Type: \(type)\r\n"
      await client.send(
        "POST /volumes/create HTTP/1.1\r\nHost: x\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      let (head, answer) = try await client.receiveResponse()
      #expect("\(head.dropFirst(9).prefix(3)) \(answer)" == "\(expected)\n")
    }
  }

  @Test("a body that the handler does not read stays in the client")
  func uploadBackPressure() async throws {
    let events = Events()
    try await Fixture.serve([events.hang(.post)]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /hang HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
      #expect(await events.next() == "hanging")
      let piece = [UInt8](repeating: 0, count: 65536)
      var accepted = 0
      while accepted < 10 << 20, case let count = await client.sendSome(piece, patienceMilliseconds: 200), count > 0 {
        accepted += count
      }
      #expect(accepted < 2 << 20)
    }
  }

  @Test("a client that cuts its upload short is gone, not at the end")
  func cutUpload() async throws {
    let events = Events()
    let route = Route(.post, "/upload", access: .operate) { request in
      do { while try await request.body.read() != nil {} } catch { events.say("\(error)") }
      throw APIError(.invalidArgument, "cut")
    }
    try await Fixture.serve([route]) { fixture async throws in
      for request in ["Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"] {
        let answer = try await fixture.exchange("POST /upload HTTP/1.1\r\nHost: x\r\n\(request)", endsInput: true)
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(await events.next() == "the client went away")
      }
    }
  }

  @Test("a slow reader slows the handler: what waits for it is bounded")
  func slowReader() async throws {
    let total = 64 << 20
    let written = Atomic(0)
    let route = Route(.get, "/big", access: .read) { _ in
      .stream(contentType: "application/x-tar") { writer in
        let piece = [UInt8](repeating: 7, count: 65536)
        for _ in 0..<(total / piece.count) {
          try await writer.write(piece)
          written.add(piece.count, ordering: .relaxed)
        }
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      var received = 0
      while case let piece = try await client.receive(), !piece.isEmpty {
        received += piece.count
        // The socket's buffer, and one piece that is being written.
        #expect(written.load(ordering: .relaxed) - received < 1 << 20)
      }
      #expect(received > total)
    }
  }

  @Test("a stream's head comes before its first byte, and its end is marked")
  func headFirst() async throws {
    let events = Events()
    let route = Route(.post, "/wait", access: .read) { _ in
      .stream(contentType: "application/json") { writer in
        #expect(await events.nextAnswer() == "head seen")
        try await writer.write(Array("{}\n".utf8))
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /wait HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n").contains("Transfer-Encoding: chunked\r\n"))
      events.answer("head seen")
      #expect(try await client.receive(exactly: 13) == Array("3\r\n{}\n\r\n0\r\n\r\n".utf8))
      // And the connection goes on.
      await client.send("POST /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      events.answer("head seen")
      #expect(try await client.receiveToEnd().hasSuffix("\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n"))
    }
  }

  @Test("a stream that fails ends without its final chunk")
  func failingStream() async throws {
    let route = Route(.get, "/fails", access: .read) { _ in
      .stream(contentType: "text/plain") { writer in
        try await writer.write(Array("abc".utf8))
        throw APIError(.internalError, "disk full")
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      #expect(try await fixture.exchange("GET /fails HTTP/1.1\r\nHost: x\r\n\r\n").hasSuffix("\r\n\r\n3\r\nabc\r\n"))
      let curl = try await shell("curl -s --unix-socket \(fixture.socketPath) http://x/fails")
      #expect(curl == "abc[status 18]")
    }
  }

  @Test("when the client disappears its handler is cancelled", arguments: [true, false])
  func cancellation(isLocal: Bool) async throws {
    let events = Events()
    try await Fixture.serve([events.hang(.get)]) { fixture async throws in
      let port = try #require(try await fixture.server.listen(on: .loopback(port: 0)))
      do {
        let client = try isLocal ? fixture.connect() : .loopback(port: port)
        await client.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await events.next() == "hanging")
      }
      #expect(await events.next() == "cancelled")
    }
  }

  @Test("when the client disappears a handler that streams fails in its next write")
  func cancelledStream() async throws {
    let events = Events()
    let route = Route(.get, "/endless", access: .read) { _ in
      .stream(contentType: "text/plain") { writer in
        do { while true { try await writer.write([UInt8](repeating: 10, count: 1000)) } } catch {
          events.say("\(error)")
        }
      }
    }
    try await Fixture.serve([route]) { fixture async throws in
      do {
        let client = try fixture.connect()
        await client.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try await client.receive(exactly: 100_000)
      }
      #expect(await events.next() == "the client went away")
    }
  }

  private let digest = Route(.post, "/digest", access: .operate) { request in
    var count = 0
    var checksum = Checksum()
    while let piece = try await request.body.read() {
      count += piece.count
      checksum.add(piece)
    }
    return .bytes(Array("\(count) \(checksum.value)".utf8), contentType: "text/plain")
  }
}

/// FNV-1a over 8 bytes at a time where it can: cheap enough for megabytes in a debug build.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: [UInt8]) {
    var sum = value
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    value = sum
  }

  static func of(zeros count: Int) -> UInt64 {
    var checksum = Checksum()
    checksum.add([UInt8](repeating: 0, count: count))
    return checksum.value
  }
}

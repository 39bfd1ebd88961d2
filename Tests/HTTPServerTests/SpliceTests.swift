import Glibc
import HTTPServer
import Linux
import Testing

@Suite("Spliced connections", .timeLimit(.minutes(2))) struct SpliceTests {
  @Test("input goes through the filter, output as it is, and the end of input becomes what the filter says")
  func filter() async throws {
    try await Fixture.splice(Framing(detachOn: 0)) { client, far, _ async throws in
      await client.send("abc")
      #expect(try await far.receive(exactly: 7) == Array("early ;".utf8))
      #expect(try await far.receive(exactly: 4) == Array("abc;".utf8))
      await far.send("output")
      #expect(try await client.receive(exactly: 6) == Array("output".utf8))
      try client.endInput()
      #expect(try await far.receive(exactly: 4) == Array("END;".utf8))
      await far.send("tail")
      #expect(try await client.receive(exactly: 4) == Array("tail".utf8))
    }
  }

  @Test("without a filter the end of input ends the socket's input, and its end ends the client's")
  func ends() async throws {
    try await Fixture.splice(nil) { client, far, events async throws in
      try client.endInput()
      #expect(try await far.receiveToEnd() == "early ")
      await far.send("tail")
      try far.endInput()
      #expect(try await client.receiveToEnd() == "tail")
      #expect(await events.next() == "spliced")
    }
  }

  @Test("a client that vanishes sends no end of input")
  func clientVanishes() async throws {
    let events = Events()
    let (near, far) = try socketPair()
    let other = try Client(far)
    try await Fixture.serve([.splice(near, Framing(detachOn: 0), events)]) { fixture async throws in
      do {
        let client = try fixture.connect()
        await client.send("POST /splice HTTP/1.1\r\nHost: x\r\n\r\nabc")
        #expect(try await other.receive(exactly: 4) == Array("abc;".utf8))
      }
      #expect(await events.next() == "spliced")
      #expect(near.raw >= 0)
    }
    // The server's copy is closed, ours is the last.
    try near.endSending()
    #expect(try await other.receiveToEnd() == "")
  }

  @Test("a client that vanishes leaves what the filter says for it; the end of the server leaves nothing")
  func clientVanishesLoudly() async throws {
    let events = Events()
    let (near, far) = try socketPair()
    let other = try Client(far)
    try await Fixture.serve([.splice(near, Framing(detachOn: 0, lastWords: "GONE;"), events)]) { fixture async throws in
      do {
        let client = try fixture.connect()
        await client.send("POST /splice HTTP/1.1\r\nHost: x\r\n\r\nabc")
        #expect(try await other.receive(exactly: 4) == Array("abc;".utf8))
      }
      #expect(try await other.receive(exactly: 5) == Array("GONE;".utf8))
      #expect(await events.next() == "spliced")
    }

    let (near2, far2) = try socketPair()
    let other2 = try Client(far2)
    var client: Client?
    try await Fixture.serve([.splice(near2, Framing(detachOn: 0, lastWords: "GONE;"), events)]) {
      fixture async throws in
      client = try fixture.connect()
      await client?.send("POST /splice HTTP/1.1\r\nHost: x\r\n\r\nabc")
      #expect(try await other2.receive(exactly: 4) == Array("abc;".utf8))
    }
    try near2.endSending()
    #expect(try await other2.receiveToEnd() == "")
    withExtendedLifetime(client) {}
  }

  @Test("a socket that closes leaves the client its last bytes, then the end")
  func socketCloses() async throws {
    let events = Events()
    let pair = try socketPair()
    var far: Client? = try Client(pair.1)
    try await Fixture.serve([.splice(pair.0, Framing(detachOn: 0), events)]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /splice HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      await far?.send("last")
      try far?.endInput()
      far = nil
      #expect(try await client.receiveToEnd() == "last")
    }
  }

  @Test("the filter detaches: both sides end, after what was typed before")
  func detaches() async throws {
    try await Fixture.splice(Framing(detachOn: UInt8(ascii: "q"))) { client, far, events async throws in
      await client.send("a")
      #expect(try await far.receive(exactly: 9) == Array("early ;a;".utf8))
      await client.send("q")
      #expect(try await far.receiveToEnd() == "")
      #expect(try await client.receiveToEnd() == "")
      #expect(await events.next() == "spliced")
    }
  }

  @Test("a side that does not read stops the other: what waits is bounded")
  func backPressure() async throws {
    try await Fixture.splice(nil) { client, far, _ async throws in
      let piece = [UInt8](repeating: 1, count: 65536)
      for (from, to) in [(client, far), (far, client)] {
        var accepted = 0
        while accepted < 10 << 20, case let count = await from.sendSome(piece, patienceMilliseconds: 200), count > 0 {
          accepted += count
        }
        #expect(accepted < 2 << 20)
        let early = to === far ? 6 : 0
        #expect(try await to.receive(exactly: accepted + early).count == accepted + early)
      }
    }
  }
}

extension Fixture {
  /// Joins a client, which has sent "early " with its request, to one end of a socket pair, and gives both outer ends.
  fileprivate static func splice(
    _ filter: Framing?, _ body: (_ client: Client, _ far: Client, _ events: Events) async throws -> Void
  ) async throws {
    let events = Events()
    let (near, far) = try socketPair()
    try await serve([.splice(near, filter, events)]) { fixture async throws in
      let client = try fixture.connect()
      await client.send("POST /splice HTTP/1.1\r\nHost: x\r\n\r\nearly ")
      #expect(try await client.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
      try await body(client, try Client(far), events)
    }
  }
}

extension Route {
  fileprivate static func splice(_ socket: Descriptor, _ filter: Framing?, _ events: Events) -> Route {
    Route(.post, "/splice", access: .operate) { _ in
      .hijack(.raw) { stream in
        try await stream.splice(with: socket, input: filter)
        events.say("spliced")
      }
    }
  }
}

/// Puts a semicolon after each piece.
private struct Framing: InputFilter {
  let detachOn: UInt8
  var lastWords = ""

  mutating func pass(_ bytes: [UInt8]) -> [UInt8]? { bytes.contains(detachOn) ? nil : bytes + Array(";".utf8) }
  mutating func end() -> [UInt8]? { Array("END;".utf8) }
  mutating func vanish() -> [UInt8] { Array(lastWords.utf8) }
}

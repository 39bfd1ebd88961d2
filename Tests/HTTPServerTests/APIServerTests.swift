import Glibc
import HTTPServer
import Linux
import Synchronization
import Testing

@Suite("APIServer", .timeLimit(.minutes(2))) struct APIServerTests {
  @Test("an answer has Docker's headers")
  func headers() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let response = try await fixture.exchange("GET /v1.40/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(
        normal(response) == """
          HTTP/1.1 200 OK
          Content-Type: application/json
          Api-Version: 1.51
          Docker-Experimental: false
          Ostype: linux
          Server: Skiff/test (linux)
          Date: *
          Content-Length: 11
          Connection: close

          {"v":1.40}

          """)
    }
  }

  @Test("an error has Docker's body and the connection goes on")
  func errors() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let client = try fixture.connect()
      for (path, expected) in [
        ("/nothing", #"404 {"message":"page not found"}"#),
        ("/fail/notFound", #"404 {"message":"no such <thing>"}"#),
        ("/fail/conflict", #"409 {"message":"no such <thing>"}"#),
        ("/fail/unknown", #"500 {"message":"clientGone"}"#),
        ("/v1.99/version", #"400 {"message":"client version 1.99 is too new. Maximum supported API version is 1.51"}"#),
        ("/version", #"200 {"v":1.51}"#),
      ] {
        await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        let (head, body) = try await client.receiveResponse()
        #expect("\(head.dropFirst(9).prefix(3)) \(body)" == "\(expected)\n")
      }
    }
  }

  @Test("an API from before 1.24 gets its error as text, as from Docker")
  func tooOld() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let response = try await fixture.exchange("GET /v1.23/version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(response.contains("400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"))
      #expect(
        response.hasSuffix(
          "\r\n\r\nclient version 1.23 is too old. Minimum supported API version is 1.24, "
            + "please upgrade your client to a newer version\n"))
    }
  }

  @Test("statuses without a body have none, and HEAD has its length only")
  func bodiless() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let client = try fixture.connect()
      await client.send("GET /fail/notModified HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n").contains("Content-Length") == false)
      await client.send("HEAD /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receive(through: "\r\n\r\n").contains("Content-Length: 2\r\n"))
      await client.send("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.receiveResponse().body == "OK")
    }
  }

  @Test("pipelined requests are answered one after the other in their order")
  func pipelining() async throws {
    let count = 2000
    try await Fixture.serve(routes) { fixture async throws in
      let requests = (0..<count).map { "GET /echo/\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
      let response = try await fixture.exchange(requests, endsInput: true)
      let bodies = response.split(separator: "\r\n").filter { $0.hasPrefix("<") }.map { $0.prefix { $0 != ">" } + ">" }
      #expect(bodies.map(String.init) == (0..<count).map { "<\($0)>" })
    }
  }

  @Test("a pipeline of errors does not exhaust the stack")
  func pipelineOfErrors() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let requests = String(repeating: "GET /no HTTP/1.1\r\nHost: x\r\n\r\n", count: 5000)
      let client = try fixture.connect()
      async let sent: Void = {
        await client.send(requests)
        try client.endInput()
      }()
      let response = try await client.receiveToEnd()
      try await sent
      let answers = await offPool { response.split(separator: "\r\n\r\n").count }
      #expect(answers == 5001)
    }
  }

  @Test("HTTP/1.0 closes by itself and keeps the connection when asked")
  func oldProtocol() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      #expect(try await fixture.exchange("GET /_ping HTTP/1.0\r\n\r\n").hasPrefix("HTTP/1.0 200 OK\r\n"))
      let client = try fixture.connect()
      for _ in 0..<2 {
        await client.send("GET /_ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try await client.receiveResponse().head.contains("Connection: keep-alive\r\n"))
      }
      let stream = try await fixture.exchange("GET /stream/3 HTTP/1.0\r\n\r\n")
      #expect(stream.hasSuffix("\r\n\r\nline 0\nline 1\nline 2\n"))
    }
  }

  @Test(
    "hostile bytes get a clear answer and a closed connection",
    arguments: [
      ("GARBAGE\r\n\r\n", "400"), ("GET / HTTP/7.1\r\n\r\n", "505"), ("GET / HTTP/1.1\r\n\r\n", "400"),
      ("GET /" + String(repeating: "a", count: 200_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
      ("GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "b", count: 2_000_000) + "\r\n\r\n", "431"),
      ("GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: 200_000) + "\r\n", "431"),
      ("POST /json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
      ("POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n{", "413"),
    ])
  func hostile(text: String, status: String) async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let response = try await fixture.exchange(text)
      #expect(response.hasPrefix("HTTP/1.1 \(status) "))
      #expect(response.contains("\r\nConnection: close\r\n"))
      #expect(response.contains(#"{"message":""#))
    }
  }

  @Test("a JSON body that never ends is refused at its bound")
  func endlessBody() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let client = try fixture.connect()
      let chunk = "100000\r\n" + String(repeating: "a", count: 1 << 20) + "\r\n"
      async let sent: Void = {
        await client.send("POST /json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<100 { await client.send(chunk) }
      }()
      let response = try await client.receiveToEnd()
      await sent
      #expect(response.hasPrefix("HTTP/1.1 413 "))
    }
  }

  @Test("a head that is not complete in time is refused, an idle connection closed")
  func slowHead() async throws {
    let go = Events()
    try await Fixture.serve([wait(for: go)], { $0.headTimeoutSeconds = 1 }) { fixture async throws in
      // A request that is being answered is neither.
      let waiting = try fixture.connect()
      waiting.sendNow("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
      let slow = try fixture.connect()
      slow.sendNow("GET / HT")
      #expect(try await slow.receiveToEnd().hasPrefix("HTTP/1.1 408 "))
      #expect(try await fixture.exchange("") == "")
      go.answer("go")
      #expect(try await waiting.receiveResponse().body == "go")
    }
  }

  @Test("more connections than the bound are told so")
  func tooMany() async throws {
    try await Fixture.serve(routes, { $0.connectionsMax = 1 }) { fixture async throws in
      let first = try fixture.connect()
      await first.send("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await first.receiveResponse().body == "OK")
      #expect(try await fixture.exchange("").contains(#"503 Service Unavailable"#))
    }
  }

  @Test("a handler knows its caller")
  func peer() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let response = try await fixture.exchange("GET /who HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(response.hasSuffix("\r\n\r\nprocess(pid: \(getpid()), uid: \(getuid()), gid: \(getgid()))"))
    }
  }

  @Test("curl on loopback TCP is served, other addresses are refused")
  func loopback() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let port = try #require(try await fixture.server.listen(on: .loopback(port: 0)))
      #expect(try await shell("curl -sS http://127.0.0.1:\(port)/who") == "loopback")
      await #expect(throws: APIError.self) { try await fixture.server.listen(on: .loopback("0.0.0.0", port: 0)) }
    }
  }

  @Test("a socket that listens already is taken over")
  func activation() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let path = "\(fixture.directory)/handed"
      let listener = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 10)
      try await fixture.server.listen(on: .descriptor(listener.socket))
      #expect(try await shell("curl -sS --unix-socket \(path) http://x/_ping") == "OK")
      try listener.removeName()
    }
  }

  @Test("the stock client negotiates and shows the version")
  func stockClient() async throws {
    try await Fixture.serve(routes) { fixture async throws in
      let docker = "DOCKER_HOST=unix://\(fixture.socketPath) docker"
      #expect(
        try await shell("\(docker) version --format '{{.Server.Version}} {{.Client.APIVersion}}'") == "9.9 1.50\n")
    }
  }

  @Test("shutdown lets a request finish, closes idle connections, and cuts what takes too long")
  func shutdown() async throws {
    let (events, go) = (Events(), Events())
    try await Fixture.serve(routes + [events.hang(.get), wait(for: go)]) { fixture async throws in
      let idle = try fixture.connect()
      await idle.send("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await idle.receiveResponse().body == "OK")
      let waiting = try fixture.connect()
      await waiting.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await go.next() == "waiting")
      let hanging = try fixture.connect()
      await hanging.send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await events.next() == "hanging")

      async let stopped: Void = fixture.server.shutdown(graceSeconds: 60)
      #expect(try await idle.receiveToEnd() == "")
      go.answer("go")
      let answer = try await waiting.receiveToEnd()
      #expect(answer.hasSuffix("\r\nConnection: close\r\n\r\ngo"), "\(answer)")
      await fixture.server.shutdown(graceSeconds: 0)
      #expect(await events.next() == "cancelled")
      #expect(try await hanging.receiveToEnd() == "")
      await stopped
    }
  }

  private let routes: [Route] = [
    Route(.get, "/_ping", access: .read) { _ in .bytes(Array("OK".utf8), contentType: "text/plain; charset=utf-8") },
    Route(.head, "/_ping", access: .read) { _ in .bytes(Array("OK".utf8), contentType: "text/plain; charset=utf-8") },
    Route(.get, "/version", access: .read) { request in
      if request.headers["user-agent"]?.hasPrefix("Docker-Client/") == true {
        return .json(Array(#"{"Version":"9.9","ApiVersion":"1.51","MinAPIVersion":"1.24","Os":"linux"}"#.utf8))
      }
      return .json(Array("{\"v\":\(request.version)}\n".utf8))
    },
    Route(.get, "/echo/{text}", access: .read) { request in
      .bytes(Array("<\(request.parameter("text"))>\r\n".utf8), contentType: "text/plain")
    },
    Route(.get, "/who", access: .read) { .bytes(Array("\($0.peer)".utf8), contentType: "text/plain") },
    Route(.post, "/json", access: .operate) { request in
      .bytes(try await request.body.collect(), contentType: "application/json")
    },
    Route(.get, "/fail/{code}", access: .read) { request in
      switch request.parameter("code") {
      case "notFound": throw APIError(.notFound, "no such <thing>")
      case "conflict": throw APIError(.conflict, "no such <thing>")
      case "notModified": throw APIError(.notModified, "")
      default: throw Unknown.clientGone
      }
    },
    Route(.get, "/stream/{count}", access: .read) { request in
      .stream(contentType: "text/plain") { writer in
        for line in 0..<(Int(request.parameter("count")) ?? 0) { try await writer.write(Array("line \(line)\n".utf8)) }
      }
    },
  ]
}

/// A handler that answers with what the test says.
private func wait(for go: Events) -> Route {
  Route(.get, "/wait", access: .read) { _ in
    go.say("waiting")
    return .bytes(Array((await go.nextAnswer() ?? "").utf8), contentType: "text/plain")
  }
}

private enum Unknown: Error { case clientGone }

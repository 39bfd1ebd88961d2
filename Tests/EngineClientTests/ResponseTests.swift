import Linux
import Testing

@testable import EngineClient

@Suite("Answers of an engine")
struct ResponseTests {
  @Test("a body ends where its content length says")
  func contentLength() throws {
    #expect(try body(of: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more") == "hello")
  }

  @Test("a chunked body is put together, extensions and trailers are skipped")
  func chunked() throws {
    let answer =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\nrest"
    #expect(try body(of: answer) == "hello")
  }

  @Test("a body without a length ends with the connection")
  func untilClose() throws {
    #expect(try body(of: "HTTP/1.1 200 OK\r\n\r\nhello") == "hello")
  }

  @Test("204 has no body, whatever its head says")
  func noContent() throws {
    #expect(try body(of: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello") == "")
  }

  @Test("100 announces the answer and is none")
  func continued() throws {
    #expect(try body(of: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") == "ok")
  }

  @Test("the message of an error body becomes the error, with the status")
  func refusal() throws {
    let request = EngineRequest("GET", "/containers/x/json")
    let text = #"{"message":"No such container: x"}"#
    let (connection, _) = try exchange(
      request, "HTTP/1.1 404 Not Found\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
    #expect(throws: ClientError.refused(status: 404, message: "No such container: x")) {
      try connection.receive(request)
    }
  }

  @Test("an error body that is no JSON is quoted as it is")
  func plainRefusal() throws {
    #expect(
      try body(of: "HTTP/1.1 502 Bad Gateway\r\n\r\nout\nof order") == "error: Error response from daemon: out of order"
    )
  }

  @Test(
    "what is no answer is an error that says why",
    arguments: [
      ("", "error: the engine ended the connection while answering GET /info"),
      ("HTTP/1.1 200 OK\r\nContent-Le", "error: the engine ended the connection while sending a response head"),
      ("HTTP/1.1 200 OK\r\n: x\r\n\r\n", "error: the engine's answer makes no sense: a header line without a name"),
      ("SSH-2.0-OpenSSH\r\n\r\n", "error: the engine's answer makes no sense: it does not begin like HTTP"),
      (
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "error: the engine's answer makes no sense: content length \"-5\""
      ),
      (
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "error: the engine's answer makes no sense: content length \"99999999999999999999\""
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "error: the engine's answer makes no sense: transfer encoding \"gzip\""
      ),
      (
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "error: the engine ended the connection while answering GET /info"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc",
        "error: the engine's answer makes no sense: a chunk's size is no hexadecimal number"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "error: the engine's answer makes no sense: a chunk is longer than its size"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
        "error: the engine ended the connection while answering GET /info"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "error: the engine ended the connection while answering GET /info"
      ),
    ])
  func hostile(_ answer: String, _ expected: String) throws {
    #expect(try body(of: answer) == expected)
  }

  @Test("a head without end is given up at its bound")
  func endlessHead() throws {
    let head = "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Padding: 0123456789\r\n", count: 4000)
    #expect(try body(of: head) == "error: the engine's answer is too large: a response head of more than 65536 bytes")
  }

  @Test("one header line without end is given up at the same bound")
  func endlessLine() throws {
    let head = "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000)
    #expect(try body(of: head) == "error: the engine's answer is too large: a response head of more than 65536 bytes")
  }

  @Test("a body larger than its reader allows is given up")
  func hugeBody() throws {
    let answer = "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1001)
    #expect(
      try body(of: answer, limit: 1000) == "error: the engine's answer is too large: a body of more than 1000 bytes")
  }

  @Test("the request says what it asks, in the negotiated version")
  func request() throws {
    let request = EngineRequest(
      "POST", "/containers/\(percentEncoded("../x y"))/rename", query: [("name", "a&b=c")],
      body: .json(.object([.init("A", .string("b"))])))
    let (connection, engine) = try exchange(request, "HTTP/1.1 204 No Content\r\n\r\n")
    try connection.descriptor.endSending()
    #expect(
      String(decoding: try engine.readAll(limit: 4096), as: UTF8.self) == """
        POST /v1.51/containers/..%2Fx%20y/rename?name=a%26b%3Dc HTTP/1.1\r
        Host: skiff\r
        User-Agent: Skiff-Client\r
        Content-Type: application/json\r
        Content-Length: 9\r
        \r
        {"A":"b"}
        """)
  }
}

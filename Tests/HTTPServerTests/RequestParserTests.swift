import NIOCore
import Testing

@testable import HTTPServer

@Suite("RequestParser") struct RequestParserTests {
  @Test("a request without a body leaves what follows it in the buffer")
  func leavesTheRest() throws {
    var parser = RequestParser()
    var buffer = ByteBuffer(string: "GET /v1.51/info?a=b HTTP/1.1\r\nHost: x\r\nX-A:  b c \r\n\r\nstdin\r\n\r\n")
    guard case .head(let head)? = try parser.next(from: &buffer) else {
      Issue.record("no head")
      return
    }
    #expect(head.method == .get)
    #expect(head.target == "/v1.51/info?a=b")
    #expect(head.headers["x-a"] == "b c")
    #expect(head.framing == .none)
    #expect(try parser.next(from: &buffer) == .end)
    #expect(String(buffer: buffer) == "stdin\r\n\r\n")
  }

  @Test("the same parts come out however the bytes are cut", arguments: wellFormed)
  func cutAnywhere(text: String) throws {
    let whole = try transcript(of: text, inPiecesOf: text.utf8.count)
    for size in 1...7 { #expect(try transcript(of: text, inPiecesOf: size) == whole) }
    #expect(whole.hasSuffix("end\n"))
  }

  @Test("a chunked body is put together without sizes, extensions and trailers")
  func chunked() throws {
    let text =
      "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nT: v\r\n\r\n"
    #expect(try transcript(of: text, inPiecesOf: 1000) == "POST /x\nbody abc0123456789\nend\n")
  }

  @Test("what two readers could understand differently is refused", arguments: malformed)
  func refuses(text: String, message: String) {
    #expect { try transcript(of: text, inPiecesOf: text.utf8.count) } throws: { "\($0)" == message }
    #expect { try transcript(of: text, inPiecesOf: 1) } throws: { "\($0)" == message }
  }

  @Test("a head that never ends is refused at its bound")
  func endlessHeads() {
    let head = "GET / HTTP/1.1\r\nHost: x\r\n"
    let endless: [(String, APIError.Code)] = [
      ("GET /" + String(repeating: "a", count: Limits.targetBytesMax), .targetTooLong),
      (head + "A: " + String(repeating: "b", count: Limits.headBytesMax), .headTooLarge),
      (head + String(repeating: "A: b\r\n", count: Limits.headersMax + 1), .headTooLarge),
    ]
    for (text, code) in endless {
      #expect { try transcript(of: text, inPiecesOf: 1000) } throws: { ($0 as? APIError)?.code == code }
    }
    let trailers =
      head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "A: b\r\n", count: Limits.headersMax + 1)
    #expect { try transcript(of: trailers, inPiecesOf: 1000) } throws: { ($0 as? APIError)?.code == .headTooLarge }
  }
}

private let wellFormed = [
  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "\r\n\r\nGET / HTTP/1.0\r\n\r\n",
  "GET http://docker/_ping HTTP/1.1\r\nHost: docker\r\n\r\n",
  "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
  "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
  "POST /a HTTP/1.1\r\nHost: x\r\ntransfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\nPUT /c HTTP/1.1\r\nHost: x\r\n\r\n",
]

private let malformed: [(String, String)] = [
  ("GARBAGE\r\n\r\n", "malformed request: invalid request line"),
  ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "malformed request: invalid request line"),
  ("GET / HTTQ/1.1\r\nHost: x\r\n\r\n", "malformed request: invalid request line"),
  ("G\u{1}T / HTTP/1.1\r\nHost: x\r\n\r\n", "malformed request: invalid request line"),
  ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", "unsupported protocol version"),
  ("PRI * HTTP/2.0\r\n\r\n", "unsupported protocol version"),
  ("GET _ping HTTP/1.1\r\nHost: x\r\n\r\n", "malformed request: invalid target"),
  ("GET /\u{7f} HTTP/1.1\r\nHost: x\r\n\r\n", "malformed request: invalid target"),
  ("GET / HTTP/1.1\r\n\r\n", "missing required Host header"),
  ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "too many Host headers"),
  ("GET / HTTP/1.1\nHost: x\n\n", "malformed request: line without carriage return"),
  ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", "malformed request: invalid header field"),
  ("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", "malformed request: invalid header field"),
  ("GET / HTTP/1.1\r\nHost: x\r\n: v\r\n\r\n", "malformed request: invalid header field"),
  ("GET / HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n", "malformed request: invalid header field"),
  ("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", "malformed request: invalid header field"),
  ("GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", "unknown expectation"),
  ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "malformed request: invalid Content-Length"),
  ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na", "malformed request: invalid Content-Length"),
  ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na", "malformed request: invalid Content-Length"),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "malformed request: invalid Content-Length"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "malformed request: invalid Content-Length"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "malformed request: Transfer-Encoding where there can be none"
  ),
  (
    "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "malformed request: Transfer-Encoding where there can be none"
  ),
  ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "unsupported transfer encoding"),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "malformed chunked body: invalid chunk size"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", "malformed chunked body: invalid chunk size"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "malformed chunked body: invalid chunk size"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    "malformed chunked body: invalid chunk size"
  ),
  (
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "a", count: 300) + "\r\n",
    "malformed chunked body: line too long"
  ),
]

/// What the parser makes of `text` when it comes in pieces of `size` bytes, as text; bodies are joined.
func transcript(of text: some StringProtocol, inPiecesOf size: Int) throws -> String {
  try transcript(of: Array(text.utf8), inPiecesOf: size)
}

func transcript(of bytes: [UInt8], inPiecesOf size: Int) throws -> String {
  var parser = RequestParser()
  var buffer = ByteBuffer()
  var lines: [String] = []
  var body: [UInt8] = []
  func endBody() {
    if !body.isEmpty { lines.append("body \(String(decoding: body, as: UTF8.self))\n") }
    body = []
  }
  for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
    buffer.discardReadBytes()
    buffer.writeBytes(bytes[start..<min(start + size, bytes.count)])
    while let part = try parser.next(from: &buffer) {
      switch part {
      case .head(let head): lines.append("\(head.method?.rawValue ?? "?") \(head.target)\n")
      case .body(let piece): body.append(contentsOf: piece.readableBytesView)
      case .end:
        endBody()
        lines.append("end\n")
      }
    }
  }
  return lines.joined()
}

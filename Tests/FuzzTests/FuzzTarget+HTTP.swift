import NIOCore

@testable import HTTPServer

extension FuzzTarget {
  /// What a client sends on a connection of the API.
  static let httpRequests = FuzzTarget(
    "http",
    words: [
      "\r\n", "\n", "\r", " ", ":", "0\r\n\r\n", "ffffffffffffffff\r\n", "Content-Length: 3\r\n", "\r\n\r\n",
      "HTTP/1.0",
      "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "%",
      "%2f",
      "Connection: Upgrade\r\nUpgrade: tcp\r\n", "?", "&a=%zz", "http://h",
    ],
    seeds: {
      [
        "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD /v1.51/info?x=%20y&z HTTP/1.1\r\nHost: docker\r\nA: b\r\n\r\n",
        "GET http://h/version HTTP/1.0\r\nHost: h\r\n\r\n",
        "POST /containers/create?name=a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n{\"Image\":1}",
        "POST /images/load HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: v\r\n\r\n",
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    let whole = Requests(bytes, inPiecesOf: max(bytes.count, 1))
    try same(Requests(bytes, inPiecesOf: 3), whole, "requests in pieces")
    try hold(whole.bodyBytes <= bytes.count, "bodies are larger than the input")
    for head in whole.heads {
      _ = try? Query(target: head.target)
      // A method that no route can have is not kept.
      guard let method = head.method else { continue }
      let fields = head.headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
      let text = "\(method.rawValue) \(head.target) HTTP/1.\(head.isHTTP10 ? 0 : 1)\r\n\(fields)\r\n"
      try same(Requests(Array(text.utf8), inPiecesOf: text.utf8.count).heads, [head], "head")
    }
    return whole.failure == nil && !whole.heads.isEmpty
  }
}

/// What a parser makes of a connection's bytes.
private struct Requests: Equatable {
  private(set) var heads: [RequestHead] = []
  private(set) var bodies: [[UInt8]] = []
  private(set) var ends = 0
  private(set) var failure: String?

  var bodyBytes: Int { bodies.reduce(0) { $0 + $1.count } }

  init(_ bytes: [UInt8], inPiecesOf size: Int) {
    var parser = RequestParser()
    var buffer = ByteBuffer()
    do throws(APIError) {
      for start in stride(from: 0, to: bytes.count, by: size) {
        buffer.discardReadBytes()
        buffer.writeBytes(bytes[start..<min(start + size, bytes.count)])
        while let part = try parser.next(from: &buffer) { add(part) }
      }
    } catch { failure = "\(error)" }
  }

  private mutating func add(_ part: RequestParser.Part) {
    switch part {
    case .head(let head):
      heads.append(head)
      bodies.append([])
    case .body(let piece):
      if let last = bodies.indices.last { bodies[last] += piece.readableBytesView }
    case .end: ends += 1
    }
  }
}

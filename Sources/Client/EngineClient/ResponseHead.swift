/// The status line and the header fields of an answer: RFC 9112, sections 4 and 5.
package struct ResponseHead: Equatable, Sendable {
  package let status: Int
  let fields: [(name: String, value: String)]

  /// Status line and fields together. Docker's are below 1 KiB.
  static let bytesMax = 64 << 10
  private static let what = "a response head"

  /// Reads a head, skipping those of 1xx that announce another one.
  ///
  /// - Throws: `disconnected` if the connection ends before the first byte.
  static func read(from reader: ByteReader, during action: String) throws(ClientError) -> ResponseHead {
    var rest = bytesMax
    while true {
      let head = try readOne(from: reader, rest: &rest, during: action)
      // 101 is the last word of HTTP on this connection, 100 and 103 are not.
      if (100..<200).contains(head.status), head.status != 101 { continue }
      return head
    }
  }

  private static func readOne(
    from reader: ByteReader, rest: inout Int, during action: String
  ) throws(ClientError) -> ResponseHead {
    guard let first = try reader.line(limit: rest, of: bytesMax, what) else { throw .disconnected(during: action) }
    rest -= first.count
    let status = try parseStatus(first)
    var fields: [(name: String, value: String)] = []
    while true {
      guard let line = try reader.line(limit: rest, of: bytesMax, what) else {
        throw .disconnected(during: "sending \(what)")
      }
      if line.isEmpty { return ResponseHead(status: status, fields: fields) }
      rest -= line.count + 2
      guard rest > 0 else { throw .tooLarge(what, limit: bytesMax) }
      let text = String(decoding: line, as: UTF8.self)
      guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
        throw .malformed("a header line without a name")
      }
      let value = text[text.index(after: colon)...].trimmed
      fields.append((text[..<colon].lowercased(), String(value)))
    }
  }

  /// `HTTP/1.1 200 OK`; the reason may be missing.
  private static func parseStatus(_ line: [UInt8]) throws(ClientError) -> Int {
    let text = String(decoding: line, as: UTF8.self)
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", parts[1].utf8.count == 3,
      let status = Int(parts[1]), (100...599).contains(status)
    else { throw .malformed("it does not begin like HTTP") }
    return status
  }

  /// The value of the field `name`, in lower case; of several the first.
  package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  package static func == (left: ResponseHead, right: ResponseHead) -> Bool {
    left.status == right.status && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }
}

extension Substring {
  /// Without spaces and tabs at both ends.
  var trimmed: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}

extension RequestHead {
  /// Checks the request line and the fields that decide how the message is read.
  init(requestLine: [UInt8], headers: Headers) throws(APIError) {
    let words = requestLine.split(separator: UInt8.space, omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy({ $0.isToken }) else {
      throw APIError(.invalidArgument, "malformed request: invalid request line")
    }
    let isHTTP10 = try Self.isHTTP10(words[2])
    self.init(
      method: Method(rawValue: String(decoding: words[0], as: UTF8.self)), target: try Self.target(words[1]),
      isHTTP10: isHTTP10, headers: headers, framing: try Self.framing(headers, isHTTP10: isHTTP10))
    let hosts = headers.values("host")
    guard hosts.count == 1 || (isHTTP10 && hosts.isEmpty) else {
      throw APIError(.invalidArgument, hosts.isEmpty ? "missing required Host header" : "too many Host headers")
    }
    if let expectation = headers["expect"], !equalsIgnoringCase(expectation, "100-continue") {
      throw APIError(.expectationFailed, "unknown expectation")
    }
  }

  private static func isHTTP10(_ word: ArraySlice<UInt8>) throws(APIError) -> Bool {
    switch String(decoding: word, as: UTF8.self) {
    case "HTTP/1.1": return false
    case "HTTP/1.0": return true
    case let text where text.hasPrefix("HTTP/"):
      throw APIError(.versionNotSupported, "unsupported protocol version")
    default: throw APIError(.invalidArgument, "malformed request: invalid request line")
    }
  }

  /// The origin form of the target; the absolute form, which proxies get, loses its scheme and authority.
  private static func target(_ word: ArraySlice<UInt8>) throws(APIError) -> String {
    guard word.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), word.count <= Limits.targetBytesMax,
      let text = String(validating: word, as: UTF8.self)
    else { throw APIError(.invalidArgument, "malformed request: invalid target") }
    if text.hasPrefix("/") || text == "*" { return text }
    guard text.hasPrefix("http://") else { throw APIError(.invalidArgument, "malformed request: invalid target") }
    let path = text.dropFirst("http://".count).drop { $0 != "/" }
    return path.isEmpty ? "/" : String(path)
  }

  /// How long the body is, RFC 9112 section 6.3, refusing what two readers could understand differently.
  private static func framing(_ headers: Headers, isHTTP10: Bool) throws(APIError) -> Framing {
    let lengths = headers.values("content-length")
    let codings = headers.values("transfer-encoding")
    if !codings.isEmpty {
      guard lengths.isEmpty, !isHTTP10 else {
        throw APIError(.invalidArgument, "malformed request: Transfer-Encoding where there can be none")
      }
      guard codings.count == 1, equalsIgnoringCase(codings[0], "chunked") else {
        throw APIError(.notImplemented, "unsupported transfer encoding")
      }
      return .chunked
    }
    guard let first = lengths.first else { return .none }
    guard lengths.allSatisfy({ $0 == first }), !first.isEmpty, first.utf8.allSatisfy({ $0.isDigit }),
      let count = Int(first)
    else { throw APIError(.invalidArgument, "malformed request: invalid Content-Length") }
    return .length(count)
  }
}

extension UInt8 {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let carriageReturn = UInt8(ascii: "\r")
  static let lineFeed = UInt8(ascii: "\n")

  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isHexDigit: Bool { isDigit || (self | 0x20 >= 0x61 && self | 0x20 <= 0x66) }
  /// The value of a byte that `isHexDigit`.
  var hexValue: UInt8 { isDigit ? self - 0x30 : (self | 0x20) - 0x61 + 10 }
  private var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }

  /// `tchar` of RFC 9110 section 5.6.2.
  var isToken: Bool {
    if isDigit || isLetter { return true }
    switch Unicode.Scalar(self) {
    case "!", "#", "$", "%", "&", "'", "*", "+", "-", ".", "^", "_", "`", "|", "~": return true
    default: return false
    }
  }

  /// What a field value may hold: visible characters, space, tab and bytes beyond ASCII.
  var isFieldValue: Bool { (self >= 0x20 && self != 0x7F) || self == UInt8.tab }
}

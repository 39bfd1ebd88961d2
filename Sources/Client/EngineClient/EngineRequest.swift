/// A request of the Engine API, without the version in its path.
package struct EngineRequest {
  /// What is sent with it.
  package enum Body {
    case none
    case json(JSONValue)
    /// Bytes of unknown number, which `send` is asked for once the head is out.
    case stream(contentType: String)
  }

  /// What the request line says.
  package let method: String
  package let path: String
  package var query: [(name: String, value: String)]
  package var body: Body

  /// Asks for `path`.
  ///
  /// - Parameter path: from the slash after the version on, its parts encoded.
  package init(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: Body = .none
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
  }

  /// The path and query as they stand in the request line.
  func target(version: String?) -> String {
    let versioned = version.map { "/v\($0)\(path)" } ?? path
    if query.isEmpty { return versioned }
    return versioned + "?"
      + query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
  }
}

/// `text` with every byte escaped that is not unreserved (RFC 3986, section 2.3) or in `allowed`.
///
/// What a user calls a container or an image goes through here before it becomes part of a path: `../volumes` stays
/// one name.
package func percentEncoded(_ text: String, allowed: String = "") -> String {
  let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\(allowed)".utf8)
  if text.utf8.allSatisfy(kept.contains) { return text }
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if kept.contains(byte) {
      bytes.append(byte)
    } else {
      bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

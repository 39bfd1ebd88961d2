/// The methods that Docker's API knows.
package enum Method: String, Hashable, Sendable, CaseIterable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
  case options = "OPTIONS"
}

/// Header fields in the order they came. Names are compared without case, in ASCII.
package struct Headers: Sendable, Equatable {
  private(set) var fields: [Field] = []

  struct Field: Sendable, Equatable {
    let name: String
    let value: String
  }

  mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  /// The first value of `name`.
  package subscript(_ name: String) -> String? { fields.first { equalsIgnoringCase($0.name, name) }?.value }

  /// Every value of `name`.
  package func values(_ name: String) -> [String] { fields.filter { equalsIgnoringCase($0.name, name) }.map(\.value) }

  /// Whether the comma-separated list `name` has `token`.
  func has(_ token: String, in name: String) -> Bool {
    values(name).contains { value in
      value.split(separator: ",").contains { equalsIgnoringCase($0.trimmed, token) }
    }
  }
}

/// A request without its body, checked as far as the protocol goes.
struct RequestHead: Sendable, Equatable {
  /// Nil for a method that no route can have.
  var method: Method?
  /// The path and query as sent: `/v1.51/info?x=y`.
  var target: String
  var isHTTP10: Bool
  var headers: Headers
  var framing: Framing

  enum Framing: Sendable, Equatable {
    case none
    case length(Int)
    case chunked
  }

  /// Whether the client lets the connection be used again.
  var keepsAlive: Bool {
    if headers.has("close", in: "connection") { return false }
    return !isHTTP10 || headers.has("keep-alive", in: "connection")
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  var expectsContinue: Bool { !isHTTP10 && framing != .none && headers["expect"] != nil }

  /// Whether the client wants the connection for itself after the answer (`Connection: Upgrade`, `Upgrade: tcp`).
  var wantsUpgrade: Bool { headers.has("upgrade", in: "connection") && headers["upgrade"] != nil }
}

extension StringProtocol {
  /// Without the spaces and tabs around it.
  var trimmed: SubSequence {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    var rest = self.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }
}

/// Compares in ASCII without case, as field names and tokens are compared.
func equalsIgnoringCase(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
  func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
  return left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
}

import FoundationEssentials

/// JSON of somebody else's making, read with bounds.
///
/// A document's size and depth are looked at before the decoder sees it, in one pass over its bytes, so that neither a
/// large nor a deep document can cost more than its own length.
package enum BoundedJSON {
  /// The size of the documents that we take: 4 MiB, which is what registries allow a manifest and what Docker's
  /// clients ever send as one.
  package static let bytesMax = 4 << 20
  /// The depth of the documents that we take. The deepest that the specifications define has 9 levels.
  package static let depthMax = 64

  /// Reads a value of type `type` from `bytes`.
  ///
  /// - Throws: `JSONError`, whose text names the member and the value it stumbled over.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], bytesMax: Int = bytesMax, depthMax: Int = depthMax
  ) throws(JSONError) -> Value {
    guard bytes.count <= bytesMax else { throw .tooLarge(bytes: bytes.count, bytesMax: bytesMax) }
    try checkDepth(of: bytes, depthMax: depthMax)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw JSONError(error)
    } catch {
      throw .invalid(path: "", reason: "\(error)")
    }
  }

  /// Writes `value` with sorted members, so that equal values are equal bytes.
  package static func encode(_ value: some Encodable, pretty: Bool = false) throws(JSONError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
    do { return [UInt8](try encoder.encode(value)) } catch { throw .invalid(path: "", reason: "\(error)") }
  }

  /// Refuses nesting beyond `depthMax`. A NUL byte is refused as well: it is never part of JSON in UTF-8, and the
  /// decoder would take it as a sign of UTF-16, which this scan does not read.
  private static func checkDepth(of bytes: [UInt8], depthMax: Int) throws(JSONError) {
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in bytes {
      if byte == 0 { throw .invalid(path: "", reason: "it contains a NUL byte") }
      if isEscaped {
        isEscaped = false
      } else if isInString {
        if byte == UInt8(ascii: "\\") { isEscaped = true } else if byte == UInt8(ascii: "\"") { isInString = false }
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        depth += 1
        if depth > depthMax { throw .tooDeep(depthMax: depthMax) }
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
      }
    }
  }
}

/// Why a JSON document was not taken.
package enum JSONError: Error, Equatable, CustomStringConvertible {
  case tooLarge(bytes: Int, bytesMax: Int)
  case tooDeep(depthMax: Int)
  /// `path` is the member, as in `linux.namespaces[2].type`; empty for the document itself.
  case invalid(path: String, reason: String)

  package var description: String {
    switch self {
    case .tooLarge(let bytes, let bytesMax): "JSON document of \(bytes) bytes is larger than \(bytesMax)"
    case .tooDeep(let depthMax): "JSON document is nested deeper than \(depthMax) levels"
    case .invalid("", let reason): "invalid JSON: \(reason)"
    case .invalid(let path, let reason): "invalid JSON: \(path): \(reason)"
    }
  }

  /// Takes the member's path and the reason out of the decoder's error.
  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self = .invalid(path: Self.path(context.codingPath + [key]), reason: "it is missing")
    case .typeMismatch(let type, let context):
      self = .invalid(path: Self.path(context.codingPath), reason: "it is not \(Self.name(of: type))")
    case .valueNotFound(let type, let context):
      self = .invalid(path: Self.path(context.codingPath), reason: "it is null, not \(Self.name(of: type))")
    case .dataCorrupted(let context):
      // The parser's own errors say less than the error below them: where and at which character.
      self = .invalid(
        path: Self.path(context.codingPath),
        reason: context.underlyingError.map { "\($0)" } ?? context.debugDescription)
    @unknown default: self = .invalid(path: "", reason: "\(error)")
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce(into: "") { path, key in
      if let index = key.intValue { path += "[\(index)]" } else { path += (path.isEmpty ? "" : ".") + key.stringValue }
    }
  }

  private static func name(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a number in range"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }
}

/// The query of a request, `a=1&b=2`, decoded.
package struct Query: Sendable, Equatable {
  private let items: [(name: String, value: String)]

  package static func == (left: Query, right: Query) -> Bool {
    left.items.elementsEqual(right.items) { $0 == $1 }
  }

  /// Decodes what follows the `?` of a target.
  ///
  /// - Throws: `invalidArgument` for a `%` without two hex digits and for bytes that are not UTF-8.
  init(target: String) throws(APIError) {
    guard let mark = target.firstIndex(of: "?") else {
      items = []
      return
    }
    var items: [(name: String, value: String)] = []
    for word in target[target.index(after: mark)...].split(separator: "&") {
      let equals = word.firstIndex(of: "=") ?? word.endIndex
      guard let name = PercentDecoding.decode(word[..<equals], plusIsSpace: true),
        let value = PercentDecoding.decode(word[equals...].dropFirst(), plusIsSpace: true)
      else { throw APIError(.invalidArgument, "invalid query: \"\(word)\" is not URL-encoded text") }
      items.append((name, value))
    }
    self.items = items
  }

  /// The first value of `name`.
  package subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

  /// Every value of `name`, for parameters that may be repeated.
  package func values(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

  /// The names in it, each once, so that one that is not honoured can be refused.
  package var names: [String] {
    var seen: Set<String> = []
    return items.map(\.name).filter { seen.insert($0).inserted }
  }

  /// Whether `name` is on, as Docker reads it: anything but nothing, `0`, `no`, `false`, `none`, without case.
  package func flag(_ name: String, default value: Bool = false) -> Bool {
    guard let text = self[name] else { return value }
    return !["", "0", "no", "false", "none"].contains(String(text.trimmed).lowercased())
  }

  /// The decimal integer `name`; nil when it is missing or empty.
  ///
  /// - Throws: `invalidArgument` when it is something else.
  package func integer(_ name: String) throws(APIError) -> Int? {
    guard let text = self[name], !text.isEmpty else { return nil }
    guard let value = Int(text) else {
      throw APIError(.invalidArgument, "invalid value \"\(text)\" for parameter \"\(name)\": not an integer")
    }
    return value
  }
}

enum PercentDecoding {
  /// Decodes `%XX`, and `+` as space in a query; nil when a `%` lacks its digits or the bytes are not UTF-8.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst(), let low = rest.popFirst(), high.isHexDigit, low.isHexDigit else { return nil }
        bytes.append(high.hexValue << 4 | low.hexValue)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8.space : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

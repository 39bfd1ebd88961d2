/// The `filters` parameter of lists and prunes: for each key the values of which one must match.
package struct Filters: Sendable, Equatable {
  private var valuesByKey: [String: [String]]

  /// No filter.
  package init() { valuesByKey = [:] }

  /// Filters by `valuesByKey`.
  package init(_ valuesByKey: [String: [String]]) { self.valuesByKey = valuesByKey }

  /// Reads the parameter, in today's form `{"label":{"a=b":true}}` or in the old one `{"label":["a=b"]}`.
  ///
  /// A value with `false` counts like one with `true`, as in Docker. Values are in the order of the text.
  package init(parameter: String?) throws(WireError) {
    valuesByKey = [:]
    guard let parameter, !parameter.isEmpty else { return }
    let invalid = WireError("invalid filter")
    var value = JSONValue.null
    do { value = try JSONParser.parse(Array(parameter.utf8)) } catch { throw invalid }
    guard case .object(let members) = value else { throw invalid }
    for member in members {
      switch member.value {
      case .object(let flags):
        for flag in flags { guard case .bool = flag.value else { throw invalid } }
        valuesByKey[member.name, default: []] += flags.map(\.name)
      case .array(let elements):
        for element in elements {
          guard case .string(let text) = element else { throw invalid }
          valuesByKey[member.name, default: []].append(text)
        }
      default: throw invalid
      }
    }
  }

  /// The parameter's text; nil when there is nothing to say.
  package var parameter: String? {
    guard !valuesByKey.isEmpty else { return nil }
    var json = JSONWriter()
    valuesByKey.mapValues { values in Dictionary(values.map { ($0, true) }) { first, _ in first } }.write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  package var isEmpty: Bool { valuesByKey.isEmpty }

  /// The values of `key`; none when it does not filter.
  package func values(_ key: String) -> [String] { valuesByKey[key] ?? [] }

  /// Whether `key` does not filter, or one of its values is `value`.
  package func allows(_ key: String, _ value: String) -> Bool { valuesByKey[key].map { $0.contains(value) } ?? true }

  /// Whether `labels` has every value of `key`: `name` or `name=value`.
  package func allows(_ key: String = "label", labels: [String: String]) -> Bool {
    values(key).allSatisfy { wanted in
      guard let equals = wanted.firstIndex(of: "=") else { return labels[wanted] != nil }
      return labels[String(wanted[..<equals])] == String(wanted[wanted.index(after: equals)...])
    }
  }

  /// The one value of `key` as a truth; nil when it does not filter.
  package func flag(_ key: String) throws(WireError) -> Bool? {
    guard let values = valuesByKey[key] else { return nil }
    switch values.count == 1 ? values[0].lowercased() : "" {
    case "1", "true", "t": return true
    case "0", "false", "f": return false
    default: throw WireError("invalid filter '\(key)=[\(values.joined(separator: " "))]'")
    }
  }

  /// Refuses, in Docker's words, every key that is not one of `known`.
  package func check(known: Set<String>) throws(WireError) {
    for key in valuesByKey.keys.sorted() where !known.contains(key) { throw WireError("invalid filter '\(key)'") }
  }
}

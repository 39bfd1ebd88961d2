import EngineClient

/// What `--filter` collected, as the API takes it.
struct Filters: Equatable {
  private var values: [String: [String]] = [:]

  /// Whether nothing is filtered.
  var isEmpty: Bool { values.isEmpty }

  /// Takes `status=running`.
  mutating func add(_ text: String) throws(FlagValueError) {
    guard let equals = text.firstIndex(of: "=") else {
      throw FlagValueError("bad format of filter (expected name=value)")
    }
    let name = text[..<equals].lowercased().filter { !$0.isWhitespace }
    values[name, default: []].append(String(text[text.index(after: equals)...].drop(while: \.isWhitespace)))
  }

  /// Adds a filter of the command's own.
  mutating func add(_ name: String, _ value: String) { values[name, default: []].append(value) }

  /// Whether `name` is among them.
  func contains(_ name: String) -> Bool { values[name] != nil }

  /// `label=a, until=24h`.
  var description: String {
    values.sorted { $0.key < $1.key }.flatMap { name, values in values.sorted().map { "\(name)=\($0)" } }
      .joined(separator: ", ")
  }

  /// `[("filters", "{…}")]`, or nothing.
  var query: [(name: String, value: String)] {
    if values.isEmpty { return [] }
    let members = values.sorted { $0.key < $1.key }.map { name, values in
      JSONValue.Member(name, .object(values.sorted().map { JSONValue.Member($0, .bool(true)) }))
    }
    return [("filters", JSONValue.object(members).compact)]
  }
}

extension Flag {
  /// `--filter`, by its name and help.
  static func filter(
    _ short: Character? = "f", _ path: WritableKeyPath<Options, Filters>,
    _ help: String = "Show only what fits, as NAME=VALUE"
  ) -> Flag {
    Flag(name: "filter", short: short, valueName: "filter", help: help) { (options, text) throws(FlagValueError) in
      try options[keyPath: path].add(text)
    }
  }

  /// `--format` of a list.
  static func listFormat(_ path: WritableKeyPath<Options, String>) -> Flag {
    .text("format", nil, path, "Print as \"table\", \"table TEMPLATE\", \"json\" or by a Go template")
  }

  /// `--format` of whole documents.
  static func documentFormat(_ path: WritableKeyPath<Options, String>, _ short: Character? = "f") -> Flag {
    .text("format", short, path, "Print as \"json\" or by a Go template")
  }
}

import EngineClient

/// How values look where a template prints them: Go's `fmt` of the types that Docker has in these places.
enum TemplateText {
  /// `{{.}}`.
  static func printed(_ value: JSONValue) -> String {
    switch value {
    case .null: "<nil>"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): text
    case .array(let elements): "[" + elements.map(printed).joined(separator: " ") + "]"
    case .object(let members):
      "map["
        + members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        .map { "\($0.name):\(printed($0.value))" }.joined(separator: " ") + "]"
    }
  }

  /// Whether `{{if}}` takes it for true.
  static func isTrue(_ value: JSONValue) -> Bool {
    switch value {
    case .null: false
    case .bool(let value): value
    case .number: value.real != 0
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    }
  }

  static func isText(_ value: JSONValue) -> Bool {
    if case .string = value { true } else { false }
  }

  /// The type, as messages name it.
  static func kind(_ value: JSONValue) -> String {
    switch value {
    case .null: "nil"
    case .bool: "bool"
    case .number: "int"
    case .string: "string"
    case .array: "slice"
    case .object: "map"
    }
  }

  /// Go's `fmt.Sprintf` with the verbs `%s %v %d %q %t %x %f %%`, a width, `-` and `0`.
  static func formatted(_ arguments: [JSONValue]) throws(TemplateError) -> String {
    var text = ""
    var values = arguments.dropFirst()
    var rest = (arguments.first?.text ?? "")[...]
    while let percent = rest.firstIndex(of: "%") {
      text += rest[..<percent]
      rest = rest[percent...].dropFirst()
      let flags = rest.prefix { "-+ 0123456789.".contains($0) }
      rest = rest.dropFirst(flags.count)
      guard let verb = rest.popFirst() else { throw TemplateError(": error calling printf: %!(NOVERB)") }
      if verb == "%" {
        text += "%"
        continue
      }
      guard let value = values.popFirst() else {
        text += "%!\(verb)(MISSING)"
        continue
      }
      text += padded(verbatim(value, verb, flags), flags)
    }
    return text + rest
  }

  private static func verbatim(_ value: JSONValue, _ verb: Character, _ flags: Substring) -> String {
    switch verb {
    case "q": JSONValue.string(printed(value)).compact
    case "x": String(value.integer, radix: 16)
    case "f":
      fixed(
        value.real,
        digits: flags.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first
          .flatMap { Int32($0) } ?? 6)
    default: printed(value)
    }
  }

  private static func padded(_ text: String, _ flags: Substring) -> String {
    let alignsLeft = flags.contains("-")
    let digits = flags.drop { "-+ ".contains($0) }.prefix { $0 != "." }
    let fill: Character = digits.first == "0" && !alignsLeft ? "0" : " "
    let spaces = String(repeating: fill, count: max(0, min(Int(digits) ?? 0, 4096) - text.count))
    return alignsLeft ? text + spaces : spaces + text
  }
}

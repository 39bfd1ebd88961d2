import EngineClient

/// The functions of templates: Go's own, and those that Docker adds.
enum TemplateFunctions {
  static let names: Set = [
    "and", "or", "not", "len", "index", "slice", "print", "println", "printf", "html", "js", "urlquery", "call",
    "eq", "ne", "lt", "le", "gt", "ge", "json", "split", "join", "title", "lower", "upper", "pad", "truncate",
  ]

  /// Calls the function `name`; `and` and `or` are the evaluator's, which need not look at every argument.
  static func call(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
    switch name {
    case "eq", "ne", "lt", "le", "gt", "ge": return .bool(try compare(name, arguments))
    case "print", "println", "printf": return try printed(name, arguments)
    case "index", "slice": return try part(name, arguments)
    default: break
    }
    guard let first = arguments.first else { throw TemplateError(": wrong number of args for \(name)") }
    switch name {
    case "not": return .bool(!TemplateText.isTrue(first))
    case "len": return try length(first)
    case "json": return .string(first.compactUnescaped)
    default: return try text(name, arguments)
    }
  }

  private static func length(_ value: JSONValue) throws(TemplateError) -> JSONValue {
    switch value {
    case .string(let text): return JSONValue(text.utf8.count)
    case .array(let elements): return JSONValue(elements.count)
    case .object(let members): return JSONValue(members.count)
    case .null: return JSONValue(0)
    default: throw TemplateError(": error calling len: len of type \(TemplateText.kind(value))")
    }
  }

  private static func text(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
    let first = TemplateText.printed(arguments[0])
    switch (name, arguments.count) {
    case ("lower", 1): return .string(first.lowercased())
    case ("upper", 1): return .string(first.uppercased())
    case ("title", 1): return .string(titled(first))
    case ("html", 1), ("js", 1), ("urlquery", 1): return .string(first)
    case ("split", 2):
      let separator = TemplateText.printed(arguments[1])
      guard !separator.isEmpty else { return JSONValue(first.map { String($0) }) }
      return JSONValue(split(first, separator))
    case ("join", 2):
      return .string(arguments[0].elements.map(TemplateText.printed).joined(separator: arguments[1].text))
    case ("pad", 3):
      let spaces = arguments[1...].map { String(repeating: " ", count: Int(clamping: max(0, min($0.integer, 4096)))) }
      return .string(first.isEmpty ? "" : spaces[0] + first + spaces[1])
    case ("truncate", 2): return .string(String(first.prefix(Int(clamping: max(0, arguments[1].integer)))))
    default: throw TemplateError(": wrong number of args for \(name): got \(arguments.count)")
    }
  }

  private static func split(_ text: String, _ separator: String) -> [String] {
    var parts: [String] = []
    var rest = text[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }

  private static func titled(_ text: String) -> String {
    var startsWord = true
    return String(
      text.map { character in
        defer { startsWord = character == " " }
        return startsWord ? Character(character.uppercased()) : character
      })
  }

  private static func printed(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
    switch name {
    case "println": return .string(arguments.map(TemplateText.printed).joined(separator: " ") + "\n")
    case "printf": return .string(try TemplateText.formatted(arguments))
    default:
      // fmt.Sprint: a space between two operands of which neither is a string.
      var text = ""
      for (index, argument) in arguments.enumerated() {
        if index > 0, !TemplateText.isText(argument), !TemplateText.isText(arguments[index - 1]) { text += " " }
        text += TemplateText.printed(argument)
      }
      return .string(text)
    }
  }

  private static func part(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
    guard var value = arguments.first else { throw TemplateError(": wrong number of args for \(name)") }
    if name == "slice" {
      let bounds = arguments.dropFirst().map { Int(clamping: $0.integer) }
      let characters = Array(value.text.utf8)
      let count = TemplateText.isText(value) ? characters.count : value.elements.count
      let from = bounds.first ?? 0
      let to = bounds.dropFirst().first ?? count
      guard 0 <= from, from <= to, to <= count else {
        throw TemplateError(": error calling slice: index out of range: \(to)")
      }
      if TemplateText.isText(value) { return .string(String(decoding: characters[from..<to], as: UTF8.self)) }
      return .array(Array(value.elements[from..<to]))
    }
    for key in arguments.dropFirst() {
      switch value {
      case .array(let elements):
        guard let index = Int(exactly: key.integer), elements.indices.contains(index) else {
          throw TemplateError(": error calling index: index out of range: \(key.integer)")
        }
        value = elements[index]
      case .object(let members):
        let found = members.last { $0.name == key.text }?.value
        // Labels and the like are maps of strings in Go, where a missing key is an empty string.
        value = found ?? (members.allSatisfy { TemplateText.isText($0.value) } ? .string("") : .null)
      case .null: throw TemplateError(": error calling index: index of untyped nil")
      default: throw TemplateError(": error calling index: can't index item of type \(TemplateText.kind(value))")
      }
    }
    return value
  }

  private static func compare(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> Bool {
    guard arguments.count >= 2, name == "eq" || arguments.count == 2 else {
      throw TemplateError(": error calling \(name): missing argument for comparison")
    }
    let left = arguments[0]
    if name == "eq" { return arguments.dropFirst().contains { isEqual(left, $0) } }
    let right = arguments[1]
    if name == "ne" { return !isEqual(left, right) }
    let isLess: Bool
    let isSame = isEqual(left, right)
    switch (left, right) {
    case (.number, .number): isLess = left.real < right.real
    case (.string(let left), .string(let right)): isLess = left.utf8.lexicographicallyPrecedes(right.utf8)
    default: throw TemplateError(": error calling \(name): incompatible types for comparison")
    }
    return switch name {
    case "lt": isLess
    case "le": isLess || isSame
    case "gt": !isLess && !isSame
    default: !isLess
    }
  }

  private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if case .number = left, case .number = right { return left.real == right.real }
    return left == right
  }
}

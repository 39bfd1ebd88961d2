import EngineClient

/// A template of `--format`, ready to be filled in.
struct Template {
  private let nodes: [TemplateNode]
  /// Answers a call of a method, `.Label "name"`; nil if the value has no such method.
  private let method: (JSONValue, String, [JSONValue]) -> JSONValue?

  /// Parses `text`.
  init(
    _ text: String, method: @escaping (JSONValue, String, [JSONValue]) -> JSONValue? = { _, _, _ in nil }
  ) throws(TemplateError) {
    nodes = try TemplateParser.parse(text)
    self.method = method
  }

  /// The text with `value` filled in.
  ///
  /// - Throws: what the value does not have.
  func filled(_ value: JSONValue) throws(TemplateError) -> String {
    var run = Run(method: method, root: value)
    try run.write(nodes, dot: value)
    return run.text
  }

  /// One pass over a template.
  private struct Run {
    let method: (JSONValue, String, [JSONValue]) -> JSONValue?
    let root: JSONValue
    var text = ""
    /// Innermost last; `$` is the root.
    var variables: [(name: String, value: JSONValue)] = []

    mutating func write(_ nodes: [TemplateNode], dot: JSONValue) throws(TemplateError) {
      let depth = variables.count
      defer { variables.removeLast(variables.count - depth) }
      for node in nodes { try write(node, dot: dot) }
    }

    private mutating func write(_ node: TemplateNode, dot: JSONValue) throws(TemplateError) {
      switch node {
      case .text(let literal): text += literal
      case .action(let pipeline):
        let value = try evaluate(pipeline, dot)
        if pipeline.variables.isEmpty { text += TemplateText.printed(value) } else { set(pipeline, value) }
      case .branch(let pipeline, let body, let alternative):
        try scoped { run throws(TemplateError) in
          let value = try run.evaluate(pipeline, dot)
          run.set(pipeline, value)
          try run.write(TemplateText.isTrue(value) ? body : alternative, dot: dot)
        }
      case .with(let pipeline, let body, let alternative):
        try scoped { run throws(TemplateError) in
          let value = try run.evaluate(pipeline, dot)
          run.set(pipeline, value)
          let isTrue = TemplateText.isTrue(value)
          try run.write(isTrue ? body : alternative, dot: isTrue ? value : dot)
        }
      case .range(let pipeline, let body, let alternative): try loop(pipeline, body, alternative, dot)
      }
    }

    private mutating func scoped(_ body: (inout Run) throws(TemplateError) -> Void) throws(TemplateError) {
      let depth = variables.count
      try body(&self)
      variables.removeLast(variables.count - depth)
    }

    private mutating func set(_ pipeline: TemplateNode.Pipeline, _ value: JSONValue) {
      guard let name = pipeline.variables.last else { return }
      if pipeline.assigns, let index = variables.lastIndex(where: { $0.name == name }) {
        variables[index].value = value
      } else {
        variables.append((name, value))
      }
    }

    /// Go walks maps in the order of their keys.
    private mutating func loop(
      _ pipeline: TemplateNode.Pipeline, _ body: [TemplateNode], _ alternative: [TemplateNode], _ dot: JSONValue
    ) throws(TemplateError) {
      let value = try evaluate(pipeline, dot)
      let items: [(key: JSONValue, value: JSONValue)]
      switch value {
      case .array(let elements): items = elements.enumerated().map { (JSONValue($0.offset), $0.element) }
      case .object(let members):
        items = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
          .map { (.string($0.name), $0.value) }
      case .null: items = []
      default: throw TemplateError(": range can't iterate over \(TemplateText.printed(value))")
      }
      if items.isEmpty { return try write(alternative, dot: dot) }
      for item in items {
        let depth = variables.count
        if let name = pipeline.variables.last { variables.append((name, item.value)) }
        if pipeline.variables.count == 2 { variables.append((pipeline.variables[0], item.key)) }
        try write(body, dot: item.value)
        variables.removeLast(variables.count - depth)
      }
    }

    private func evaluate(_ pipeline: TemplateNode.Pipeline, _ dot: JSONValue) throws(TemplateError) -> JSONValue {
      var piped: JSONValue?
      for command in pipeline.commands {
        piped = try evaluate(command, dot, piped: piped, place: pipeline.place)
      }
      return piped ?? .null
    }

    private func evaluate(
      _ command: TemplateNode.Command, _ dot: JSONValue, piped: JSONValue?, place: String
    ) throws(TemplateError) -> JSONValue {
      guard let first = command.operands.first else { return .null }
      let rest = command.operands.dropFirst()
      if case .function(let name) = first, name == "and" || name == "or" {
        return try choose(name, rest, dot, piped: piped, place: place)
      }
      var arguments: [JSONValue] = []
      // The one function that tells a null from an empty list.
      let isTyped = first != .function("json")
      for operand in rest { arguments.append(try evaluate(operand, dot, place, isTyped: isTyped)) }
      if let piped { arguments.append(piped) }
      switch first {
      case .function(let name): return try TemplateFunctions.call(name, arguments)
      case .field(let name) where !arguments.isEmpty:
        if let value = method(dot, name, arguments) { return value }
        throw TemplateError("\(place): \(name) has arguments but cannot be invoked as function")
      default:
        guard arguments.isEmpty else { throw TemplateError(": can't give argument to non-function\(place)") }
        return try evaluate(first, dot, place)
      }
    }

    /// `and` is its first false argument, `or` its first true one, else the last.
    private func choose(
      _ name: String, _ operands: ArraySlice<TemplateNode.Operand>, _ dot: JSONValue, piped: JSONValue?, place: String
    ) throws(TemplateError) -> JSONValue {
      var last = JSONValue.null
      for operand in operands {
        last = try evaluate(operand, dot, place)
        if TemplateText.isTrue(last) == (name == "or") { return last }
      }
      return piped ?? last
    }

    private func evaluate(
      _ operand: TemplateNode.Operand, _ dot: JSONValue, _ place: String, isTyped: Bool = true
    ) throws(TemplateError) -> JSONValue {
      switch operand {
      case .dot: return dot
      case .literal(let value): return value
      case .variable(let name):
        if name.isEmpty { return root }
        guard let found = variables.last(where: { $0.name == name }) else {
          throw TemplateError(": undefined variable \"$\(name)\"")
        }
        return found.value
      case .function(let name): return try TemplateFunctions.call(name, [])
      case .field(let name): return try FieldRules.field(name, of: dot, isTyped: isTyped, place: place)
      case .group(let pipeline): return try evaluate(pipeline, dot)
      case .fields(let base, let names):
        var value = try evaluate(base, dot, place, isTyped: isTyped)
        for name in names { value = try FieldRules.field(name, of: value, isTyped: isTyped, place: place) }
        return value
      }
    }
  }
}

import EngineClient

/// Builds the tree of a template.
struct TemplateParser {
  private typealias Token = TemplateLexer.Token

  private var tokens: ArraySlice<Token>
  private var depth = 0
  /// Where the action begins that is being parsed.
  private var position = 0
  /// Blocks and parentheses inside each other: each costs stack.
  private static let depthMax = 100

  /// Parses `text`.
  ///
  /// - Throws: what is wrong with it, as Go says it.
  static func parse(_ text: String) throws(TemplateError) -> [TemplateNode] {
    var parser = TemplateParser(tokens: try TemplateLexer.tokens(text)[...])
    let (nodes, end) = try parser.list()
    guard end == nil else { throw TemplateError(": unexpected {{\(end ?? "")}}") }
    return nodes
  }

  private init(tokens: ArraySlice<Token>) { self.tokens = tokens }

  private mutating func enter() throws(TemplateError) {
    depth += 1
    guard depth <= Self.depthMax else { throw TemplateError(": nested deeper than \(Self.depthMax) levels") }
  }

  /// Nodes up to the end, or to `{{end}}` or `{{else…}}`, whose word it answers; what follows `else` is still there.
  private mutating func list() throws(TemplateError) -> ([TemplateNode], end: String?) {
    try enter()
    defer { depth -= 1 }
    var nodes: [TemplateNode] = []
    while let token = tokens.popFirst() {
      if case .text(let text) = token {
        if !text.isEmpty { nodes.append(.text(text)) }
        continue
      }
      if case .open(let offset) = token { position = offset }
      switch tokens.first {
      case .word("end"):
        tokens.removeFirst()
        try expectClose("end")
        return (nodes, "end")
      case .word("else"):
        tokens.removeFirst()
        return (nodes, "else")
      case .word("if"): nodes.append(try block { .branch($0, $1, $2) })
      case .word("with"): nodes.append(try block { .with($0, $1, $2) })
      case .word("range"): nodes.append(try block { .range($0, $1, $2) })
      case .word(let word) where ["define", "template", "block", "break", "continue"].contains(word):
        throw TemplateError(": {{\(word)}} is not supported")
      default:
        let pipeline = try pipeline()
        try expectClose("command")
        nodes.append(.action(pipeline))
      }
    }
    return (nodes, nil)
  }

  private mutating func block(
    _ make: (TemplateNode.Pipeline, [TemplateNode], [TemplateNode]) -> TemplateNode
  ) throws(TemplateError) -> TemplateNode {
    tokens.removeFirst()
    let pipeline = try pipeline()
    try expectClose("block")
    let (body, end) = try list()
    guard let end else { throw TemplateError(": unexpected EOF") }
    if end == "end" { return make(pipeline, body, []) }
    if tokens.first == .word("if") { return make(pipeline, body, [try block { .branch($0, $1, $2) }]) }
    if tokens.first == .word("with") { return make(pipeline, body, [try block { .with($0, $1, $2) }]) }
    try expectClose("else")
    let (alternative, last) = try list()
    guard last == "end" else { throw TemplateError(last == nil ? ": unexpected EOF" : ": unexpected {{else}}") }
    return make(pipeline, body, alternative)
  }

  private mutating func expectClose(_ context: String) throws(TemplateError) {
    guard tokens.popFirst() == .close else { throw TemplateError(": unexpected token in \(context)") }
  }

  private mutating func pipeline() throws(TemplateError) -> TemplateNode.Pipeline {
    try enter()
    defer { depth -= 1 }
    var pipeline = TemplateNode.Pipeline()
    takeVariables(&pipeline)
    let start = tokens
    while true {
      pipeline.commands.append(try command())
      guard tokens.first == .symbol("|") else { break }
      tokens.removeFirst()
    }
    pipeline.source = Self.source(start[..<tokens.startIndex])
    pipeline.position = position
    return pipeline
  }

  /// `$x :=`, `$x =`, `$i, $x :=`.
  private mutating func takeVariables(_ pipeline: inout TemplateNode.Pipeline) {
    var ahead = tokens
    var names: [String] = []
    while case .variable(let name)? = ahead.popFirst() {
      names.append(name)
      switch ahead.popFirst() {
      case .symbol(","): continue
      case .declare, .symbol("="):
        pipeline.assigns = tokens[ahead.startIndex - 1] == .symbol("=")
        pipeline.variables = names
        tokens = ahead
        return
      default: return
      }
    }
  }

  private mutating func command() throws(TemplateError) -> TemplateNode.Command {
    var operands: [TemplateNode.Operand] = []
    while let operand = try operand() { operands.append(operand) }
    guard !operands.isEmpty else { throw TemplateError(": missing value for command") }
    return TemplateNode.Command(operands: operands)
  }

  private mutating func operand() throws(TemplateError) -> TemplateNode.Operand? {
    var operand: TemplateNode.Operand
    switch tokens.first {
    case .field("", _): operand = .dot
    case .field(let name, _): operand = .field(name)
    case .variable(let name): operand = .variable(name)
    case .string(let text): operand = .literal(.string(text))
    case .number(let digits): operand = .literal(.number(digits))
    case .word("true"): operand = .literal(.bool(true))
    case .word("false"): operand = .literal(.bool(false))
    case .word("nil"): operand = .literal(.null)
    case .word(let name):
      guard TemplateFunctions.names.contains(name) else { throw TemplateError(": function \"\(name)\" not defined") }
      operand = .function(name)
    case .symbol("("):
      tokens.removeFirst()
      operand = .group(try pipeline())
      guard tokens.first == .symbol(")") else { throw TemplateError(": unclosed left paren") }
    default: return nil
    }
    tokens.removeFirst()
    var fields: [String] = []
    while case .field(let name, isTight: true)? = tokens.first, !name.isEmpty {
      tokens.removeFirst()
      fields.append(name)
    }
    return fields.isEmpty ? operand : .fields(of: operand, fields)
  }

  private static func source(_ tokens: ArraySlice<Token>) -> String {
    var text = ""
    for token in tokens {
      switch token {
      case .field(let name, isTight: true): text += "." + name
      case .field(let name, _): text += (text.isEmpty ? "." : " .") + name
      case .word(let word): text += (text.isEmpty ? "" : " ") + word
      case .variable(let name): text += (text.isEmpty ? "$" : " $") + name
      case .string(let value): text += (text.isEmpty ? "" : " ") + JSONValue.string(value).compact
      case .number(let digits): text += (text.isEmpty ? "" : " ") + digits
      case .symbol(let symbol): text += symbol == ")" ? ")" : " \(symbol)"
      default: break
      }
    }
    return text
  }
}

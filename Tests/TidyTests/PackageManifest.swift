/// What `Package.swift` says, read from its `room(…)`, `program(…)`, `tests(…)`, `shared(…)`, `.target(…)` and `.systemLibrary(…)`
/// lines.
struct PackageManifest {
  struct Target {
    enum Kind { case room, program, tests }

    let kind: Kind
    /// The folder below `Sources/`; empty for tests.
    let floor: String
    let name: String
    let dependencies: [Dependency]
    let isStatic: Bool
    let line: Int
  }

  struct Dependency {
    let name: String
    let line: Int
  }

  let targets: [Target]

  init(_ file: SourceFile) {
    var targets: [Target] = []
    for (index, token) in file.tokens.enumerated() where token.kind == .word {
      guard index + 1 < file.tokens.count, file.tokens[index + 1].isPunctuation("("),
        index == 0 || !file.tokens[index - 1].isWord("func")
      else { continue }
      let call = Call(file.tokens, openedAt: index + 1)
      if let target = Self.target(token, call) { targets.append(target) }
    }
    self.targets = targets
  }

  /// The target that a call of the functions of `Package.swift` declares, if it is one with literal names.
  private static func target(_ callee: Token, _ call: Call) -> Target? {
    let strings = call.positional
    switch callee.text {
    case "room" where strings.count >= 2:
      return make(.room, floor: strings[0].name, strings[1], strings[2...], call, callee)
    case "program" where strings.count >= 2:
      return make(.program, floor: strings[0].name, strings[1], strings[2...], call, callee)
    case "tests" where strings.count >= 1, "shared" where strings.count >= 1:
      return make(.tests, floor: "", strings[0], strings[1...], call, callee)
    case "target", "systemLibrary":
      // C rooms: `.target(name: "CLinux", path: "Sources/Kernel/CLinux")`.
      guard let name = call.labelled["name"], let path = call.labelled["path"]?.name else { return nil }
      let parts = path.split(separator: "/")
      guard parts.count == 3, parts[2] == name.name[...] else { return nil }
      return make(.room, floor: String(parts[1]), name, [], call, callee)
    default:
      return nil
    }
  }

  private static func make(
    _ kind: Target.Kind, floor: String, _ name: Dependency, _ dependencies: ArraySlice<Dependency>, _ call: Call,
    _ callee: Token
  ) -> Target {
    Target(
      kind: kind, floor: floor, name: name.name, dependencies: Array(dependencies), isStatic: call.isStatic,
      line: callee.line)
  }

  /// The literal arguments of one call.
  private struct Call {
    var positional: [Dependency] = []
    var labelled: [String: Dependency] = [:]
    var isStatic = false

    init(_ tokens: [Token], openedAt open: Int) {
      var depth = 0
      var index = open
      while index < tokens.count {
        let token = tokens[index]
        if "([".contains(token.text) && token.kind == .punctuation { depth += 1 }
        if ")]".contains(token.text) && token.kind == .punctuation { depth -= 1 }
        if depth == 0 { break }
        let label = Self.label(tokens, index)
        if token.kind == .string && depth == 1 {
          let value = Dependency(name: token.text, line: token.line)
          if let label { labelled[label] = value } else { positional.append(value) }
        }
        // `.product(name: "NIOCore", package: "swift-nio")` is a dependency on its product.
        if token.kind == .string && depth == 2 && label == "name" {
          positional.append(Dependency(name: token.text, line: token.line))
        }
        if token.isWord("true") && label == "isStatic" { isStatic = true }
        index += 1
      }
    }

    private static func label(_ tokens: [Token], _ index: Int) -> String? {
      index >= 2 && tokens[index - 1].isPunctuation(":") ? tokens[index - 2].text : nil
    }
  }
}

import Runtime

/// The words of an OCI runtime's command line: `--flag`, `--key value`, `--key=value`, `-k value`, and the rest.
///
/// Flags end at the first word that is none, as with runc: what follows a container's id is the command's own.
struct Arguments {
  private var flags: Set<String> = []
  private var values: [String: [String]] = [:]
  /// What is left after the flags.
  private(set) var operands: [String] = []

  /// Reads `words`.
  ///
  /// - Parameter flags: names without value. `values`: names with one. Short forms stand in both as given (`"t"`).
  /// - Throws: `invalid`, naming a flag that is neither.
  init(_ words: [String], flags known: Set<String>, values withValue: Set<String>) throws(RuntimeError) {
    var rest = words[...]
    while let word = rest.first, word.hasPrefix("-"), word != "-" {
      rest.removeFirst()
      if word == "--" { break }
      let body = word.drop { $0 == "-" }
      let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      if known.contains(name) {
        if parts.count == 1 || parts[1] == "true" { flags.insert(name) }
      } else if withValue.contains(name) {
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
          throw RuntimeError(.invalid, "flag needs an argument: \(word)")
        }
        values[name, default: []].append(value)
      } else {
        throw RuntimeError(.invalid, "flag provided but not defined: \(word)")
      }
    }
    operands = Array(rest)
  }

  /// Whether one of `names` was given.
  func has(_ names: String...) -> Bool { names.contains { flags.contains($0) } }

  /// The last value given for one of `names`.
  func value(_ names: String...) -> String? { names.compactMap { values[$0]?.last }.last }

  /// All values given for one of `names`, in order.
  func all(_ names: String...) -> [String] { names.flatMap { values[$0] ?? [] } }

  /// The operand at `index`.
  func operand(_ index: Int, _ meaning: String) throws(RuntimeError) -> String {
    guard index < operands.count else { throw RuntimeError(.invalid, "missing argument: \(meaning)") }
    return operands[index]
  }
}

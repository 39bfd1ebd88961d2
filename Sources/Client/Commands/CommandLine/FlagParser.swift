/// Reads a command's arguments as Docker's client does, which follows GNU with three habits of its own: a switch may
/// carry a value (`--rm=false`), a value may begin with a dash (`--memory-swap -1`), and a value may stick to the last
/// letter of a cluster (`-itv/src:/dst`).
struct FlagParser<Options> {
  let flags: [Flag<Options>]
  /// Whether flags may follow arguments. They may not where the arguments are another program's command line.
  let allowsFlagsAfterArguments: Bool

  /// Fills `options` and answers what are no flags.
  func parse(_ words: [String], into options: inout Options) throws(UsageProblem) -> [String] {
    var arguments: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" { return arguments + rest }
      if word.hasPrefix("--") {
        try parseLong(word, &rest, &options)
      } else if word.hasPrefix("-"), word != "-" {
        try parseCluster(word, &rest, &options)
      } else {
        arguments.append(word)
        if !allowsFlagsAfterArguments { return arguments + rest }
      }
    }
    return arguments
  }

  private func parseLong(
    _ word: String, _ rest: inout ArraySlice<String>, _ options: inout Options
  ) throws(UsageProblem) {
    let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, !name.isEmpty, name.first != "-" else {
      throw UsageProblem("bad flag syntax: \(word)")
    }
    guard let flag = flags.first(where: { $0.name == name }) else {
      if name == "help" { throw UsageProblem.helpWanted }
      throw UsageProblem("unknown flag: --\(name)")
    }
    if parts.count == 2 {
      try take(String(parts[1]), flag, &options)
    } else if flag.valueName == nil {
      try take("true", flag, &options)
    } else if let value = rest.popFirst() {
      try take(value, flag, &options)
    } else {
      throw UsageProblem("flag needs an argument: --\(name)")
    }
  }

  /// `-it`, `-p8080:80`, `-n=5`: switches, and then perhaps one flag with a value.
  private func parseCluster(
    _ word: String, _ rest: inout ArraySlice<String>, _ options: inout Options
  ) throws(UsageProblem) {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let flag = flags.first(where: { $0.short == letter }) else {
        if letter == "h" { throw UsageProblem.helpWanted }
        throw UsageProblem("unknown shorthand flag: '\(letter)' in \(word)")
      }
      if letters.first == "=" {
        return try take(String(letters.dropFirst()), flag, &options)
      } else if flag.valueName == nil {
        try take("true", flag, &options)
      } else if !letters.isEmpty {
        return try take(String(letters), flag, &options)
      } else if let value = rest.popFirst() {
        return try take(value, flag, &options)
      } else {
        throw UsageProblem("flag needs an argument: '\(letter)' in \(word)")
      }
    }
  }

  private func take(_ value: String, _ flag: Flag<Options>, _ options: inout Options) throws(UsageProblem) {
    do { try flag.take(&options, value) } catch {
      throw UsageProblem("invalid argument \"\(value)\" for \"\(flag.spelling)\" flag: \(error.reason)")
    }
  }
}

/// Why a command line makes no sense.
struct UsageProblem: Error, Equatable {
  let reason: String
  init(_ reason: String) { self.reason = reason }

  /// Not a mistake: `--help` was given.
  static let helpWanted = UsageProblem("help")
}

/// A flag of a command, defined once: its spelling, its help, and where its value goes.
struct Flag<Options> {
  /// The long spelling, without dashes. Docker's.
  let name: String
  /// The short spelling.
  let short: Character?
  /// What the help calls the value: `string`, `list`, `bytes`. Nil for a switch, which needs none.
  let valueName: String?
  /// One sentence, ours.
  let help: String
  /// Old spellings still work, but nobody needs to learn them.
  var isHidden = false
  /// Takes one occurrence's value.
  let take: (inout Options, String) throws(FlagValueError) -> Void
}

/// Why a flag's value is not one.
struct FlagValueError: Error, Equatable {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension Flag {
  /// A flag that is on or off. `--name` means `--name=true`.
  static func toggle(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, Bool>, _ help: String
  ) -> Flag {
    Flag(name: name, short: short, valueName: nil, help: help) { (options, text) throws(FlagValueError) in
      options[keyPath: path] = try parseBool(text)
    }
  }

  /// A flag with a text; the last occurrence counts.
  static func text(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, String>, _ help: String,
    valueName: String = "string"
  ) -> Flag {
    Flag(name: name, short: short, valueName: valueName, help: help) { options, text in options[keyPath: path] = text }
  }

  /// A flag with a text of which it matters whether it was given at all.
  static func optionalText(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, String?>, _ help: String
  ) -> Flag {
    Flag(name: name, short: short, valueName: "string", help: help) { options, text in options[keyPath: path] = text }
  }

  /// A flag that may be repeated and keeps every value.
  static func list(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, [String]>, _ help: String,
    valueName: String = "list"
  ) -> Flag {
    Flag(name: name, short: short, valueName: valueName, help: help) { options, text in
      options[keyPath: path].append(text)
    }
  }

  /// A flag with a value that `parse` reads.
  static func value<Value>(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, Value>, _ valueName: String,
    _ help: String, _ parse: @escaping (String) throws(FlagValueError) -> Value
  ) -> Flag {
    Flag(name: name, short: short, valueName: valueName, help: help) { (options, text) throws(FlagValueError) in
      options[keyPath: path] = try parse(text)
    }
  }

  /// A flag with values that `parse` reads, which may be repeated.
  static func values<Value>(
    _ name: String, _ short: Character? = nil, _ path: WritableKeyPath<Options, [Value]>, _ valueName: String,
    _ help: String, _ parse: @escaping (String) throws(FlagValueError) -> Value
  ) -> Flag {
    Flag(name: name, short: short, valueName: valueName, help: help) { (options, text) throws(FlagValueError) in
      options[keyPath: path].append(try parse(text))
    }
  }

  /// The same flag, which the help does not show.
  var hidden: Flag {
    var flag = self
    flag.isHidden = true
    return flag
  }

  /// The flag of a group of options as a flag of the command that holds the group at `path`.
  func inside<Outer>(_ path: WritableKeyPath<Outer, Options>) -> Flag<Outer> {
    Flag<Outer>(name: name, short: short, valueName: valueName, help: help, isHidden: isHidden) {
      (outer, text) throws(FlagValueError) in try take(&outer[keyPath: path], text)
    }
  }

  /// `-m, --memory`, as messages quote it.
  var spelling: String { short.map { "-\($0), --\(name)" } ?? "--\(name)" }
}

/// Go's `strconv.ParseBool`.
func parseBool(_ text: String) throws(FlagValueError) -> Bool {
  switch text {
  case "1", "t", "T", "true", "TRUE", "True": return true
  case "0", "f", "F", "false", "FALSE", "False": return false
  default: throw FlagValueError("strconv.ParseBool: parsing \"\(text)\": invalid syntax")
  }
}

/// Go's `strconv.ParseInt` of a decimal number.
func parseInteger(_ text: String) throws(FlagValueError) -> Int64 {
  guard let value = Int64(text) else {
    let isNumber = !text.isEmpty && text.drop { $0 == "-" || $0 == "+" }.allSatisfy(\.isNumber)
    let reason = isNumber ? "value out of range" : "invalid syntax"
    throw FlagValueError("strconv.ParseInt: parsing \"\(text)\": \(reason)")
  }
  return value
}

/// How long, as people read and write it.
enum Durations {
  /// `About an hour`, `3 weeks`: the rules of Docker's `go-units`.
  static func human(seconds: Double) -> String {
    let whole = Int(seconds)
    let minutes = Int(seconds / 60)
    let hours = Int(seconds / 3600 + 0.5)
    switch true {
    case whole < 1: return "Less than a second"
    case whole == 1: return "1 second"
    case whole < 60: return "\(whole) seconds"
    case minutes == 1: return "About a minute"
    case minutes < 60: return "\(minutes) minutes"
    case hours == 1: return "About an hour"
    case hours < 48: return "\(hours) hours"
    case hours < 24 * 7 * 2: return "\(hours / 24) days"
    case hours < 24 * 30 * 2: return "\(hours / 24 / 7) weeks"
    case hours < 24 * 365 * 2: return "\(hours / 24 / 30) months"
    default: return "\(Int(seconds / 3600) / 24 / 365) years"
    }
  }

  /// Nanoseconds in each unit of Go's durations.
  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
  ]

  /// Reads `1h30m`, `1.5s`, `-10ms` into nanoseconds: Go's `time.ParseDuration`.
  static func parse(_ text: String) throws(FlagValueError) -> Int64 {
    let invalid = FlagValueError("time: invalid duration \"\(text)\"")
    var rest = text[...]
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    if rest == "0" { return 0 }
    guard !rest.isEmpty else { throw invalid }
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      guard !number.isEmpty, let value = Double(number) else { throw invalid }
      let name = rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty else { throw FlagValueError("time: missing unit in duration \"\(text)\"") }
      guard let unit = units.first(where: { $0.name == name }) else {
        throw FlagValueError("time: unknown unit \"\(name)\" in duration \"\(text)\"")
      }
      total += value * unit.nanoseconds
    }
    guard total < 0x1p63 else { throw invalid }
    return isNegative ? -Int64(total) : Int64(total)
  }
}

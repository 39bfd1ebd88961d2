import Glibc
import Linux

/// Times as Docker's API writes and reads them. Ours are nanoseconds since 1970.
enum WireTime {
  /// Go's zero time, which stands for "never".
  static let never = "0001-01-01T00:00:00Z"

  /// RFC 3339 in UTC: with nanoseconds, without zeros at the end, or in whole seconds.
  static func text(_ time: Int64, wholeSeconds: Bool = false) -> String {
    var (seconds, nanoseconds) = (time / 1_000_000_000, time % 1_000_000_000)
    if nanoseconds < 0 { (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000) }
    var clock = time_t(seconds)
    var parts = tm()
    gmtime_r(&clock, &parts)
    let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    let hours = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    var fraction = ""
    if !wholeSeconds, nanoseconds > 0 {
      fraction = ".\(padded(Int32(nanoseconds), 9))"
      while fraction.last == "0" { fraction.removeLast() }
    }
    return "\(date)T\(hours)\(fraction)Z"
  }

  /// RFC 3339 with all nine digits of the fraction, as log lines have it: they stand below each other.
  static func aligned(_ time: Int64) -> String {
    let nanoseconds = ((time % 1_000_000_000) + 1_000_000_000) % 1_000_000_000
    return "\(text(time, wholeSeconds: true).dropLast()).\(padded(Int32(nanoseconds), 9))Z"
  }

  /// Reads RFC 3339; nil for anything else.
  static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int32? {
      guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else { return nil }
      return Int32(String(decoding: bytes[range], as: UTF8.self))
    }
    guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] | 0x20 == UInt8(ascii: "t"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let year = number(0..<4),
      let month = number(5..<7),
      let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
    else { return nil }
    var rest = bytes[19...]
    var nanoseconds: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (48...57).contains($0) }
      guard (1...9).contains(digits.count) else { return nil }
      nanoseconds =
        Int64(String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: 9 - digits.count)) ?? 0
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = offset(rest) else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
    let (product, overflow) = (Int64(timegm(&parts)) - offset).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : product + nanoseconds
  }

  /// `Z`, `+02:00` or `-07:00`, in seconds.
  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
    if bytes.count == 1, bytes.first.map({ $0 | 0x20 }) == UInt8(ascii: "z") { return 0 }
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard bytes.count == 6, parts.count == 2, let hours = Int64(parts[0]), let minutes = Int64(parts[1]),
      hours >= 0, minutes >= 0
    else { return nil }
    switch text.first {
    case "+": return hours * 3600 + minutes * 60
    case "-": return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  /// Reads `since` and `until` of the API: seconds with up to nine decimals.
  static func parse(timestamp text: String) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let seconds = Int64(parts[0]) else { return nil }
    let digits = parts.count > 1 ? String(parts[1].prefix(9)) : ""
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    let nanoseconds = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : product + nanoseconds
  }

  /// The time of day.
  static func now() -> Int64 {
    let now = FileTime.now()
    return now.seconds * 1_000_000_000 + now.nanoseconds
  }

  /// Reads a duration as Go writes it, `1h30m`, and says when that was.
  static func parse(ago text: String) -> Int64? {
    var rest = text[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      let units: [Substring: Int64] = [
        "h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1,
      ]
      guard let number = Int64(digits), let scale = units[unit] else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: scale)
      let (sum, isTooLong) = total.addingReportingOverflow(product)
      guard !overflow, !isTooLong else { return nil }
      total = sum
    }
    return text.isEmpty ? nil : now().subtractingReportingOverflow(total).partialValue
  }

  private static func padded(_ number: Int32, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

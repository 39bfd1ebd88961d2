import Glibc
import Linux

/// A moment, as Docker's texts write it: RFC 3339 and Go's own form.
struct Timestamp: Equatable, Comparable {
  /// After 1970 in UTC, without leap seconds.
  let seconds: Int64
  let nanoseconds: Int64

  /// The moment `seconds` after 1970.
  init(seconds: Int64, nanoseconds: Int64 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The time of day.
  static func now() -> Timestamp {
    let now = FileTime.now()
    return Timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
  }

  static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }

  /// How many seconds passed from here to `later`.
  func seconds(until later: Timestamp) -> Double {
    Double(later.seconds - seconds) + Double(later.nanoseconds - nanoseconds) / 1e9
  }

  /// Whether this is Go's zero time, which means "never".
  var isZero: Bool { seconds <= -62_135_596_800 }

  // MARK: - Reading

  /// Reads `2026-11-24T13:57:02.123456789Z`, `…+01:00`, and the shorter forms that Docker's flags take: without a
  /// zone (then it is the local one), without seconds, without a time.
  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard let date = Self.numbers(&rest, 4, 2, 2, separator: "-") else { return nil }
    var time: [Int64] = [0, 0, 0]
    var fraction: Int64 = 0
    if rest.first == UInt8(ascii: "T") {
      rest.removeFirst()
      guard let hour = Self.number(&rest, 2) else { return nil }
      time[0] = hour
      for index in 1...2 where rest.first == UInt8(ascii: ":") {
        rest.removeFirst()
        guard let part = Self.number(&rest, 2) else { return nil }
        time[index] = part
      }
      if rest.first == UInt8(ascii: ".") {
        rest.removeFirst()
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        fraction = Int64(String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: 9 - digits.count)) ?? 0
      }
    }
    guard (1...12).contains(date[1]), (1...31).contains(date[2]), time[0] < 24, time[1] < 60, time[2] < 60 else {
      return nil
    }
    let local = Self.days(year: date[0], month: date[1], day: date[2]) * 86400 + time[0] * 3600 + time[1] * 60 + time[2]
    guard let offset = Self.offset(&rest, at: local), rest.isEmpty else { return nil }
    self.init(seconds: local - offset, nanoseconds: fraction)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int64? {
    let part = rest.prefix(digits)
    guard part.count == digits, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(digits)
    return Int64(String(decoding: part, as: UTF8.self))
  }

  private static func numbers(
    _ rest: inout ArraySlice<UInt8>, _ digits: Int..., separator: Unicode.Scalar
  ) -> [Int64]? {
    var numbers: [Int64] = []
    for (index, count) in digits.enumerated() {
      if index > 0 { guard rest.popFirst() == UInt8(ascii: separator) else { return nil } }
      guard let value = number(&rest, count) else { return nil }
      numbers.append(value)
    }
    return numbers
  }

  /// Seconds east of Greenwich; of the local zone where none is written.
  private static func offset(_ rest: inout ArraySlice<UInt8>, at local: Int64) -> Int64? {
    switch rest.first {
    case nil: return Zone(at: local).offset
    case UInt8(ascii: "Z"):
      rest.removeFirst()
      return 0
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      let sign: Int64 = rest.removeFirst() == UInt8(ascii: "-") ? -1 : 1
      guard let zone = numbers(&rest, 2, 2, separator: ":") else { return nil }
      return sign * (zone[0] * 3600 + zone[1] * 60)
    default: return nil
    }
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar, by counting years from March.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  // MARK: - Writing

  /// `2026-11-24 14:11:29 +0000 UTC`, in the local zone: Go's `Time.String`.
  var goText: String {
    let zone = Zone(at: seconds)
    let fraction = trimmedFraction
    return "\(date(zone)) \(time(zone))\(fraction) \(zone.offsetText(separator: "")) \(zone.name)"
  }

  /// `2026-11-24T14:11:29Z`, in the local zone.
  var rfc3339: String {
    let zone = Zone(at: seconds)
    return "\(date(zone))T\(time(zone))\(zone.rfc3339Suffix)"
  }

  /// `2026-11-24T14:11:29.000000000Z`, in the local zone, always with nine digits: they stand below each other.
  var rfc3339Nano: String {
    let zone = Zone(at: seconds)
    return "\(date(zone))T\(time(zone)).\(padded(nanoseconds, 9))\(zone.rfc3339Suffix)"
  }

  /// `Mon Nov 24 14:11:29 2026`, in UTC as the engine wrote it: Go's `ANSIC`.
  var ansic: String {
    let fields = Zone.utc(seconds)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let day = fields.tm_mday < 10 ? " \(fields.tm_mday)" : "\(fields.tm_mday)"
    let time = [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded(Int64($0), 2) }.joined(separator: ":")
    return "\(days[Int(fields.tm_wday)]) \(months[Int(fields.tm_mon)]) \(day) \(time) \(fields.tm_year + 1900)"
  }

  /// `1136073845.000000001`, as the API takes it.
  var apiText: String { "\(seconds).\(padded(nanoseconds, 9))" }

  private func date(_ zone: Zone) -> String {
    let fields = Zone.utc(seconds + zone.offset)
    return [(Int64(fields.tm_year) + 1900, 4), (Int64(fields.tm_mon) + 1, 2), (Int64(fields.tm_mday), 2)]
      .map(padded).joined(separator: "-")
  }

  private func time(_ zone: Zone) -> String {
    let fields = Zone.utc(seconds + zone.offset)
    return [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded(Int64($0), 2) }.joined(separator: ":")
  }

  private var trimmedFraction: String {
    guard nanoseconds > 0 else { return "" }
    var digits = padded(nanoseconds, 9)
    while digits.last == "0" { digits.removeLast() }
    return "." + digits
  }
}

/// The local time zone at one moment.
private struct Zone {
  let offset: Int64
  let name: String

  init(at seconds: Int64) {
    var moment = time_t(seconds)
    var fields = tm()
    localtime_r(&moment, &fields)
    offset = Int64(fields.tm_gmtoff)
    name = fields.tm_zone.map { String(cString: $0) } ?? "UTC"
  }

  func offsetText(separator: String) -> String {
    let minutes = abs(offset) / 60
    return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + separator + padded(minutes % 60, 2)
  }

  var rfc3339Suffix: String { offset == 0 ? "Z" : offsetText(separator: ":") }

  static func utc(_ seconds: Int64) -> tm {
    var moment = time_t(seconds)
    var fields = tm()
    gmtime_r(&moment, &fields)
    return fields
  }
}

private func padded(_ value: Int64, _ digits: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

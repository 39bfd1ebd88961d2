package import Linux

/// When a record was logged: nanoseconds since 1970, UTC, so from 1677 to 2262.
package struct LogTime: Comparable, Hashable, Sendable {
  package let nanoseconds: Int64

  /// A time `nanoseconds` after 1970 began.
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The kernel's `time`; what lies outside the range becomes its nearest end.
  package init(_ time: FileTime) {
    let (scaled, overflow) = time.seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
    let (sum, overflows) = scaled.addingReportingOverflow(time.nanoseconds)
    nanoseconds = overflow || overflows ? (time.seconds < 0 ? .min : .max) : sum
  }

  /// The time of day.
  package static func now() -> LogTime { LogTime(FileTime.now()) }

  package static func < (left: LogTime, right: LogTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Earlier than every record.
  static let distantPast = LogTime(nanoseconds: .min)
}

private let nanosecondsPerSecond: Int64 = 1_000_000_000
private let secondsPerDay: Int64 = 86400

// RFC 3339 as Go's time.RFC3339Nano writes it: `2016-10-06T00:17:09.669794202Z`, without trailing zeros of the fraction
// and without a fraction that is zero.
extension LogTime {
  /// The longest text that `write` makes.
  static let textBytesMax = 30

  /// Writes this time to `text`, which has room for `textBytesMax` bytes, and says how many it took.
  func write(to text: UnsafeMutablePointer<UInt8>) -> Int {
    let (seconds, fraction) = nanoseconds.flooredDivision(by: nanosecondsPerSecond)
    let (days, second) = seconds.flooredDivision(by: secondsPerDay)
    let date = CivilDate(daysSince1970: days)
    put(date.year, 4, "-", text)
    put(date.month, 2, "-", text + 5)
    put(date.day, 2, "T", text + 8)
    put(second / 3600, 2, ":", text + 11)
    put(second / 60 % 60, 2, ":", text + 14)
    put(second % 60, 2, ".", text + 17)
    guard fraction != 0 else {
      text[19] = UInt8(ascii: "Z")
      return 20
    }
    put(fraction, 9, "Z", text + 20)
    var end = 29
    while text[end - 1] == UInt8(ascii: "0") { end -= 1 }
    text[end] = UInt8(ascii: "Z")
    return end + 1
  }

  private func put(_ value: Int64, _ digits: Int, _ separator: Unicode.Scalar, _ text: UnsafeMutablePointer<UInt8>) {
    var rest = value
    for index in stride(from: digits - 1, through: 0, by: -1) {
      text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    text[digits] = UInt8(ascii: separator)
  }

  /// Reads an RFC 3339 time in UTC or with an offset; nil if it is none or outside the range.
  init?(parsing text: UnsafeRawBufferPointer) {
    guard text.count >= 20, text.count <= 35,
      text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2),
      let hour = number(text, 11, 2), let minute = number(text, 14, 2), let second = number(text, 17, 2),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if text[index] == UInt8(ascii: ".") {
      index += 1
      var scale = nanosecondsPerSecond
      while index < text.count, scale > 1, let digit = number(text, index, 1) {
        scale /= 10
        fraction += digit * scale
        index += 1
      }
      guard index > 20 else { return nil }
    }
    guard index < text.count, let offset = Self.offset(text, at: index) else { return nil }
    let days = CivilDate(year: year, month: month, day: day).daysSince1970
    var seconds = days * secondsPerDay + hour * 3600 + minute * 60 + second - offset
    if seconds < 0, fraction > 0 {
      // Towards zero, so that the first nanoseconds of the range do not overflow on the way.
      seconds += 1
      fraction -= nanosecondsPerSecond
    }
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
    let (sum, overflows) = scaled.addingReportingOverflow(fraction)
    guard !overflow, !overflows else { return nil }
    nanoseconds = sum
  }

  /// The seconds east of UTC that `Z` or `+hh:mm` at the end of `text` says.
  private static func offset(_ text: UnsafeRawBufferPointer, at index: Int) -> Int64? {
    switch text[index] {
    case UInt8(ascii: "Z"): return index + 1 == text.count ? 0 : nil
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":"),
        let hours = number(text, index + 1, 2), let minutes = number(text, index + 4, 2), hours < 24, minutes < 60
      else { return nil }
      return (hours * 60 + minutes) * (text[index] == UInt8(ascii: "+") ? 60 : -60)
    default: return nil
    }
  }
}

/// The number that `digits` digits from `start` on say.
private func number(_ text: UnsafeRawBufferPointer, _ start: Int, _ digits: Int) -> Int64? {
  var value: Int64 = 0
  for index in start..<start + digits {
    let digit = text[index] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    value = value * 10 + Int64(digit)
  }
  return value
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// A day of the Gregorian calendar, extended over all time.
private struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  // Years begin in March here, so that the leap day is the last of its year. 400 of them have 146097 days, and months
  // from March on have 31, 30, 31, 30, 31 days again and again: 153 in five.
  private static let daysFromMarch0To1970: Int64 = 719468

  var daysSince1970: Int64 {
    let marchYear = month > 2 ? year : year - 1
    let marchMonth = (month + 9) % 12
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - Self.daysFromMarch0To1970
  }

  init(daysSince1970 days: Int64) {
    let (era, dayOfEra) = (days + Self.daysFromMarch0To1970).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }
}

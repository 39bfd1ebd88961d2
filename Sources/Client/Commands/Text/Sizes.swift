import Glibc

/// How many bytes, as people read and write them: the rules of Docker's `go-units`.
enum Sizes {
  private static let decimalUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
  private static let binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]

  /// `1.98MB`: units of 1000, `digits` significant digits.
  static func decimal(_ bytes: some BinaryInteger, digits: Int32 = 4) -> String {
    scaled(Double(bytes), 1000, decimalUnits, digits)
  }

  /// `1.98MB` of a number with a fraction.
  static func decimal(_ bytes: Double, digits: Int32 = 4) -> String { scaled(bytes, 1000, decimalUnits, digits) }

  /// `23.54GiB`: units of 1024.
  static func binary(_ bytes: Double) -> String { scaled(bytes, 1024, binaryUnits, 4) }

  private static func scaled(_ bytes: Double, _ base: Double, _ units: [String], _ digits: Int32) -> String {
    var value = bytes
    var unit = 0
    while value >= base && unit < units.count - 1 {
      value /= base
      unit += 1
    }
    return general(value, digits: digits) + units[unit]
  }

  /// Reads `512m`, `1.5GiB`, `100`: units of 1024 whatever their spelling.
  static func parse(_ text: String) throws(FlagValueError) -> Int64 {
    let invalid = FlagValueError("invalid size: '\(text)'")
    guard let last = text.lastIndex(where: { "0123456789. ".contains($0) }) else { throw invalid }
    let number = text[last] == " " ? text[..<last] : text[...last]
    let suffix = text[text.index(after: last)...].lowercased()
    guard let value = Double(number), value.isFinite else {
      throw FlagValueError("strconv.ParseFloat: parsing \"\(number)\": invalid syntax")
    }
    guard value >= 0, let factor = factor(suffix) else {
      throw value < 0 ? invalid : FlagValueError("invalid suffix: '\(suffix)'")
    }
    guard value * factor < 0x1p63 else { throw invalid }
    return Int64(value * factor)
  }

  private static func factor(_ suffix: String) -> Double? {
    if suffix.isEmpty || suffix == "b" { return 1 }
    guard let unit = suffix.first, let power = "kmgtp".firstIndex(of: unit) else { return nil }
    guard ["", "b", "ib"].contains(suffix.dropFirst()) else { return nil }
    let exponent = "kmgtp".distance(from: "kmgtp".startIndex, to: power) + 1
    return (0..<exponent).reduce(1.0) { product, _ in product * 1024 }
  }
}

/// printf(3)'s `%.*g`.
func general(_ value: Double, digits: Int32) -> String { formatted("%.*g", digits, value) }

/// printf(3)'s `%.*f`.
func fixed(_ value: Double, digits: Int32) -> String { formatted("%.*f", digits, value) }

private func formatted(_ format: String, _ digits: Int32, _ value: Double) -> String {
  var buffer = [CChar](repeating: 0, count: 400)
  // The longest is %f of the largest Double: 309 digits before the point.
  let count = withVaList([digits, value]) { vsnprintf(&buffer, buffer.count, format, $0) }
  return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// A size as Docker's options write it: `10m`, `1g`, `512k`, `100`.
package struct ByteText {
  package let bytes: Int64

  /// Reads it; nil for what is no size.
  package init?(_ text: String) {
    var digits = text.lowercased()[...]
    if digits.hasSuffix("b") { digits.removeLast() }
    let shift: Int64 =
      switch digits.last {
      case "k": 10
      case "m": 20
      case "g": 30
      case "t": 40
      default: 0
      }
    if shift > 0 { digits.removeLast() }
    guard let number = Int64(digits), number >= 0 else { return nil }
    let (scaled, overflows) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflows else { return nil }
    bytes = scaled
  }
}

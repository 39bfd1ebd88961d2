extension Duration {
  /// As Go writes one that is positive: `1m30s`, `1.5s`, `250ms`.
  var goText: String {
    let (seconds, attoseconds) = components
    let nanoseconds = attoseconds / 1_000_000_000
    if seconds == 0 {
      return nanoseconds >= 1_000_000
        ? "\(Self.decimal(nanoseconds / 1_000_000, nanoseconds % 1_000_000, digits: 6))ms"
        : "\(Self.decimal(nanoseconds / 1000, nanoseconds % 1000, digits: 3))µs"
    }
    let text = "\(Self.decimal(seconds % 60, nanoseconds, digits: 9))s"
    if seconds < 60 { return text }
    let minutes = "\(seconds / 60 % 60)m\(text)"
    return seconds < 3600 ? minutes : "\(seconds / 3600)h\(minutes)"
  }

  private static func decimal(_ whole: Int64, _ fraction: Int64, digits: Int) -> String {
    guard fraction != 0 else { return "\(whole)" }
    let text = String(fraction)
    var padded = String(repeating: "0", count: digits - text.utf8.count) + text
    while padded.hasSuffix("0") { padded.removeLast() }
    return "\(whole).\(padded)"
  }
}

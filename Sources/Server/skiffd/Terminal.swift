import Glibc

/// What the daemon says to whoever started it.
enum Terminal {
  /// Writes `text`, or as much as is taken: there is nobody to tell that it was not.
  static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

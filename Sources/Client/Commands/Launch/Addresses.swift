import Glibc

/// Whether `text` is an IPv4 or IPv6 address.
func isAddress(_ text: String) -> Bool {
  // inet_pton(3) wants room for the larger of the two.
  var bytes = [UInt8](repeating: 0, count: 16)
  return inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
}

extension UInt8 {
  /// Whether this is a letter or digit of ASCII.
  var isLetterOrDigit: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}

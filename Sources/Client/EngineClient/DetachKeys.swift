/// The keys that end a session and leave its container running: `ctrl-p,ctrl-q` unless told otherwise.
package struct DetachKeys: Equatable, Sendable {
  package let bytes: [UInt8]

  /// Docker's.
  package static let standard = DetachKeys(bytes: [0x10, 0x11])

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads `ctrl-p,ctrl-q` or `a,b`: single characters, and `ctrl-` with a letter or one of `@[\]^_`.
  ///
  /// - Throws: which part means nothing.
  package init(_ text: String) throws(DetachKeysError) {
    var bytes: [UInt8] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let codes = Array(part.utf8)
      if codes.count == 1 {
        bytes.append(codes[0])
      } else if part.hasPrefix("ctrl-"), codes.count == 6, let code = Self.control(codes[5]) {
        bytes.append(code)
      } else {
        throw DetachKeysError(key: String(part))
      }
    }
    self.bytes = bytes
  }

  private static func control(_ code: UInt8) -> UInt8? {
    switch code {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): code - UInt8(ascii: "a") + 1
    case UInt8(ascii: "@"): 0
    case UInt8(ascii: "[")...UInt8(ascii: "_"): code - UInt8(ascii: "[") + 27
    default: nil
    }
  }
}

/// A key that does not exist.
package struct DetachKeysError: Error, Equatable, CustomStringConvertible {
  let key: String
  package var description: String { "Unknown character: '\(key)'" }
}

/// Watches what is typed for the detach keys.
///
/// A begun sequence is held back until the next key shows whether it is one, and then comes out unchanged.
struct DetachWatcher {
  private let keys: [UInt8]
  private var matched = 0

  init(_ keys: DetachKeys) { self.keys = keys.bytes }

  /// What of `typed` goes on to the container; nil when the keys were typed, which end it all.
  mutating func pass(_ typed: ArraySlice<UInt8>) -> [UInt8]? {
    var passed: [UInt8] = []
    for byte in typed {
      if matched < keys.count, byte == keys[matched] {
        matched += 1
        if matched == keys.count { return nil }
        continue
      }
      passed += keys[..<matched]
      matched = 0
      if keys.first == byte { matched = 1 } else { passed.append(byte) }
    }
    return passed
  }
}

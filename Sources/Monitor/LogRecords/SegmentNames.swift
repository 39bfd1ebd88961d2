import Glibc
import Linux

/// The files of a log: segments `0000000001.log`, `0000000002.log`, … and beside each its index `0000000001.index`.
///
/// Numbers only grow: a segment is never renamed, so a name means the same bytes for as long as it is there.
enum SegmentNames {
  static func log(_ number: UInt64) -> String { padded(number) + logSuffix }
  static func index(_ number: UInt64) -> String { padded(number) + indexSuffix }

  /// The numbers of the segments in `directory`, ascending.
  static func numbers(in directory: Descriptor) throws(SyscallError) -> [UInt64] {
    try directory.entries().compactMap { number(of: $0, logSuffix) }.sorted()
  }

  /// Removes the segments below `first`, and indexes whose segment is gone. What cannot be removed stays, and is tried
  /// again with the next rotation.
  static func removeSegments(below first: UInt64, in directory: Descriptor) throws(SyscallError) {
    for name in try directory.entries() {
      guard let number = number(of: name, logSuffix) ?? number(of: name, indexSuffix), number < first else { continue }
      try? unlink(name, at: .directory(directory))
    }
  }

  private static let logSuffix = ".log"
  private static let indexSuffix = ".index"
  private static let digitsMin = 10
  private static let digitsMax = 18

  private static func padded(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, digitsMin - digits.utf8.count)) + digits
  }

  private static func number(of name: String, _ suffix: String) -> UInt64? {
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.utf8.count)
    guard (digitsMin...digitsMax).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let number = UInt64(digits), number > 0, padded(number) == digits
    else { return nil }
    return number
  }
}

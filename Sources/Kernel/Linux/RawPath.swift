/// A path or file name as the kernel has it: bytes without NUL, which need not be UTF-8.
///
/// Names from archives and from containers' trees go through this type: as a `String` they would be repaired, and then
/// name another file.
package struct RawPath: Hashable, Sendable {
  /// The bytes and the NUL that C wants after them.
  private let terminated: [UInt8]

  /// Takes `bytes`; nil if there is a NUL among them.
  package init?(_ bytes: some Collection<UInt8>) {
    var copy = [UInt8]()
    copy.reserveCapacity(bytes.count + 1)
    copy.append(contentsOf: bytes)
    guard !copy.contains(0) else { return nil }
    copy.append(0)
    terminated = copy
  }

  /// Takes the UTF-8 of `text`, up to a NUL if there is one, as C would.
  package init(_ text: String) { terminated = Array(text.utf8.prefix { $0 != 0 }) + [0] }

  /// The bytes, without terminator.
  package var bytes: ArraySlice<UInt8> { terminated.dropLast() }
  package var isEmpty: Bool { terminated.count == 1 }
  package var count: Int { terminated.count - 1 }

  /// Lends the path as C takes it.
  package func withCString<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try terminated.span.withUnsafeBufferPointer { buffer throws(Failure) in
      // There is always the terminator, so the buffer has an address; CChar and UInt8 have the same layout.
      try buffer.withMemoryRebound(to: CChar.self) { text throws(Failure) in
        try body(text.baseAddress.unsafelyUnwrapped)
      }
    }
  }

  /// `name` in the directory of this path; this path itself may be empty.
  package func appending(_ name: RawPath) -> RawPath {
    isEmpty ? name : RawPath(terminated: bytes + [UInt8(ascii: "/")] + name.terminated)
  }

  private init(terminated: some Sequence<UInt8>) { self.terminated = Array(terminated) }
}

extension RawPath: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral value: String) { self.init(value) }

  /// For people: what is no UTF-8 is replaced.
  package var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension RawPath: Comparable {
  /// The order of their bytes, which no locale changes.
  package static func < (left: RawPath, right: RawPath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

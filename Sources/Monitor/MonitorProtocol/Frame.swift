/// What is in a frame.
package struct FrameType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: UInt8

  /// Takes any number: those that we do not know are skipped.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// What the process reads and writes, by the numbers of Docker's streams: a client may copy frames of output as they
  /// are into an API's stream.
  package static let stdin = FrameType(rawValue: 0)
  package static let stdout = FrameType(rawValue: 1)
  package static let stderr = FrameType(rawValue: 2)

  static let closeInput = FrameType(rawValue: 0x20)
  static let lagged = FrameType(rawValue: 0x21)
  static let hello = FrameType(rawValue: 0x40)
  static let launch = FrameType(rawValue: 0x41)
  static let signal = FrameType(rawValue: 0x42)
  static let resize = FrameType(rawValue: 0x43)
  static let attach = FrameType(rawValue: 0x44)
  static let status = FrameType(rawValue: 0x45)
  static let pause = FrameType(rawValue: 0x46)
  static let resume = FrameType(rawValue: 0x47)
  static let updateLimits = FrameType(rawValue: 0x48)
  static let started = FrameType(rawValue: 0x51)
  static let failed = FrameType(rawValue: 0x52)
  static let exited = FrameType(rawValue: 0x53)
  static let attached = FrameType(rawValue: 0x54)
  static let done = FrameType(rawValue: 0x55)
  static let outOfMemory = FrameType(rawValue: 0x56)

  /// Docker reads and writes 32 KiB at a time, a pipe holds 64: more would only wait in our memory.
  package static let dataBytesMax = 64 << 10
  /// The kernel takes at most 6 MiB of arguments and environment, and then only from who asks for a stack limit of
  /// 24 MiB; a request of the API, where they come from, ends at 4.
  package static let launchBytesMax = 4 << 20
  /// The longest of the others, limits with rules for many devices, is a few KiB.
  package static let otherBytesMax = 64 << 10

  /// The longest payload that a frame of this type may have, whether we know the type or not.
  package var payloadBytesMax: Int {
    switch self {
    case .stdin, .stdout, .stderr: FrameType.dataBytesMax
    case .launch: FrameType.launchBytesMax
    default: FrameType.otherBytesMax
    }
  }

  /// The number, as the document has it.
  package var description: String { "0x\(rawValue < 16 ? "0" : "")\(String(rawValue, radix: 16))" }
}

/// The first eight bytes of a frame:
///
///     0      1           4                    8
///     ┌──────┬───────────┬────────────────────┬───────────┐
///     │ type │ 0   0   0 │ length, big endian │ payload … │
///     └──────┴───────────┴────────────────────┴───────────┘
package struct FrameHeader: Equatable, Sendable {
  package let type: FrameType
  /// The payload's bytes, within the bound of the type.
  package let length: Int

  /// The size of a header.
  package static let bytes = 8

  /// Creates it for a payload of `length` bytes.
  ///
  /// - Throws: `tooLong` beyond the type's bound.
  package init(type: FrameType, length: Int) throws(ProtocolError) {
    guard length <= type.payloadBytesMax else { throw .tooLong(type, length: length, max: type.payloadBytesMax) }
    self.type = type
    self.length = length
  }

  /// Reads it from the eight bytes taken as a big-endian number.
  ///
  /// - Throws: `tooLong`; `notAFrame` when the bytes that must be zero are not, as they are when somebody lost count.
  package init(word: UInt64) throws(ProtocolError) {
    let type = FrameType(rawValue: UInt8(truncatingIfNeeded: word >> 56))
    guard word >> 32 & 0xff_ffff == 0 else { throw .notAFrame(type) }
    try self.init(type: type, length: Int(UInt32(truncatingIfNeeded: word)))
  }

  /// The eight bytes as a number, of which the big-endian form is the header.
  package var word: UInt64 { UInt64(type.rawValue) << 56 | UInt64(length) }
}

/// One frame.
package struct Frame: Equatable, Sendable {
  package let type: FrameType
  package let payload: [UInt8]

  /// Creates it from its members.
  package init(type: FrameType, payload: [UInt8]) {
    self.type = type
    self.payload = payload
  }
}

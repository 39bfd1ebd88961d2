package import Linux

/// Why a connection between a client and a monitor is of no more use. The connection is closed; the task lives on.
package enum ProtocolError: Error, Equatable, CustomStringConvertible {
  /// A payload longer than its type may have.
  case tooLong(FrameType, length: Int, max: Int)
  /// What should be a header has bytes where zeroes belong.
  case notAFrame(FrameType)
  /// A payload, received or to be sent, that is no record of its type.
  case malformed(FrameType, RecordError)
  /// The connection ended inside a frame, or before the peer's hello.
  case ended
  /// The peer's first message was something else.
  case noHello
  /// The peer speaks no version that we speak.
  case unknownVersion(UInt16)
  /// More descriptors came than a launch may have.
  case tooManyDescriptors
  case system(SyscallError)

  package var description: String {
    switch self {
    case .tooLong(let type, let length, let max):
      "a message of type \(type) has \(length) bytes, more than \(max)"
    case .notAFrame(let type): "what seems to be a message of type \(type) has no valid header"
    case .malformed(let type, let error): "a message of type \(type) is malformed: \(error)"
    case .ended: "the connection ended too early"
    case .noHello: "the peer did not say hello"
    case .unknownVersion(let version): "the peer speaks version \(version) of the protocol only"
    case .tooManyDescriptors: "more than \(LaunchRecord.descriptorsMax) descriptors came"
    case .system(let error): "\(error)"
    }
  }
}

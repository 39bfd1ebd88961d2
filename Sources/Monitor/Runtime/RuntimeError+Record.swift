import Linux

/// What the child tells its parent through the report socket: one byte says which, an error is the rest.
enum ChildReport: Equatable {
  /// The container is made and waits to be started.
  case ready
  /// The namespaces are there; the parent's hooks may run. The child waits for one byte.
  case hooks
  case failed(RuntimeError)

  /// An error's text ends here: it must fit the socket's buffer, because the child must never wait for a reader.
  static let errorBytesMax = 8192

  /// The bytes of the report. An error: `E`, its kind, its text to the end of the stream.
  var bytes: [UInt8] {
    switch self {
    case .ready: [UInt8(ascii: "R")]
    case .hooks: [UInt8(ascii: "H")]
    case .failed(let error):
      [UInt8(ascii: "E"), error.kind.rawValue] + error.description.utf8.prefix(ChildReport.errorBytesMax)
    }
  }

  /// Reads one report; nil is the end of the stream: the child became the program, or died.
  static func read(from socket: Descriptor) throws(SyscallError) -> ChildReport? {
    var tag: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &tag) { buffer throws(SyscallError) in try socket.read(into: buffer) }
    guard count == 1 else { return nil }
    switch tag {
    case UInt8(ascii: "R"): return .ready
    case UInt8(ascii: "H"): return .hooks
    default:
      let rest = try socket.readAll(limit: errorBytesMax + 1)
      let kind = rest.first.flatMap(RuntimeError.Kind.init) ?? .system
      return .failed(RuntimeError(kind, String(decoding: rest.dropFirst(), as: UTF8.self)))
    }
  }
}

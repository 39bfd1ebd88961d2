import EngineClient
import Linux

/// Standard output in large pieces.
final class OutputBuffer {
  private let descriptor: Descriptor
  private var bytes: [UInt8] = []
  private static let capacity = 32 << 10

  init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  /// Prints `text` and the end of the line.
  ///
  /// - Throws: `SyscallError`, a broken pipe when nobody reads any more.
  func print(_ text: String, terminator: String = "\n") throws(SyscallError) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(contentsOf: terminator.utf8)
    if bytes.count >= Self.capacity { try flush() }
  }

  /// Writes what is buffered. Before anything waits, and at the end.
  func flush() throws(SyscallError) {
    guard !bytes.isEmpty else { return }
    defer { bytes.removeAll(keepingCapacity: true) }
    try descriptor.writeAll(bytes)
  }

  /// Whether a user is watching.
  var isTerminal: Bool { descriptor.isTerminal }
}

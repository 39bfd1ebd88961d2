import Linux

/// Bytes that wait for a descriptor to take them.
struct ByteQueue {
  private var bytes: [UInt8] = []
  private var start = 0

  /// What a queue keeps allocated when it is empty.
  private static let keptBytesMax = 64 << 10

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  /// Appends a copy of `more`.
  mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

  /// Appends `more`.
  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

  /// Writes as much as `descriptor` takes; false when nobody reads it any more, and then the queue is empty.
  mutating func write(to descriptor: Descriptor) throws(SyscallError) -> Bool {
    while !isEmpty {
      switch try writeOnce(to: descriptor) {
      case .bytes(let count): start += count
      case .wouldBlock: return true
      case .ended:
        clear()
        return false
      }
    }
    clear()
    return true
  }

  private func writeOnce(to descriptor: Descriptor) throws(SyscallError) -> Transfer {
    try bytes.span.extracting(start...).bytes.withUnsafeBytes { buffer throws(SyscallError) in
      try descriptor.writeAvailable(buffer)
    }
  }

  private mutating func clear() {
    bytes.removeAll(keepingCapacity: bytes.capacity <= ByteQueue.keptBytesMax)
    start = 0
  }
}

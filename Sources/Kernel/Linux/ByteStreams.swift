/// Where bytes come from, as read(2) gives them: a file, a socket, a decompressor, a ring between two threads.
package protocol ByteSource {
  associatedtype Failure: Error

  /// Reads up to `buffer.count` bytes and says how many; 0 is the end, and the end stays the end. `buffer` is not empty.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
}

/// Where bytes go to.
package protocol ByteSink {
  associatedtype Failure: Error

  /// Takes all of `buffer`.
  mutating func write(_ buffer: UnsafeRawBufferPointer) throws(Failure)
}

/// The bytes of an open file from its position on.
package struct DescriptorSource: ByteSource {
  private let descriptor: Descriptor

  /// Reads from `descriptor`, which must be blocking.
  package init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
    try descriptor.read(into: buffer)
  }
}

/// Writes to an open file at its position.
package struct DescriptorSink: ByteSink {
  private let descriptor: Descriptor

  /// Writes to `descriptor`, which must be blocking.
  package init(_ descriptor: Descriptor) { self.descriptor = descriptor }

  package mutating func write(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) {
    try descriptor.writeAll(buffer)
  }
}

/// Bytes in memory, as a source.
package struct MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  /// Reads `bytes` from their beginning.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Never) -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count])) }
    position += count
    return count
  }
}

/// Bytes in memory, as a sink. For what is known to be small.
package struct MemorySink: ByteSink {
  package private(set) var bytes: [UInt8] = []

  /// Starts empty.
  package init() {}

  package mutating func write(_ buffer: UnsafeRawBufferPointer) throws(Never) { bytes.append(contentsOf: buffer) }
}

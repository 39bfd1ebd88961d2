import Linux

/// The bytes of a source, a large piece at a time, lent and used up from the front.
struct BlockBuffer<Source: ByteSource>: ~Copyable {
  private var source: Source
  private let memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  /// As large as a pipe gets, and large enough that file data are written in few calls.
  private static var bytes: Int { 512 << 10 }

  init(_ source: consuming Source) {
    self.source = source
    memory = .allocate(byteCount: Self.bytes, alignment: 4096)
  }

  deinit { memory.deallocate() }

  /// How many bytes lie ready.
  var count: Int { end - start }

  /// The bytes that lie ready; they move when more are read.
  var ready: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// The block at the front, which must lie ready.
  var header: TarHeader {
    TarHeader(UnsafeRawBufferPointer(rebasing: memory[start..<start + TarHeader.blockBytes]))
  }

  /// Uses up the first `count` bytes.
  mutating func consume(_ count: Int) { start += count }

  /// Whether at least one byte lies ready, after reading if need be; false at the end of the source.
  mutating func hasByte() throws(ArchiveError.Reason) -> Bool {
    if start == end { try fill() }
    return start < end
  }

  /// Whether a whole block lies ready, after reading if need be.
  mutating func hasBlock() throws(ArchiveError.Reason) -> Bool {
    while end - start < TarHeader.blockBytes {
      if start > 0 {
        // Less than a block: it is moved to the front to make room.
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
        end -= start
        start = 0
      }
      let before = end
      try fill()
      if end == before { return false }
    }
    return true
  }

  /// Reads what the source gives into the room behind the data.
  private mutating func fill() throws(ArchiveError.Reason) {
    if start == end {
      start = 0
      end = 0
    }
    do { end += try source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end...])) } catch {
      throw .stream(error)
    }
  }
}

internal import Linux

/// The bytes of a connection, read ahead into one buffer. The descriptor is blocking.
final class ByteReader {
  let descriptor: Descriptor
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0

  /// 32 KiB hold any head at once and keep large bodies at few system calls.
  private static let capacity = 32 << 10

  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    buffer = .allocate(byteCount: Self.capacity, alignment: 1)
  }

  deinit { buffer.deallocate() }

  /// The next byte, or nil at the end of the connection.
  func byte() throws(ClientError) -> UInt8? {
    if start == end, try fill() == 0 { return nil }
    defer { start += 1 }
    return buffer[start]
  }

  /// Reads up to `target.count` bytes; 0 is the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ClientError) -> Int {
    if start == end {
      // What is larger than the buffer goes straight to its place.
      if target.count >= Self.capacity {
        return try Self.received { () throws(SyscallError) in try descriptor.read(into: target) }
      }
      if try fill() == 0 { return 0 }
    }
    let count = min(target.count, end - start)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + count]))
    start += count
    return count
  }

  /// A line without its end (LF or CRLF), or nil at the end of the connection.
  ///
  /// - Parameter bound: what the whole may have of which `limit` is left, for the error.
  /// - Throws: `tooLarge` beyond `limit` bytes; `disconnected` when the connection ends inside it.
  func line(limit: Int, of bound: Int? = nil, _ what: String) throws(ClientError) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if start == end, try fill() == 0 {
        guard line.isEmpty else { throw .disconnected(during: "sending \(what)") }
        return nil
      }
      let newline = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n"))
      let stop = newline ?? end
      guard line.count + (stop - start) <= limit else { throw .tooLarge(what, limit: bound ?? limit) }
      line.append(contentsOf: buffer[start..<stop])
      start = stop
      if newline != nil {
        start += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
    }
  }

  /// What was read ahead and not yet taken; after this it is taken.
  func takeBuffered() -> [UInt8] {
    defer { start = end }
    return Array(buffer[start..<end])
  }

  /// Whether nothing waits here: no byte was read ahead.
  var isEmpty: Bool { start == end }

  private func fill() throws(ClientError) -> Int {
    start = 0
    end = 0
    end = try Self.received { () throws(SyscallError) in
      try descriptor.read(into: buffer)
    }
    return end
  }

  private static func received(_ body: () throws(SyscallError) -> Int) throws(ClientError) -> Int {
    do { return try body() } catch {
      // A peer that died with bytes of ours unread resets the connection: for us it has ended.
      if error.errno == .connectionReset { return 0 }
      throw .system(error)
    }
  }
}

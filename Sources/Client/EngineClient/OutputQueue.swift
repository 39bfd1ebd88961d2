internal import Linux

/// Output on its way to our own descriptors, in the order in which it came.
///
/// They are shared with whoever started us and so stay blocking. A pipe that polls writable takes `PIPE_BUF` bytes
/// without blocking, so no more are written at a time, and the loop stays alive for signals and input.
struct OutputQueue {
  private var parts: [(target: Descriptor, bytes: ArraySlice<UInt8>)] = []

  /// `PIPE_BUF`: pipe(7).
  private static let partBytesMax = 4096

  /// Whether all of it was written.
  var isEmpty: Bool { parts.isEmpty }

  /// What must become writable next.
  var next: Descriptor? { parts.first?.target }

  /// Adds `bytes` for `target`; without one they are dropped.
  mutating func add(_ bytes: ArraySlice<UInt8>, to target: Descriptor?) {
    guard let target, !bytes.isEmpty else { return }
    parts.append((target, bytes))
  }

  /// Writes one part, which does not block once `next` has polled writable.
  mutating func flush() throws(ClientError) {
    guard let (target, bytes) = parts.first else { return }
    let part = bytes.prefix(Self.partBytesMax)
    do {
      let count = try part.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in try target.write(buffer) }
      if count == bytes.count { parts.removeFirst() } else { parts[0].bytes = bytes.dropFirst(count) }
    } catch {
      // Somebody above may have made it non-blocking.
      if error.errno == .tryAgain { return }
      throw .system(error)
    }
  }

  /// Writes all of it, however long that takes.
  mutating func flushAll() throws(ClientError) {
    while let next {
      do { _ = try waitUntilReady([PollRequest(next, writes: true)]) } catch { throw .system(error) }
      try flush()
    }
  }
}

import Codecs
import Linux
import OCI

/// Buffers that go round between the thread that fills them and the one that empties them.
final class ChunkRing: Sendable {
  private let state: WaitingLock<State>

  /// Enough that neither side waits for the other's hiccups, and 4 MiB in all.
  private static let chunksMax = 8
  private static let chunkBytes = 512 << 10

  // The buffers are handed from one thread to the other under the lock, and touched by whoever has one.
  private struct State: @unchecked Sendable {
    var free: [UnsafeMutableRawBufferPointer] = []
    var full: [(buffer: UnsafeMutableRawBufferPointer, count: Int)] = []
    var outcome: Result<Digest, any Error>?
    var isReading = true
  }

  init() {
    state = WaitingLock(
      State(free: (0..<Self.chunksMax).map { _ in .allocate(byteCount: Self.chunkBytes, alignment: 4096) }))
  }

  deinit {
    state.withLock { state in
      for buffer in state.free { buffer.deallocate() }
      for chunk in state.full { chunk.buffer.deallocate() }
    }
  }

  /// A buffer to fill; nil when nobody reads any more.
  func nextFree() -> UnsafeMutableRawBufferPointer? {
    enum Turn {
      case fill(UnsafeMutableRawBufferPointer)
      case stop
    }
    let turn: Turn = state.wait { state in
      guard state.isReading else { return .stop }
      guard let buffer = state.free.popLast() else { return nil }
      return .fill(buffer)
    }
    guard case .fill(let buffer) = turn else { return nil }
    return buffer
  }

  /// Hands a filled buffer over.
  func push(_ buffer: UnsafeMutableRawBufferPointer, count: Int) { state.withLock { $0.full.append((buffer, count)) } }

  /// Ends the stream.
  func finish(_ outcome: Result<Digest, any Error>) { state.withLock { $0.outcome = outcome } }

  /// The next filled buffer; nil at the end of the stream.
  func nextFull() throws -> (buffer: UnsafeMutableRawBufferPointer, count: Int)? {
    try state.wait { state -> Result<(buffer: UnsafeMutableRawBufferPointer, count: Int)?, any Error>? in
      if !state.full.isEmpty { return .success(state.full.removeFirst()) }
      return state.outcome.map { outcome in outcome.map { _ in nil } }
    }.get()
  }

  /// Gives an emptied buffer back.
  func recycle(_ buffer: UnsafeMutableRawBufferPointer) { state.withLock { $0.free.append(buffer) } }

  /// Lets the filling thread end.
  func stopReading() { state.withLock { $0.isReading = false } }

  /// The digest of the whole stream, once it ended well.
  var digest: Digest? { state.withLock { try? $0.outcome?.get() } }
}

/// The emptying side of a ring, as a source of bytes.
final class RingSource: ByteSource {
  private let ring: ChunkRing
  private var current: (buffer: UnsafeMutableRawBufferPointer, count: Int)?
  private var used = 0

  init(_ ring: ChunkRing) { self.ring = ring }

  deinit { if let current { ring.recycle(current.buffer) } }

  func read(into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> Int {
    while true {
      if let current {
        if used < current.count {
          let count = min(output.count, current.count - used)
          output.copyMemory(from: UnsafeRawBufferPointer(rebasing: current.buffer[used..<used + count]))
          used += count
          return count
        }
        ring.recycle(current.buffer)
        self.current = nil
      }
      do { current = try ring.nextFull() } catch { throw .stream(error) }
      used = 0
      if current == nil { return 0 }
    }
  }
}

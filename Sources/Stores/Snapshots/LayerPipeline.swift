import Archive
import Codecs
import Crypto
import Glibc
import Linux
import OCI

/// Unpacks a layer with two threads:
///
/// ```
/// read, decompress, digest  ──►  ring of 8 × 512 KiB  ──►  unpack
/// ```
///
/// The digest is that of all bytes, also of those behind the archive's end.
struct LayerPipeline {
  private let layer: LayerContent

  /// Beyond this ratio a stream was made to fill disks: gzip cannot reach it (deflate ends at 1032), and zstd does only
  /// with content that nobody ships.
  static let ratioMax: Int64 = 1100
  /// Short streams may have any ratio.
  static let ratioFreeBytes: Int64 = 64 << 20

  init(_ layer: LayerContent) { self.layer = layer }

  /// Runs `unpacker` on the layer, and returns what it did and the digest of the uncompressed bytes.
  func run(_ unpacker: LayerUnpacker) throws -> (LayerUnpacker.Summary, OCI.Digest) {
    let ring = ChunkRing()
    let producer = try WorkerThread { [layer] in Self.produce(layer, into: ring) }
    var unpacker = unpacker
    var reader = TarReader(RingSource(ring))
    let outcome = Result {
      try unpacker.unpack(&reader)
      _ = try reader.drain()
    }
    ring.stopReading()
    producer.join()
    try outcome.get()
    guard let digest = ring.digest else { throw SnapshotError.codec(.truncated) }
    return (unpacker.summary, digest)
  }

  private static func produce(_ layer: LayerContent, into ring: ChunkRing) {
    do {
      let stream = try Decompressor(detecting: DescriptorSource(layer.file))
      var function = SHA256()
      while let buffer = ring.nextFree() {
        var filled = 0
        while filled < buffer.count {
          let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
          let count = try stream.read(into: room)
          if count == 0 { break }
          filled += count
        }
        function.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        layer.progress(stream.bytesIn)
        guard
          stream.bytesOut <= max(ratioFreeBytes, stream.bytesIn.multipliedReportingOverflow(by: ratioMax).partialValue)
        else { throw SnapshotError.bomb(compressed: stream.bytesIn, ratioMax: ratioMax) }
        let isEnd = filled < buffer.count
        ring.push(buffer, count: filled)
        if isEnd {
          // SHA-256 has 32 bytes, for which the initialiser does not fail.
          return ring.finish(
            OCI.Digest(sha256: Array(function.finalize())).map(Result.success) ?? .failure(CodecError.truncated))
        }
      }
    } catch { ring.finish(.failure(error)) }
  }
}

/// A thread that runs one function.
final class WorkerThread {
  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) throws(SyscallError) {
    final class Work: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw SyscallError("pthread_create", errno: Errno(result))
    }
    self.thread = thread
  }

  /// Waits for its end. Called once.
  func join() { pthread_join(thread, nil) }
}

package import Linux

/// Decompresses a stream: a source that gives what another source's bytes decompress to.
///
/// Concatenated gzip members and zstd frames are one stream, as their specifications have it; anything else behind the
/// end is an error, and so is an end in the middle. Checksums are verified by the time that the last byte is given, so
/// bytes must not be trusted before `read` has said 0.
///
/// Nothing here limits how much comes out: whoever reads has `bytesIn` and `bytesOut` to tell a bomb from a layer.
package final class Decompressor<Source: ByteSource>: ByteSource {
  /// How the stream is compressed.
  package let compression: Compression
  /// Compressed bytes that were used.
  package private(set) var bytesIn: Int64 = 0
  /// Decompressed bytes that were given.
  package private(set) var bytesOut: Int64 = 0

  private var source: Source
  private let input: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isSourceAtEnd = false
  /// Nil for bytes that are not compressed.
  private let inflater: (any Inflater)?

  /// Decompresses `source`, which is compressed as its first bytes say.
  package init(detecting source: Source) throws(CodecError) {
    self.source = source
    input = .allocate(byteCount: codecBufferBytes, alignment: 64)
    do throws(CodecError) {
      end = try Self.fill(input, from: &self.source, atLeast: Compression.magicBytes)
      compression = try Compression(of: UnsafeRawBufferPointer(rebasing: input[..<end]))
      switch compression {
      case .none: inflater = nil
      case .gzip: inflater = try GzipInflater()
      case .zstd: inflater = try ZstdInflater()
      }
    } catch {
      // There is no object yet, so no `deinit` either.
      input.deallocate()
      throw error
    }
  }

  deinit { input.deallocate() }

  package func read(into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> Int {
    while true {
      if start == end, !isSourceAtEnd {
        start = 0
        end = try Self.fill(input, from: &source, atLeast: 1)
        isSourceAtEnd = end == 0
      }
      let ready = UnsafeRawBufferPointer(rebasing: input[start..<end])
      guard let inflater else { return pass(ready, to: output) }
      let (used, made) = try inflater.step(ready, into: output)
      start += used
      bytesIn += Int64(used)
      bytesOut += Int64(made)
      if made > 0 { return made }
      if used == 0, isSourceAtEnd {
        guard inflater.isBetweenMembers else { throw .truncated }
        return 0
      }
      guard used > 0 || ready.isEmpty else { throw .corrupt("no progress") }
    }
  }

  /// Gives bytes that are not compressed.
  private func pass(_ ready: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(ready.count, output.count)
    output.copyMemory(from: UnsafeRawBufferPointer(rebasing: ready[..<count]))
    start += count
    bytesIn += Int64(count)
    bytesOut += Int64(count)
    return count
  }

  /// Reads until there are `count` bytes or the source ends.
  private static func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from source: inout Source, atLeast count: Int
  ) throws(CodecError) -> Int {
    var filled = 0
    do {
      while filled < count {
        let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        if got == 0 { break }
        filled += got
      }
    } catch { throw .stream(error) }
    return filled
  }
}

/// The buffers between a codec and its other side: few calls, and still in a core's cache.
let codecBufferBytes = 256 << 10

/// One library's decompression, a step at a time.
protocol Inflater: AnyObject {
  /// Decompresses some of `input` into `output` and says how much of both it used. With an empty input it gives what it
  /// still holds. No more than 4 GiB of either are looked at.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> (
    used: Int, made: Int
  )

  /// Whether the stream may end here: at least one member is complete and no other has begun.
  var isBetweenMembers: Bool { get }
}

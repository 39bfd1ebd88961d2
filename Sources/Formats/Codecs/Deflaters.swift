import CZlib
import CZstd

/// gzip by zlib at level 6. ISA-L would be faster, but its output depends on the CPU it runs on, and a layer's digest
/// must not.
final class GzipDeflater: Deflater {
  // On the heap: zlib remembers its address.
  private let stream: UnsafeMutablePointer<z_stream>

  private static let level: Int32 = 6
  private static let memoryLevel: Int32 = 8

  init() throws(CodecError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = deflateInit2_(
      stream, Self.level, Z_DEFLATED, gzipWindowBits, Self.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool)
    throws(CodecError)
    -> (used: Int, made: Int, isDone: Bool)
  {
    // zlib does not write to its input; its declaration lacks the const.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(clamping: output.count)
    let (givenIn, givenOut) = (stream.pointee.avail_in, stream.pointee.avail_out)
    let result = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
    // No progress possible is no error: there was nothing left to do.
    guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else { throw .corrupt("zlib: \(result)") }
    let used = Int(givenIn - stream.pointee.avail_in)
    let isDone = isLast ? result == Z_STREAM_END : used == input.count && stream.pointee.avail_out > 0
    return (used, Int(givenOut - stream.pointee.avail_out), isDone)
  }
}

/// zstd at level 3 with a checksum.
final class ZstdDeflater: Deflater {
  private let context: OpaquePointer

  init() throws(CodecError) {
    guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool)
    throws(CodecError)
    -> (used: Int, made: Int, isDone: Bool)
  {
    var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = ZSTD_compressStream2(context, &to, &from, isLast ? ZSTD_e_end : ZSTD_e_continue)
    guard ZSTD_isError(result) == 0 else { throw .corrupt(String(cString: ZSTD_getErrorName(result))) }
    return (from.pos, to.pos, isLast ? result == 0 : from.pos == input.count)
  }
}

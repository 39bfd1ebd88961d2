import CZstd

/// zstd: RFC 8878.
final class ZstdInflater: Inflater {
  private let context: OpaquePointer
  private var frames = 0
  private(set) var isBetweenMembers = false

  /// The memory that a frame may demand for its window, 128 MiB: what the zstd command takes without being asked, and
  /// more than any compressor of layers uses.
  static let windowBytesMax = 1 << windowBitsMax
  private static let windowBitsMax: Int32 = 27

  init() throws(CodecError) {
    guard let context = ZSTD_createDCtx() else { throw .outOfMemory }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowBitsMax)
  }

  deinit { ZSTD_freeDCtx(context) }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> (
    used: Int, made: Int
  ) {
    if isBetweenMembers, input.isEmpty { return (0, 0) }
    var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = ZSTD_decompressStream(context, &to, &from)
    guard ZSTD_isError(result) == 0 else { throw error(result) }
    isBetweenMembers = result == 0
    if isBetweenMembers { frames += 1 }
    return (from.pos, to.pos)
  }

  private func error(_ result: Int) -> CodecError {
    switch ZSTD_getErrorCode(result) {
    case ZSTD_error_prefix_unknown where frames > 0: .trailingData
    case ZSTD_error_checksum_wrong: .checksum
    case ZSTD_error_memory_allocation: .outOfMemory
    case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge
    default: .corrupt(String(cString: ZSTD_getErrorName(result)))
    }
  }
}

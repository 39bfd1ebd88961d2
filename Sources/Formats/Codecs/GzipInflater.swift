#if canImport(CISAL)
  import CISAL

  /// gzip by ISA-L, at twice zlib's speed (512 against 226 MB/s of output here): RFC 1952.
  ///
  /// Where there is no ISA-L, which Debian has for amd64 and arm64 only, zlib takes its place at compile time.
  final class GzipInflater: Inflater {
    private let state: UnsafeMutablePointer<inflate_state>
    private var members = 0
    private(set) var isBetweenMembers = false

    init() throws(CodecError) {
      state = .allocate(capacity: 1)
      isal_inflate_init(state)
      state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    deinit { state.deallocate() }

    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> (
      used: Int, made: Int
    ) {
      if isBetweenMembers {
        if input.isEmpty { return (0, 0) }
        isal_inflate_reset(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
        isBetweenMembers = false
      }
      // ISA-L does not write to its input; its declaration lacks the const.
      state.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
      state.pointee.avail_in = UInt32(clamping: input.count)
      state.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
      state.pointee.avail_out = UInt32(clamping: output.count)
      let (givenIn, givenOut) = (state.pointee.avail_in, state.pointee.avail_out)
      try check(isal_inflate(state))
      if state.pointee.block_state == ISAL_BLOCK_FINISH {
        members += 1
        isBetweenMembers = true
      }
      return (Int(givenIn - state.pointee.avail_in), Int(givenOut - state.pointee.avail_out))
    }

    private func check(_ result: Int32) throws(CodecError) {
      switch result {
      case ISAL_DECOMP_OK, ISAL_END_INPUT, ISAL_OUT_OVERFLOW: return
      case ISAL_INVALID_BLOCK: throw .corrupt("invalid block")
      case ISAL_INVALID_SYMBOL: throw .corrupt("invalid symbol")
      case ISAL_INVALID_LOOKBACK: throw .corrupt("it refers to what was before its beginning")
      case ISAL_INVALID_WRAPPER: throw members > 0 ? .trailingData : .corrupt("invalid gzip header")
      case ISAL_UNSUPPORTED_METHOD: throw members > 0 ? .trailingData : .corrupt("unknown compression method")
      case ISAL_INCORRECT_CHECKSUM: throw .checksum
      default: throw .corrupt("error \(result)")
      }
    }
  }
#else
  typealias GzipInflater = ZlibInflater
#endif

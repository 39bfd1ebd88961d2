import CZlib

/// gzip by zlib: RFC 1952. For machines without ISA-L, and for the tests that hold the two together.
final class ZlibInflater: Inflater {
  // On the heap: zlib remembers its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var members = 0
  private(set) var isBetweenMembers = false

  init() throws(CodecError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateInit2_(stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(CodecError) -> (
    used: Int, made: Int
  ) {
    if isBetweenMembers {
      if input.isEmpty { return (0, 0) }
      inflateReset(stream)
      isBetweenMembers = false
    }
    // zlib does not write to its input; its declaration lacks the const.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(clamping: output.count)
    let (givenIn, givenOut) = (stream.pointee.avail_in, stream.pointee.avail_out)
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      members += 1
      isBetweenMembers = true
    case Z_MEM_ERROR: throw .outOfMemory
    default:
      let text = stream.pointee.msg.map { String(cString: $0) } ?? "unknown error"
      // The only way to tell them apart that zlib offers.
      if text == "incorrect data check" || text == "incorrect length check" { throw .checksum }
      throw text == "incorrect header check" && members > 0 ? .trailingData : .corrupt(text)
    }
    return (Int(givenIn - stream.pointee.avail_in), Int(givenOut - stream.pointee.avail_out))
  }
}

/// The largest window, 15 bits, and 16 for "gzip, not zlib".
let gzipWindowBits: Int32 = 15 + 16

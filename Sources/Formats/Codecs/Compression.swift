/// How a stream of bytes is compressed.
package enum Compression: Equatable, Sendable {
  case none, gzip, zstd

  /// How many bytes `init(of:)` looks at.
  package static let magicBytes = 10

  /// Looks at the first bytes of a stream. What is no known magic is not compressed: a tar has none at its front.
  ///
  /// - Parameter start: the first `magicBytes` bytes, or all if there are fewer.
  /// - Throws: `unsupported` for bzip2 and xz, which are recognised so that the error can name them.
  package init(of start: some Collection<UInt8>) throws(CodecError) {
    let bytes = Array(start.prefix(Self.magicBytes))
    func begins(_ magic: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: magic) }
    if begins([0x1f, 0x8b]) {
      self = .gzip
    } else if begins([0x28, 0xb5, 0x2f, 0xfd]) || begins([0x2a, 0x4d, 0x18], at: 1) && bytes[0] & 0xf0 == 0x50 {
      // The second is a skippable frame, with which zstd's seekable variants may begin.
      self = .zstd
    } else if begins(Array("BZh".utf8)), begins([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4) {
      throw .unsupported("bzip2")
    } else if begins([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) {
      throw .unsupported("xz")
    } else {
      self = .none
    }
  }
}

/// Why a stream could not be decompressed or compressed.
package enum CodecError: Error, CustomStringConvertible {
  /// It ends in the middle.
  case truncated
  /// Its bytes are none that a compressor makes; the text says which rule they break.
  case corrupt(String)
  /// What was decompressed is not what was compressed.
  case checksum
  /// Something follows the end that is not compressed.
  case trailingData
  /// A compression that is not ours to read, by its name.
  case unsupported(String)
  /// It needs more memory to decompress than we give it.
  case windowTooLarge
  /// The library could not get memory.
  case outOfMemory
  /// The source of the bytes failed, or what takes them.
  case stream(any Error)

  package var description: String {
    switch self {
    case .truncated: "the compressed data end in the middle"
    case .corrupt(let what): "the compressed data are corrupt: \(what)"
    case .checksum: "the compressed data are corrupt: the checksum is wrong"
    case .trailingData: "the compressed data are followed by something else"
    case .unsupported(let name): "\(name) compression is not supported"
    case .windowTooLarge: "the compressed data need more than \(ZstdInflater.windowBytesMax) bytes to decompress"
    case .outOfMemory: "no memory to decompress"
    case .stream(let error): "\(error)"
    }
  }
}

import Linux
import Testing

@testable import Codecs

/// Text that compresses somewhat, and noise that does not: `count` bytes, the same in every run.
private func sample(_ count: Int) -> [UInt8] {
  var state: UInt64 = 7
  return (0..<count).map { index in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return index / 5000 % 2 == 0 ? UInt8(ascii: "a") + UInt8(state >> 61) : UInt8(truncatingIfNeeded: state >> 33)
  }
}

/// Gives bytes in pieces of a size that fits nothing.
private struct PieceSource: ByteSource {
  var rest: ArraySlice<UInt8>
  let piece: Int

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Never) -> Int {
    let part = rest.prefix(min(piece, buffer.count))
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}

private func compressed(_ bytes: [UInt8], _ compression: Compression, piece: Int = 10_007) throws -> [UInt8] {
  let compressor = try Compressor(compression, to: MemorySink())
  for start in stride(from: 0, to: bytes.count, by: piece) {
    try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { try compressor.write($0) }
  }
  try compressor.finish()
  #expect(compressor.bytesIn == Int64(bytes.count))
  #expect(compressor.bytesOut == Int64(compressor.sink.bytes.count))
  return compressor.sink.bytes
}

private func decompressed(_ bytes: [UInt8], piece: Int = 4099, room: Int = 60_000) throws -> [UInt8] {
  let decompressor = try Decompressor(detecting: PieceSource(rest: bytes[...], piece: piece))
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: room)
  while true {
    let count = try buffer.withUnsafeMutableBytes { try decompressor.read(into: $0) }
    if count == 0 { break }
    output += buffer[..<count]
  }
  #expect(decompressor.bytesIn == Int64(bytes.count))
  #expect(decompressor.bytesOut == Int64(output.count))
  return output
}

@Suite("Codecs") struct CodecsTests {
  private static let all: [Compression] = [.none, .gzip, .zstd]
  private static let real: [Compression] = [.gzip, .zstd]

  @Test("what is compressed comes back, whatever the pieces", arguments: all, [0, 1, 9, 70_000, 700_000])
  func roundTrip(_ compression: Compression, _ count: Int) throws {
    let bytes = sample(count)
    let packed = try compressed(bytes, compression)
    #expect(try decompressed(packed) == bytes)
    if count <= 70_000 { #expect(try decompressed(packed, piece: 1, room: 7) == bytes) }
  }

  @Test("the same bytes compress to the same bytes, whatever the pieces", arguments: all)
  func deterministic(_ compression: Compression) throws {
    let bytes = sample(500_000)
    #expect(try compressed(bytes, compression, piece: 333_333) == compressed(bytes, compression, piece: 5003))
  }

  @Test("a gzip header tells no time and no name")
  func gzipHeader() throws {
    #expect(try compressed([1], .gzip).prefix(10) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])
  }

  @Test("concatenated members are one stream", arguments: real)
  func concatenated(_ compression: Compression) throws {
    let (first, second) = (sample(90_000), sample(123))
    let empty = try compressed([], compression)
    let packed = try compressed(first, compression) + empty + compressed(second, compression) + empty
    #expect(try decompressed(packed) == first + second)
    #expect(try decompressed(packed, piece: packed.count) == first + second)
  }

  @Test("a stream cut anywhere is an error", arguments: real)
  func truncated(_ compression: Compression) throws {
    let packed = try compressed(sample(20_000), compression)
    for cut in Array(10..<40) + Array((packed.count - 12)..<packed.count) + [packed.count / 2] {
      let error = #expect(throws: CodecError.self, "cut at \(cut)") { try decompressed(Array(packed[..<cut])) }
      #expect(error?.description == "the compressed data end in the middle", "cut at \(cut)")
    }
  }

  @Test("a changed byte is an error, or was one of the header that says nothing", arguments: real)
  func corrupted(_ compression: Compression) throws {
    let bytes = sample(20_000)
    let packed = try compressed(bytes, compression)
    var errors = 0
    for position in stride(from: 4, to: packed.count, by: max(1, packed.count / 300)) {
      var changed = packed
      changed[position] ^= 0x10
      do { #expect(try decompressed(changed) == bytes, "at \(position)") } catch is CodecError { errors += 1 }
    }
    #expect(errors > 290)
  }

  @Test(
    "what follows the end is an error", arguments: real,
    [[0], [0x1f], Array("garbage".utf8), [UInt8](repeating: 0, count: 600)])
  func trailing(_ compression: Compression, _ garbage: [UInt8]) throws {
    let packed = try compressed(sample(20_000), compression)
    for piece in [4099, packed.count] {
      #expect(throws: CodecError.self) { try decompressed(packed + garbage, piece: piece) }
    }
  }

  @Test("a zstd frame that wants a huge window is refused, not served")
  func hugeWindow() {
    // Magic, a descriptor without content size, a window of 2^(10 + 25) bytes.
    let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 25 << 3, 1, 0, 0, 0, 0, 0]
    let error = #expect(throws: CodecError.self) { try decompressed(frame) }
    #expect(error?.description == "the compressed data need more than 134217728 bytes to decompress")
  }

  @Test("skippable frames are skipped, also in front")
  func skippable() throws {
    let frame: [UInt8] = [0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let bytes = sample(300)
    #expect(try decompressed(frame + compressed(bytes, .zstd) + frame) == bytes)
  }

  @Test("compressions that we cannot read are named")
  func unsupported() {
    let bzip2 = #expect(throws: CodecError.self) { try decompressed(Array("BZh91AY&SY....".utf8)) }
    #expect(bzip2?.description == "bzip2 compression is not supported")
    let xz = #expect(throws: CodecError.self) { try decompressed([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]) }
    #expect(xz?.description == "xz compression is not supported")
  }

  @Test("a source that fails is an error with its reason")
  func sourceFails() throws {
    struct Failing: ByteSource {
      mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
        throw SyscallError("read", errno: .inputOutput)
      }
    }
    let error = #expect(throws: CodecError.self) { try Decompressor(detecting: Failing()) }
    #expect(error?.description == "read: input/output error")
  }

  @Test("ISA-L and zlib give the same bytes and refuse the same streams")
  func twoGzips() throws {
    func run(_ inflater: some Inflater, _ bytes: [UInt8]) -> [UInt8]? {
      var output: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 5000)
      var rest = bytes[...]
      while true {
        guard
          let (used, made) = try? rest.prefix(777).withUnsafeBytes({ input in
            try buffer.withUnsafeMutableBytes { try inflater.step(input, into: $0) }
          })
        else { return nil }
        output += buffer[..<made]
        rest = rest.dropFirst(used)
        if rest.isEmpty, made == 0 { return inflater.isBetweenMembers ? output : nil }
      }
    }
    let packed = try compressed(sample(30_000), .gzip)
    var refused = 0
    for position in stride(from: 0, to: packed.count, by: 97) {
      var changed = packed + packed
      changed[position] ^= 0x40
      let byISAL = run(try GzipInflater(), changed)
      #expect(byISAL == run(try ZlibInflater(), changed), "at \(position)")
      if byISAL == nil { refused += 1 }
    }
    #expect(refused > 100)
  }
}

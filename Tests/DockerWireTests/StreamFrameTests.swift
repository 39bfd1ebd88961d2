import DockerWire
import Testing

@Suite("StreamFrame") struct StreamFrameTests {
  @Test("a frame is a stream, three zeros, a length and the bytes")
  func encode() {
    #expect(StreamFrame.encode(.output, Array("hello\n".utf8)) == [1, 0, 0, 0, 0, 0, 0, 6] + Array("hello\n".utf8))
    #expect(StreamFrame.header(.error, count: 0x0102_0304) == [2, 0, 0, 0, 1, 2, 3, 4])
  }

  @Test("frames come apart however the bytes are cut")
  func decode() throws {
    let bytes =
      StreamFrame.encode(.output, Array("one".utf8)) + StreamFrame.encode(.error, [])
      + StreamFrame.encode(.error, Array("two".utf8)) + StreamFrame.encode(.system, Array("three".utf8))
    for size in 1...bytes.count {
      var decoder = StreamFrame.Decoder()
      var text: [StreamFrame.Stream: String] = [:]
      for start in stride(from: 0, to: bytes.count, by: size) {
        try decoder.decode(Array(bytes[start..<min(start + size, bytes.count)])) { stream, piece in
          text[stream, default: ""] += String(decoding: piece, as: UTF8.self)
        }
      }
      #expect(text == [.output: "one", .error: "two", .system: "three"])
      #expect(decoder.isBetweenFrames)
    }
  }

  @Test("a stream that is cut short is known to be")
  func cutShort() throws {
    let bytes = StreamFrame.encode(.output, [1, 2, 3])
    for count in 1..<bytes.count {
      var decoder = StreamFrame.Decoder()
      try decoder.decode(Array(bytes.prefix(count))) { _, _ in }
      #expect(!decoder.isBetweenFrames)
    }
  }

  @Test(
    "bytes that are not frames are refused",
    arguments: [
      ([4, 0, 0, 0, 0, 0, 0, 1], "unrecognized stream: 4"),
      ([104, 101, 108, 108, 111, 10, 10, 10], "unrecognized stream: 104"),
      ([1, 0, 0, 0, 255, 255, 255, 255], "stream frame of 4294967295 bytes is too large"),
    ] as [([UInt8], String)])
  func refused(bytes: [UInt8], message: String) {
    var decoder = StreamFrame.Decoder()
    #expect { try decoder.decode(bytes) { _, _ in } } throws: { "\($0)" == message }
  }
}

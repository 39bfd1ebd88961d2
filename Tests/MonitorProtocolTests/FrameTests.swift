import Testing

@testable import MonitorProtocol

@Suite("Frames") struct FrameTests {
  @Test("messages that arrive byte by byte are whole", arguments: 0..<20 as Range<UInt64>)
  func byteByByte(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sent = (0..<12).map { _ in generator.request() }
    #expect(try received(sent, pieces: 1) == sent)
    let replies = (0..<12).map { _ in generator.reply() }
    #expect(try received(replies, pieces: 1) == replies)
  }

  @Test("messages that arrive together come one by one")
  func together() throws {
    let sent = Samples.replies.map(\.1)
    #expect(try received(sent, pieces: .max) == sent)
  }

  @Test("types of a later version, and those of the other direction, are skipped")
  func unknownTypes() throws {
    var decoder = FrameDecoder()
    decoder.append([0x7f, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])
    decoder.append(try MonitorReply.done.encoded())
    decoder.append(try MonitorRequest.pause.encoded())
    #expect(try decoder.next(MonitorRequest.self) == .pause)
    #expect(try decoder.next(MonitorRequest.self) == nil)
    #expect(decoder.isBetweenFrames)
  }

  @Test("a message without members may get some")
  func laterMembers() throws {
    #expect(try MonitorRequest(Frame(type: .pause, payload: field(5, [1]))) == .pause)
  }

  @Test(
    "a length beyond its type's bound is refused with the header, before anything is kept",
    arguments: [
      ([0, 0, 0, 0, 0, 1, 0, 1], "a message of type 0x00 has 65537 bytes, more than 65536"),
      ([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], "a message of type 0x01 has 4294967295 bytes, more than 65536"),
      ([0x41, 0, 0, 0, 0, 0x40, 0, 1], "a message of type 0x41 has 4194305 bytes, more than 4194304"),
      ([0x42, 0, 0, 0, 0, 1, 0, 1], "a message of type 0x42 has 65537 bytes, more than 65536"),
      ([0xee, 0, 0, 0, 0, 1, 0, 1], "a message of type 0xee has 65537 bytes, more than 65536"),
      ([1, 0, 1, 0, 0, 0, 0, 0], "what seems to be a message of type 0x01 has no valid header"),
    ])
  func badHeader(header: [UInt8], reason: String) {
    var decoder = FrameDecoder()
    decoder.append(header)
    for _ in 0..<2 {
      let error = #expect(throws: ProtocolError.self) { try decoder.next() }
      #expect(error?.description == reason)
    }
  }

  @Test("what is too long is not sent")
  func longData() throws {
    #expect(try MonitorReply.stdout([UInt8](repeating: 0, count: 65536)).encoded().count == 65544)
    #expect(throws: ProtocolError.tooLong(.stdout, length: 65537, max: 65536)) {
      try MonitorReply.stdout([UInt8](repeating: 0, count: 65537)).encoded()
    }
  }

  @Test("output frames are those of Docker's multiplexed stream")
  func dockerHeader() throws {
    #expect(try MonitorReply.stderr([0x78]).encoded() == [2, 0, 0, 0, 0, 0, 0, 1, 0x78])
  }

  @Test("a malformed payload names the type and the member")
  func malformedPayload() throws {
    let error = #expect(throws: ProtocolError.self) {
      try MonitorRequest(Frame(type: .resize, payload: field(1, [1, 0])))
    }
    #expect(error?.description == "a message of type 0x43 is malformed: columns is missing")
  }

  @Test("every message that is cut is waited for, not misread", arguments: Samples.requests.map(\.0))
  func truncated(name: String) throws {
    let message = try #require(Samples.requests.first { $0.0 == name }?.1)
    let whole = try message.encoded()
    for count in 1..<whole.count {
      var decoder = FrameDecoder()
      decoder.append(whole[..<count])
      #expect(try decoder.next() == nil)
      #expect(!decoder.isBetweenFrames)
    }
  }

  @Test("damaged streams are read or refused, and hold no more than came", arguments: 0..<40 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stream = try (0..<8).flatMap { _ in try generator.reply().encoded() }
    for _ in 0..<40 {
      let damaged = generator.damage(stream)
      var decoder = FrameDecoder()
      decoder.append(damaged)
      var bytesTaken = 0
      do {
        while let frame = try decoder.next() {
          bytesTaken += FrameHeader.bytes + frame.payload.count
          if let reply = try? MonitorReply(frame) { #expect(try reply.frame().flatMap(MonitorReply.init) == reply) }
        }
      } catch { #expect(error is ProtocolError) }
      #expect(bytesTaken <= damaged.count)
    }
  }

  /// The messages that a decoder finds when the stream arrives in pieces of this size.
  private func received<Message: MonitorMessage>(_ messages: [Message], pieces: Int) throws -> [Message] {
    let stream = try messages.flatMap { try $0.encoded() }
    var decoder = FrameDecoder()
    var found: [Message] = []
    for start in stride(from: 0, to: stream.count, by: pieces) {
      decoder.append(stream[start..<min(stream.count, start + min(pieces, stream.count))])
      while let message = try decoder.next(Message.self) { found.append(message) }
    }
    return found
  }
}

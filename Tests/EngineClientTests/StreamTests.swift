import Linux
import Testing

@testable import EngineClient

@Suite("Streams of a process")
struct StreamTests {
  /// A frame of Docker's.
  private func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
    let count = UInt32(text.utf8.count)
    return [stream, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + Array(text.utf8)
  }

  @Test("frames are taken apart wherever they were cut", arguments: 1...20)
  func frames(_ pieceSize: Int) throws {
    let bytes = frame(1, "hello ") + frame(2, "oops") + frame(1, "") + frame(0, "world")
    var decoder = FrameDecoder()
    var output = ""
    var error = ""
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      let piece = Array(bytes[start..<min(start + pieceSize, bytes.count)])
      var position = 0
      while let (stream, range) = try decoder.next(piece, from: &position) {
        let text = String(decoding: piece[range], as: UTF8.self)
        if stream == .output { output += text } else { error += text }
      }
    }
    #expect([output, error] == ["hello world", "oops"])
    #expect(!decoder.isInsideFrame)
  }

  @Test("a stream that Docker does not have is an error")
  func badFrame() {
    var decoder = FrameDecoder()
    var position = 0
    #expect(throws: ClientError.malformed("stream 9 in a frame")) {
      try decoder.next([9, 0, 0, 0, 0, 0, 0, 1, 0], from: &position)
    }
  }

  @Test("a frame that announces 4 GiB passes through as it arrives")
  func hugeFrame() throws {
    var decoder = FrameDecoder()
    var position = 0
    let part = try decoder.next([1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x41], from: &position)
    #expect(part?.range == 8..<9)
    #expect(decoder.isInsideFrame)
  }

  @Test("output goes where it belongs, and the end of the connection ends the session")
  func carriesOutput() throws {
    let (client, engine) = try socketPair()
    let (output, error) = (try makePipe(), try makePipe())
    try engine.writeAll(frame(2, "oops") + frame(1, "late"))
    try engine.endSending()
    let connection = HijackedConnection(descriptor: client, received: frame(1, "early "), isMultiplexed: true)
    var carrier = try StreamCarrier(
      connection, .init(output: output.write, error: error.write), isTerminal: false, detachKeys: nil)
    #expect(try carrier.run(signals: nil) { _ in } == .ended)
    #expect(try available(output.read) == "early late")
    #expect(try available(error.read) == "oops")
  }

  @Test("input is passed on, its end as a half-close, and output still comes meanwhile")
  func halfClose() throws {
    let (client, engine) = try socketPair()
    let output = try makePipe()
    try engine.writeAll("said")
    try engine.endSending()
    var carrier = try StreamCarrier(
      HijackedConnection(descriptor: client, received: [], isMultiplexed: false),
      .init(input: try typed("typed"), output: output.write), isTerminal: true, detachKeys: nil)
    #expect(try carrier.run(signals: nil) { _ in } == .ended)
    #expect(try available(output.read) == "said")
    // The client holds its side open: only a half-close lets this end.
    #expect(String(decoding: try engine.readAll(limit: 100), as: UTF8.self) == "typed")
    withExtendedLifetime(client) {}
  }

  /// A pipe that holds `text` and has ended.
  private func typed(_ text: String) throws -> Descriptor {
    let pipe = try makePipe()
    try pipe.write.writeAll(text)
    return pipe.read
  }

  @Test("after a lost connection the log goes on with the byte that comes next, and input with a connection of its own")
  func goesOn() throws {
    let request = EngineRequest("GET", "/containers/x/logs")
    let frames = [frame(1, "one\ntwo\n"), frame(2, "oops\n"), frame(1, "three\n")].map {
      String(decoding: $0, as: UTF8.self)
    }
    let chunks = frames.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    let (log, _) = try exchange(request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    let (client, engine) = try socketPair()
    let (output, error) = (try makePipe(), try makePipe())
    var delivered = StreamCarrier.Delivered()
    (delivered.output, delivered.error) = (5, 0)
    var carrier = try StreamCarrier(
      HijackedConnection(descriptor: client, received: [], isMultiplexed: true),
      log: LogFeed(descriptor: log.descriptor, body: try log.receive(request).body),
      .init(input: try typed("typed"), output: output.write, error: error.write), isTerminal: false, detachKeys: nil,
      delivered: (delivered, isRepeated: true))
    #expect(try carrier.run(signals: nil) { _ in } == .ended)
    #expect([try available(output.read), try available(error.read)] == ["wo\nthree\n", "oops\n"])
    #expect([carrier.delivered.output, carrier.delivered.error] == [14, 5])
    #expect(String(decoding: try engine.readAll(limit: 100), as: UTF8.self) == "typed")
    withExtendedLifetime(client) {}
  }

  @Test("an engine that dies while it sends the log has delivered what came, and that is counted")
  func logCutShort() throws {
    let request = EngineRequest("GET", "/containers/x/logs")
    let piece = String(decoding: frame(1, "one\ntwo\n").dropLast(2), as: UTF8.self)
    let (log, _) = try exchange(
      request,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
    let output = try makePipe()
    var delivered = StreamCarrier.Delivered()
    delivered.output = 100
    var carrier = try StreamCarrier(
      nil, log: LogFeed(descriptor: log.descriptor, body: try log.receive(request).body),
      .init(output: output.write), isTerminal: false, detachKeys: nil, delivered: (delivered, isRepeated: false))
    #expect(try carrier.run(signals: nil) { _ in } == .ended)
    #expect(try available(output.read) == "one\ntw")
    #expect(carrier.delivered.output == 106)
  }

  @Test("typing the detach keys ends the session and sends what came before")
  func detaches() throws {
    let (client, engine) = try socketPair()
    let input = try makePipe()
    try input.write.writeAll([0x61, 0x10, 0x62, 0x10, 0x11, 0x63])
    var carrier = try StreamCarrier(
      HijackedConnection(descriptor: client, received: [], isMultiplexed: false), .init(input: input.read),
      isTerminal: true, detachKeys: .standard)
    #expect(try carrier.run(signals: nil) { _ in } == .detached)
    _ = engine
  }

  @Test(
    "keys that only look like the detach keys come out unchanged",
    arguments: [
      ([0x61, 0x62], [0x61, 0x62]), ([0x10, 0x61], [0x10, 0x61]), ([0x10, 0x10, 0x62], [0x10, 0x10, 0x62]),
    ] as [([UInt8], [UInt8])])
  func watched(_ typed: [UInt8], _ passed: [UInt8]) {
    var watcher = DetachWatcher(.standard)
    #expect(typed.flatMap { watcher.pass([$0][...]) ?? [] } == passed)
  }

  @Test(
    "detach keys are read as Docker spells them",
    arguments: [
      ("ctrl-p,ctrl-q", [0x10, 0x11]), ("a", [0x61]), ("ctrl-@,ctrl-[,ctrl-_", [0, 27, 31]), ("ctrl-a,x", [1, 0x78]),
    ] as [(String, [UInt8])])
  func keys(_ text: String, _ bytes: [UInt8]) throws {
    #expect(try DetachKeys(text).bytes == bytes)
  }

  @Test("a key that does not exist is named", arguments: ["", "ab", "ctrl-", "ctrl-A", "ctrl-p,,a"])
  func badKeys(_ text: String) {
    #expect(throws: DetachKeysError.self) { try DetachKeys(text) }
  }

  /// What is in a pipe.
  private func available(_ pipe: Descriptor) throws -> String {
    try pipe.setNonblocking(true)
    var bytes = [UInt8](repeating: 0, count: 4096)
    let transfer = try bytes.withUnsafeMutableBytes { try pipe.readAvailable(into: $0) }
    guard case .bytes(let count) = transfer else { return "" }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

@Suite("Documents on lines")
struct LineStreamTests {
  private func documents(_ text: String) throws -> [String] {
    let request = EngineRequest("GET", "/events")
    let (connection, _) = try exchange(request, "HTTP/1.1 200 OK\r\n\r\n\(text)")
    var lines = LineStream(try connection.receive(request).body)
    var found: [String] = []
    do { while let line = try lines.next() { found.append(line.compact) } } catch { found.append("\(error)") }
    return found
  }

  @Test("each line is a document, empty lines are none, the last needs no end")
  func lines() throws {
    #expect(try documents("{\"a\":1}\r\n\n{\"b\":2}\n3") == ["{\"a\":1}", "{\"b\":2}", "3"])
  }

  @Test("a line that is no JSON ends the stream with an error")
  func malformed() throws {
    #expect(
      try documents("1\n{\n2\n")
        == ["1", "the engine's answer makes no sense: not JSON at byte 1: a member's name must be a string"])
  }
}

import Glibc
import Linux
import Testing

@testable import EngineClient

@Suite("Uploads")
struct UploadTests {
  private static let request = EngineRequest("POST", "/images/load", body: .stream(contentType: "application/x-tar"))

  /// More than a socket holds, so that it matters who reads when.
  private static let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)

  /// Sends a megabyte to an engine that has said `answer` already and reads nothing, and tells what was heard.
  private func heard(_ answer: String) throws -> [String] {
    let (connection, engine) = try exchange(Self.request, answer, closes: false)
    var heard: [String] = []
    do {
      var upload = try Upload(connection, Self.request) { line in heard.append(line.compact) }
      try Self.megabyte.span.bytes.withUnsafeBytes { bytes throws(ClientError) in try upload.write(bytes) }
    } catch { heard.append("\(error)") }
    withExtendedLifetime(engine) {}
    return heard
  }

  @Test("an engine that refuses before it has read everything is heard at once")
  func refusedEarly() throws {
    let text = #"{"message":"no space left on device"}"#
    let answer = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
    #expect(try heard(answer) == ["Error response from daemon: no space left on device"])
  }

  @Test("an engine that says at once that all is well, and nothing more, gets the whole body")
  func headFirst() async throws {
    let (connection, engine) = try exchange(
      Self.request, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", closes: false)
    let received = Task.detached { try engine.readAll(limit: 64 << 20).count }
    var upload = try Upload(connection, Self.request) { _ in }
    for _ in 0..<16 {
      try Self.megabyte.span.bytes.withUnsafeBytes { bytes throws(ClientError) in try upload.write(bytes) }
    }
    try connection.descriptor.endSending()
    #expect(try await received.value > 16 << 20)
  }

  @Test("a body goes out in chunks that say their size, and the answer's lines come back")
  func chunks() throws {
    let (connection, engine) = try exchange(
      Self.request, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"a\":1}\n{\"b\":22222}\n", closes: false)
    var heard: [String] = []
    var upload = try Upload(connection, Self.request) { line in heard.append(line.compact) }
    for text in ["hello", " world"] {
      try Array(text.utf8).span.bytes.withUnsafeBytes { bytes throws(ClientError) in try upload.write(bytes) }
    }
    try upload.finish()
    try connection.descriptor.endSending()
    let sent = String(decoding: try engine.readAll(limit: 4096), as: UTF8.self)
    #expect(sent.hasSuffix("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"))
    #expect(heard == [#"{"a":1}"#, #"{"b":22222}"#])
  }

  @Test("an engine that hangs up in the middle is an error that says so")
  func hungUp() throws {
    // As the program does it.
    signal(SIGPIPE, SIG_IGN)
    let (client, engine) = try socketPair()
    let connection = EngineConnection(client)
    try connection.send(Self.request, version: nil)
    var upload = try Upload(connection, Self.request) { _ in }
    _ = consume engine
    #expect(throws: ClientError.disconnected(during: "answering POST /images/load")) {
      try Self.megabyte.span.bytes.withUnsafeBytes { bytes throws(ClientError) in try upload.write(bytes) }
    }
  }
}

@testable import MonitorProtocol

extension FuzzTarget {
  static let monitorRequests = frames("monitor-requests", MonitorRequest.self) {
    try goldenHex("MonitorProtocolTests/Fixtures/requests.hex")
  }
  static let monitorReplies = frames("monitor-replies", MonitorReply.self) {
    try goldenHex("MonitorProtocolTests/Fixtures/replies.hex")
  }

  /// What one side of a connection receives, in pieces as they come.
  private static func frames<Message: MonitorMessage>(
    _ name: String, _: Message.Type, seeds: @escaping @Sendable () throws -> [[UInt8]]
  ) -> FuzzTarget {
    FuzzTarget(
      name, words: ["\u{0}\u{0}\u{0}", "\u{1}\u{0}", "\u{41}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"],
      seeds: {
        let all = try seeds()
        return all + [Array(all.joined())]
      }
    ) { bytes in
      let (whole, failure) = messages(Message.self, bytes, inPiecesOf: max(bytes.count, 1))
      let (pieces, sameFailure) = messages(Message.self, bytes, inPiecesOf: 7)
      try same(pieces, whole, "messages in pieces")
      try same(sameFailure, failure, "the error in pieces")
      for message in whole {
        let (again, _) = messages(Message.self, try message.encoded(), inPiecesOf: bytes.count + 64)
        try same(again, [message], "message")
      }
      return failure == nil && !whole.isEmpty
    }
  }

  private static func messages<Message: MonitorMessage>(
    _: Message.Type, _ bytes: [UInt8], inPiecesOf size: Int
  ) -> (messages: [Message], failure: String?) {
    var decoder = FrameDecoder()
    var messages: [Message] = []
    do throws(ProtocolError) {
      for start in stride(from: 0, to: bytes.count, by: size) {
        decoder.append(bytes[start..<min(start + size, bytes.count)])
        while let message = try decoder.next(Message.self) { messages.append(message) }
      }
    } catch { return (messages, "\(error)") }
    return (messages, nil)
  }

  static let launchRecords = FuzzTarget(
    "launch-record", words: ["\u{1}\u{0}\u{4}\u{0}\u{0}\u{0}", "\u{2}\u{0}\u{0}\u{0}\u{0}\u{0}"],
    seeds: {
      try goldenHex("MonitorProtocolTests/Fixtures/launch-container.hex")
        + goldenHex("MonitorProtocolTests/Fixtures/launch-exec.hex")
    }
  ) { bytes in
    guard let read = try? LaunchRecord(field: bytes[...]) else { return false }
    var writer = RecordWriter()
    try read.write(into: &writer)
    try same(LaunchRecord(field: writer.bytes[...]), read, "launch record")
    return true
  }

  static let exitRecords = FuzzTarget(
    "exit-record", words: ["\u{1}\u{0}\u{4}\u{0}\u{0}\u{0}", "SKEXIT"],
    seeds: {
      try goldenHex("MonitorProtocolTests/Fixtures/exit-exited.hex")
        + goldenHex("MonitorProtocolTests/Fixtures/exit-failed.hex")
    }
  ) { bytes in
    guard let read = try? ExitRecord(fileBytes: bytes) else { return false }
    try same(ExitRecord(fileBytes: read.fileBytes()), read, "exit record")
    return true
  }
}

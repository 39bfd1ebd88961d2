internal import Glibc
internal import Linux

/// One connection to an engine, which carries one exchange at a time.
final class EngineConnection {
  let descriptor: Descriptor
  let reader: ByteReader

  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    reader = ByteReader(descriptor)
  }

  /// Connects to `address`, whatever the length of its path.
  static func open(_ address: EngineAddress) throws(ClientError) -> EngineConnection {
    do {
      let slash = address.path.lastIndex(of: "/") ?? address.path.startIndex
      let folder = slash == address.path.startIndex ? "/" : String(address.path[..<slash])
      let directory = try Linux.open(folder, O_PATH | O_DIRECTORY)
      let name = String(address.path[address.path.index(after: slash)...])
      return EngineConnection(try connect(to: name, in: directory))
    } catch {
      switch error.errno {
      case .accessDenied, .notPermitted: throw .noPermission(address)
      default: throw .notRunning(address, error)
      }
    }
  }

  /// Whether another request can be sent: nothing came unasked, and the engine has not hung up.
  var isReusable: Bool { !hasMore }

  /// Whether something of the engine's waits to be read.
  var hasMore: Bool {
    if !reader.isEmpty { return true }
    let ready = try? waitUntilReady([PollRequest(descriptor, reads: true)], milliseconds: 0)
    return ready?.first?.isReadable == true
  }

  /// Sends the head of `request`, and its body if that is JSON.
  ///
  /// - Parameter upgrades: asks the engine to leave HTTP behind, as attach and exec need it.
  func send(_ request: EngineRequest, version: String?, upgrades: Bool = false) throws(ClientError) {
    var head =
      "\(request.method) \(request.target(version: version)) HTTP/1.1\r\nHost: skiff\r\nUser-Agent: Skiff-Client\r\n"
    if upgrades { head += "Connection: Upgrade\r\nUpgrade: tcp\r\n" }
    switch request.body {
    case .none:
      if request.method != "GET" && request.method != "HEAD" { head += "Content-Length: 0\r\n" }
      try write(head + "\r\n")
    case .json(let value):
      let text = value.compact
      head += "Content-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
      try write(head + text)
    case .stream(let contentType):
      try write(head + "Content-Type: \(contentType)\r\nTransfer-Encoding: chunked\r\n\r\n")
    }
  }

  private func write(_ text: String) throws(ClientError) {
    do { try descriptor.writeAll(text) } catch {
      // The engine may have answered before it hung up; reading tells.
      if error.errno == .brokenPipe || error.errno == .connectionReset { return }
      throw .system(error)
    }
  }

  /// Reads the head of the answer to `request` and finds where its body ends.
  ///
  /// - Throws: `refused`, with the engine's message, for every status from 300 on but 304.
  func receive(_ request: EngineRequest) throws(ClientError) -> (head: ResponseHead, body: ResponseBody) {
    let action = "answering \(request.method) \(request.path)"
    let head = try ResponseHead.read(from: reader, during: action)
    var body = ResponseBody(reader, try framing(of: head, request), during: action)
    // 304 is how an engine says that there was nothing to do.
    guard head.status >= 300, head.status != 304 else { return (head, body) }
    throw .refused(status: head.status, message: try message(head, &body, request))
  }

  /// RFC 9112, section 6.3: which of the ways to end a body applies.
  private func framing(of head: ResponseHead, _ request: EngineRequest) throws(ClientError) -> ResponseBody.Framing {
    if request.method == "HEAD" || head.status == 204 || head.status == 304 { return .empty }
    if head.status == 101 { return .untilClose }
    if let encoding = head["transfer-encoding"] {
      guard encoding.lowercased() == "chunked" else { throw .malformed("transfer encoding \"\(encoding)\"") }
      return .chunked
    }
    guard let text = head["content-length"] else { return .untilClose }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(text) else {
      throw .malformed("content length \"\(text)\"")
    }
    return .length(count)
  }

  /// What the engine says is in the way. Its bodies are `{"message":…}`.
  private func message(
    _ head: ResponseHead, _ body: inout ResponseBody, _ request: EngineRequest
  ) throws(ClientError) -> String {
    let bytes = try body.readAll(limit: Self.messageBytesMax)
    if let document = try? JSONParser.parse(bytes), case .string(let message) = document["message"] { return message }
    let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    return text.isEmpty ? "status \(head.status) to \(request.method) \(request.path)" : text
  }

  /// An error's body. Docker's longest quotes a build's last command.
  private static let messageBytesMax = 1 << 20
}

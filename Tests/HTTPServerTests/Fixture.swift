import Glibc
import HTTPServer
import Linux
import Testing

/// A server on a unix socket in a directory of its own, and what is needed to talk to it.
struct Fixture: Sendable {
  let server: APIServer
  let directory: String
  var socketPath: String { "\(directory)/s" }

  /// Serves `routes` while `body` runs, then stops and checks that nothing is left.
  static func serve<Value: Sendable>(
    _ routes: [Route], _ configure: (inout APIServer.Options) -> Void = { _ in },
    _ body: (Fixture) async throws -> Value
  ) async throws -> Value {
    var template = Array("/tmp/skiff-http-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    var options = APIServer.Options(serverName: "Skiff/test (linux)")
    configure(&options)
    let fixture = Fixture(server: APIServer(Router(routes), options: options), directory: directory)
    try await fixture.server.listen(on: .unix(path: fixture.socketPath))
    let result: Result<Value, any Error>
    do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
    await fixture.server.shutdown(graceSeconds: 0)
    #expect(rmdir(directory) == 0, "the socket is still there")
    return try result.get()
  }

  /// A new connection to it.
  func connect() throws -> Client { try Client(Linux.connect(toPath: socketPath)) }

  /// Sends `text` on a new connection, ends our direction if `endsInput`, and returns all that comes back.
  func exchange(_ text: String, endsInput: Bool = false) async throws -> String {
    let client = try connect()
    async let sent: Void = client.send(text)
    if endsInput {
      await sent
      try client.endInput()
    }
    let answer = try await client.receiveToEnd()
    await sent
    return answer
  }
}

/// A connection, byte by byte. What blocks does so on another thread: the server's handlers need the pool's.
final class Client: Sendable {
  let socket: Descriptor
  static let deadlineSeconds = 20

  init(_ socket: Descriptor) throws {
    self.socket = socket
    var limit = timeval(tv_sec: Self.deadlineSeconds, tv_usec: 0)
    #expect(setsockopt(socket.raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0)
  }

  /// A connection to `port` of 127.0.0.1.
  static func loopback(port: Int) throws -> Client {
    let socket = Descriptor(owning: try syscall("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) })
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = try syscall("connect") {
      withUnsafeBytes(of: &address) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) {
          Glibc.connect(
            socket.raw, __CONST_SOCKADDR_ARG(__sockaddr__: $0.baseAddress), socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
    return try Client(socket)
  }

  /// Sends all of `text`, or as much as the server takes before it closes.
  func send(_ text: String) async { await send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) async {
    await offPool { [socket] in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Sends a few bytes before anything else can happen.
  func sendNow(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(Glibc.send(socket.raw, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) == bytes.count)
  }

  /// Sends what can be sent without blocking, and says how much that was; 0 after `patienceMilliseconds` without room.
  func sendSome(_ bytes: [UInt8], patienceMilliseconds: Int32) async -> Int {
    await offPool { [socket] in
      var wanted = pollfd(fd: socket.raw, events: Int16(POLLOUT), revents: 0)
      guard poll(&wanted, 1, patienceMilliseconds) == 1 else { return 0 }
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      return max(0, bytes.withUnsafeBytes { Glibc.send(socket.raw, $0.baseAddress, $0.count, flags) })
    }
  }

  func endInput() throws { try socket.endSending() }

  /// The next bytes, empty at the end.
  func receive(atMost count: Int = 65536) async throws -> [UInt8] {
    try await offPool { [self] in try take(atMost: count) }
  }

  func receiveToEnd() async throws -> String {
    try await offPool { [self] in
      var bytes: [UInt8] = []
      while case let piece = try take(atMost: 65536), !piece.isEmpty { bytes += piece }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Reads exactly `count` bytes, or fewer at the end.
  func receive(exactly count: Int) async throws -> [UInt8] {
    try await offPool { [self] in
      var bytes: [UInt8] = []
      while bytes.count < count, case let piece = try take(atMost: count - bytes.count), !piece.isEmpty {
        bytes += piece
      }
      return bytes
    }
  }

  /// Reads until `mark` has come and not a byte more.
  func receive(through mark: String) async throws -> String {
    try await offPool { [self] in
      var bytes: [UInt8] = []
      while !bytes.suffix(mark.utf8.count).elementsEqual(mark.utf8), case let piece = try take(atMost: 1),
        !piece.isEmpty
      {
        bytes += piece
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// One answer with a Content-Length: its head and its body.
  func receiveResponse() async throws -> (head: String, body: String) {
    let head = try await receive(through: "\r\n\r\n")
    let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
      .flatMap { Int($0.dropFirst("Content-Length: ".count)) }
    return (head, String(decoding: try await receive(exactly: length ?? 0), as: UTF8.self))
  }

  private func take(atMost count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let received = try syscallCount("recv") { recv(socket.raw, &buffer, buffer.count, 0) }
    return Array(buffer[..<received])
  }
}

/// Runs blocking `body` on a thread of its own.
func offPool<Value: Sendable, Failure: Error>(
  _ body: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
  let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
    let work = Work { continuation.resume(returning: Result { () throws(Failure) in try body() }) }
    var thread = pthread_t()
    let created = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    precondition(created == 0, "no thread for a test")
    pthread_detach(thread)
  }
  return try result.get()
}

private final class Work: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs a shell command and returns what it printed.
func shell(_ command: String) async throws -> String {
  try await offPool {
    guard let stream = popen(command, "re") else { throw SyscallError("popen", command, errno: .current) }
    var output: [UInt8] = []
    while case let byte = getc(stream), byte != EOF { output.append(UInt8(byte)) }
    let status = pclose(stream)
    if status != 0 { output += Array("[status \(status >> 8)]".utf8) }
    return String(decoding: output, as: UTF8.self)
  }
}

/// An answer without what differs from run to run.
func normal(_ response: String) -> String {
  response.split(separator: "\r\n", omittingEmptySubsequences: false)
    .map { $0.hasPrefix("Date: ") ? "Date: *" : String($0) }.joined(separator: "\n")
}

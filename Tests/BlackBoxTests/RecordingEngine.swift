import Glibc
import Linux

/// An engine that has nothing, and writes down what it is asked.
///
/// It answers every request with the least that Docker's client is content with, so that a command goes to its end.
final class RecordingEngine {
  private let listener: UnixListener
  private var connections: [Connection] = []
  private var requests: [String] = []

  /// A connection and what came on it since the last whole request.
  private final class Connection {
    let socket: Descriptor
    var received: [UInt8] = []

    init(_ socket: Descriptor) { self.socket = socket }
  }

  /// Listens at `path`.
  init(_ path: String) throws { listener = try UnixListener(path: path, mode: 0o600, group: nil, backlog: 16) }

  /// Serves until `program` has ended, and answers what was asked, a line for each request, in an order of their own:
  /// which of two requests that wait for each other's answers is sent first does not matter.
  func record(_ program: Program) throws -> [String] {
    while true {
      let waiting = [program.handle, listener.socket] + connections.map(\.socket)
      let ready = try Descriptor.waitUntilAnyReadable(waiting, milliseconds: 30_000)
      guard !ready.isEmpty else { throw TestFailure("a client neither asks nor ends; it asked \(requests)") }
      let served = connections
      for index in ready where index >= 2 { try receive(served[index - 2]) }
      if ready.contains(1) { connections.append(Connection(try listener.socket.accept())) }
      if ready == [0] { break }
    }
    connections = []
    defer { requests = [] }
    return requests.sorted()
  }

  private func receive(_ connection: Connection) throws {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = (try? buffer.withUnsafeMutableBytes { try connection.socket.read(into: $0) }) ?? 0
    guard count > 0 else { return close(connection) }
    connection.received += buffer[..<count]
    while let request = RecordedRequest(taking: &connection.received) {
      if !request.path.hasSuffix("/_ping") { requests.append(request.line) }
      let answer = RecordingEngine.answer(request)
      // A client that has heard enough may be gone.
      try? connection.socket.writeAll(answer.text(isHead: request.method == "HEAD"))
      if answer.status == 101 { return close(connection) }
    }
  }

  private func close(_ connection: Connection) { connections.removeAll { $0 === connection } }
}

/// A request as it came.
struct RecordedRequest {
  let method: String
  /// Without the version of the API.
  let path: String
  let query: [String]
  let body: String

  /// Takes the first request from `bytes`, if all of it is there.
  init?(taking bytes: inout [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var rest = bytes[end.upperBound...]
    var length = 0
    var isChunked = false
    for line in head.dropFirst().map({ $0.lowercased() }) {
      if line.hasPrefix("content-length: ") { length = Int(line.dropFirst(16)) ?? 0 }
      if line == "transfer-encoding: chunked" { isChunked = true }
    }
    if isChunked {
      guard let end = rest.firstRange(of: Array("0\r\n\r\n".utf8)) else { return nil }
      (body, rest) = ("(stream)", rest[end.upperBound...])
    } else {
      guard rest.count >= length else { return nil }
      (body, rest) = (String(decoding: rest.prefix(length), as: UTF8.self), rest.dropFirst(length))
    }
    bytes = Array(rest)
    let words = head[0].split(separator: " ")
    let target = words[1].split(separator: "?", maxSplits: 1)
    method = String(words[0])
    var parts = target[0].split(separator: "/").map(String.init)
    if let first = parts.first, first.hasPrefix("v1.") { parts.removeFirst() }
    path = "/" + parts.joined(separator: "/")
    // "%20" and "+" are both a space.
    let parameters = target.count == 2 ? target[1].split(separator: "&").map(String.init) : []
    query = parameters.map { (parameter: String) -> String in parameter.replacing("%20", with: "+") }.sorted()
  }

  /// On one line, as tests compare it. Parameters are in order; the members of a body are as they came.
  var line: String {
    var line = "\(method) \(path)"
    if !query.isEmpty { line += "?\(query.joined(separator: "&"))" }
    // Go ends a document with a line feed.
    return body.isEmpty ? line : "\(line) \(body.filter { $0 != "\n" })"
  }
}

/// What the engine answers.
struct CannedAnswer {
  let status: Int
  let type: String
  let fields: String
  let body: String

  init(_ status: Int, _ body: String = "", type: String = "application/json", fields: String = "") {
    (self.status, self.body, self.type, self.fields) = (status, body, type, fields)
  }

  func text(isHead: Bool) -> String {
    let length = status == 101 || status == 204 ? "" : "Content-Length: \(body.utf8.count)\r\n"
    return
      "HTTP/1.1 \(status) X\r\nApi-Version: 1.50\r\nOstype: linux\r\nContent-Type: \(type)\r\n\(fields)\(length)\r\n"
      + (isHead ? "" : body)
  }
}

extension RecordingEngine {
  private static let id = String(repeating: "c0ffee01", count: 8)
  /// `{"name":"x","size":4096,"mode":2147484141,"mtime":"2024-01-02T03:04:05Z","linkTarget":""}`: a directory.
  private static let stat =
    "eyJuYW1lIjoieCIsInNpemUiOjQwOTYsIm1vZGUiOjIxNDc0ODQxNDEsIm10aW1lIjoiMjAyNC0wMS0wMlQwMzowNDowNVoiLCJsaW5rVGFyZ2V0IjoiIn0="

  /// What each path is answered with, by its end; the first that fits counts.
  private static let answers: [(method: String, end: String, answer: CannedAnswer)] = [
    ("", "/_ping", CannedAnswer(200, "OK", type: "text/plain")),
    ("POST", "/containers/create", CannedAnswer(201, #"{"Id":"\#(id)","Warnings":[]}"#)),
    ("GET", "/containers/json", CannedAnswer(200, "[]")),
    ("GET", "/images/json", CannedAnswer(200, "[]")),
    ("GET", "/volumes", CannedAnswer(200, #"{"Volumes":[],"Warnings":null}"#)),
    ("POST", "/volumes/create", CannedAnswer(201, #"{"Name":"v","Driver":"local","Mountpoint":"/v","Scope":"local"}"#)),
    (
      "GET", "/exec/e1/json",
      CannedAnswer(200, #"{"ID":"e1","Running":false,"ExitCode":0,"ContainerID":"\#(id)"}"#)
    ),
    ("POST", "/exec", CannedAnswer(201, #"{"Id":"e1"}"#)),
    ("POST", "/wait", CannedAnswer(200, #"{"StatusCode":0}"#)),
    (
      "POST", "/attach",
      CannedAnswer(
        101, type: "application/vnd.docker.multiplexed-stream", fields: "Connection: Upgrade\r\nUpgrade: tcp\r\n")
    ),
    (
      "POST", "/exec/e1/start",
      CannedAnswer(
        101, type: "application/vnd.docker.multiplexed-stream", fields: "Connection: Upgrade\r\nUpgrade: tcp\r\n")
    ),
    ("GET", "/logs", CannedAnswer(200, type: "application/vnd.docker.multiplexed-stream")),
    ("GET", "/top", CannedAnswer(200, #"{"Titles":["PID"],"Processes":[["1"]]}"#)),
    ("GET", "/changes", CannedAnswer(200, "null")),
    ("GET", "/history", CannedAnswer(200, "[]")),
    ("GET", "/events", CannedAnswer(200, "")),
    ("GET", "/get", CannedAnswer(200, "tar", type: "application/x-tar")),
    ("POST", "/load", CannedAnswer(200, #"{"stream":"Loaded image: x\n"}"#)),
    ("POST", "/images/create", CannedAnswer(200, #"{"status":"sha256:1"}"#)),
    ("POST", "/tag", CannedAnswer(201)),
    ("POST", "/containers/prune", CannedAnswer(200, #"{"ContainersDeleted":null,"SpaceReclaimed":0}"#)),
    ("POST", "/images/prune", CannedAnswer(200, #"{"ImagesDeleted":null,"SpaceReclaimed":0}"#)),
    ("POST", "/volumes/prune", CannedAnswer(200, #"{"VolumesDeleted":null,"SpaceReclaimed":0}"#)),
    ("POST", "/networks/prune", CannedAnswer(200, #"{"NetworksDeleted":null}"#)),
    ("POST", "/build/prune", CannedAnswer(200, #"{"CachesDeleted":null,"SpaceReclaimed":0}"#)),
    ("HEAD", "/archive", CannedAnswer(200, fields: "X-Docker-Container-Path-Stat: \(stat)\r\n")),
    ("PUT", "/archive", CannedAnswer(200)),
    ("POST", "/update", CannedAnswer(200, #"{"Warnings":null}"#)),
  ]

  private static func answer(_ request: RecordedRequest) -> CannedAnswer {
    let found = answers.first { (request.method == $0.method || $0.method.isEmpty) && request.path.hasSuffix($0.end) }
    if let found { return found.answer }
    if request.path.hasPrefix("/containers/") {
      switch request.method {
      case "GET" where request.path.hasSuffix("/json"):
        return CannedAnswer(
          200,
          #"{"Id":"\#(id)","Name":"/c","State":{"Status":"running","Running":true,"Paused":false,"Restarting":false},"#
            + #""Config":{"Tty":false,"OpenStdin":true},"HostConfig":{"LogConfig":{"Type":"json-file"}}}"#)
      case "POST", "DELETE": return CannedAnswer(204)
      default: break
      }
    }
    if request.method == "DELETE" {
      return request.path.hasPrefix("/images/") ? CannedAnswer(200, "[]") : CannedAnswer(204)
    }
    return CannedAnswer(404, #"{"message":"No such thing"}"#)
  }
}

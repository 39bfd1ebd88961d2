package import Linux

/// An engine's API as a client uses it: blocking calls over a unix socket, in the newest version that both know.
///
/// It speaks to Skiff's engine and to Docker's. One connection is kept for the calls that follow each other; streams
/// have one each.
package final class EngineAPI {
  package let address: EngineAddress
  /// What starts an engine when nobody answers; nil when that is not ours to do.
  private let starter: EngineStarter?
  private var idle: EngineConnection?
  private var negotiated: EngineVersion?

  /// The newest version this client speaks, and the oldest.
  package static let versions = (newest: "1.51", oldest: "1.24")
  /// A whole answer in memory. A list of ten thousand containers has 20 MiB.
  package static let bodyBytesMax = 256 << 20

  /// Nothing is sent before the first call.
  package init(_ address: EngineAddress, starter: EngineStarter? = nil) {
    self.address = address
    self.starter = starter
  }

  /// The version that both sides speak, and what the engine says of itself with it.
  package func version() throws(ClientError) -> EngineVersion {
    if let negotiated { return negotiated }
    let (head, connection) = try ping()
    let version = try EngineVersion(head)
    negotiated = version
    idle = connection
    return version
  }

  /// Whether an engine answers now. None is started.
  package func answers() -> Bool {
    guard let connection = try? EngineConnection.open(address) else { return false }
    let request = EngineRequest("GET", "/_ping")
    guard (try? connection.send(request, version: nil)) != nil else { return false }
    return (try? connection.receive(request)) != nil
  }

  private func ping() throws(ClientError) -> (ResponseHead, EngineConnection) {
    let connection = try connect()
    let request = EngineRequest("GET", "/_ping")
    try connection.send(request, version: nil)
    var (head, body) = try connection.receive(request)
    _ = try body.readAll(limit: Self.bodyBytesMax)
    return (head, connection)
  }

  private func connect() throws(ClientError) -> EngineConnection {
    do { return try EngineConnection.open(address) } catch {
      guard case .notRunning = error, let starter else { throw error }
      try starter.start()
      return try EngineConnection.open(address)
    }
  }

  /// A connection that waits for a request: the one that is kept, if the engine kept it too.
  private func connection() throws(ClientError) -> EngineConnection {
    defer { idle = nil }
    if let idle, idle.isReusable { return idle }
    return try connect()
  }
}

extension EngineAPI {
  /// Sends `request` and reads the whole answer.
  ///
  /// - Returns: the JSON document of the answer, null if it has none.
  /// - Throws: `refused` with the engine's words when it says no.
  @discardableResult
  package func call(_ request: EngineRequest) throws(ClientError) -> JSONValue { try document(request).value }

  /// Sends `request` and reads the whole answer, which is kept as it was written besides.
  package func document(_ request: EngineRequest) throws(ClientError) -> JSONDocument {
    let version = try version().api
    let connection = try connection()
    try connection.send(request, version: version)
    var (_, body) = try connection.receive(request)
    let bytes = try body.readAll(limit: Self.bodyBytesMax)
    idle = connection
    if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }) {
      return JSONDocument(value: .null, bytes: bytes)
    }
    do { return JSONDocument(value: try JSONParser.parse(bytes), bytes: bytes) } catch { throw .malformed("\(error)") }
  }

  /// Sends `request` and leaves the answer's body to the caller, on a connection of its own.
  package func stream(_ request: EngineRequest) throws(ClientError) -> (head: ResponseHead, body: ResponseBody) {
    let pending = try begin(request)
    return try pending.answer()
  }

  /// Sends `request` and does not wait for the answer, which comes when something has happened.
  package func begin(_ request: EngineRequest) throws(ClientError) -> PendingAnswer {
    let version = try version().api
    let connection = try connect()
    try connection.send(request, version: version)
    return PendingAnswer(connection: connection, request: request)
  }

  /// Sends `request` with the body that `body` writes, and hands on the documents that the engine answers.
  package func upload(
    _ request: EngineRequest, onLine: @escaping (JSONValue) throws(ClientError) -> Void,
    body: (inout Upload) throws(ClientError) -> Void
  ) throws(ClientError) {
    let version = try version().api
    let connection = try connect()
    try connection.send(request, version: version)
    var upload = try Upload(connection, request, onLine: onLine)
    try body(&upload)
    try upload.finish()
  }

  /// Sends `request` and takes the connection over once the engine has left HTTP behind.
  package func hijack(_ request: EngineRequest) throws(ClientError) -> HijackedConnection {
    let version = try version().api
    let connection = try connect()
    try connection.send(request, version: version, upgrades: true)
    // Engines before 1.22 answer 200 and go on raw.
    let (head, _) = try connection.receive(request)
    guard head.status == 101 || head.status == 200 else {
      throw .malformed("status \(head.status) instead of 101 for \(request.path)")
    }
    return HijackedConnection(
      descriptor: connection.descriptor, received: connection.reader.takeBuffered(),
      isMultiplexed: head["content-type"] == "application/vnd.docker.multiplexed-stream",
      logPosition: head["skiff-log-position"].flatMap(StreamCarrier.Delivered.init(parsing:)))
  }
}

/// A JSON document, parsed and as it was written.
package struct JSONDocument {
  package let value: JSONValue
  package let bytes: [UInt8]
}

/// A request whose answer is still to come.
package struct PendingAnswer {
  fileprivate let connection: EngineConnection
  fileprivate let request: EngineRequest

  /// What polls readable once the answer begins.
  package var descriptor: Descriptor { connection.descriptor }

  /// Waits for the head of the answer.
  package func answer() throws(ClientError) -> (head: ResponseHead, body: ResponseBody) {
    try connection.receive(request)
  }

  /// Waits for the head of the answer, and lends the body to a poll loop.
  package func feed() throws(ClientError) -> LogFeed { LogFeed(descriptor: descriptor, body: try answer().body) }

  /// Waits for the whole answer, a JSON document.
  package func document() throws(ClientError) -> JSONValue {
    var (_, body) = try connection.receive(request)
    let bytes = try body.readAll(limit: EngineAPI.bodyBytesMax)
    do { return try JSONParser.parse(bytes) } catch { throw .malformed("\(error)") }
  }
}

/// A container's log as it is read.
package struct LogFeed {
  /// What polls readable when more has come.
  package let descriptor: Descriptor
  package var body: ResponseBody
}

/// A connection that carries a process's streams instead of HTTP.
package struct HijackedConnection {
  package let descriptor: Descriptor
  /// What came right behind the answer's head.
  package let received: [UInt8]
  /// Whether the engine says that output comes in frames; older engines say nothing.
  package let isMultiplexed: Bool
  /// Where in the log the output begins, if that was asked for and the engine knows.
  package var logPosition: StreamCarrier.Delivered?
}

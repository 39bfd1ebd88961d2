import DockerWire
import Engine
import HTTPServer
import LaunchPlan
import Linux
import LogRecords
import MonitorProtocol

extension ContainerRoutes {
  /// `attach`: the monitor's own bytes, with nothing of ours between but the framing of input.
  ///
  /// Docker has begun its stream when it finds an error, and so it sends the bare text. Clients expect that.
  ///
  /// Our own client asks with `position=1` where in the log its output begins. When the daemon dies, it goes on there.
  @Sendable func attach(_ request: Request) async throws -> Response {
    do { return try await stream(request) } catch let error as EngineError {
      return .bytes(
        Array("\(error)\r\n".utf8), contentType: "application/vnd.docker.raw-stream",
        status: APIError(error).code.status)
    }
  }

  private func stream(_ request: Request) async throws -> Response {
    let container = try container(request)
    let hasTerminal = container.snapshot.spec.streams.hasTerminal
    let keys = try DetachKeys(request.query["detachKeys"] ?? "", called: "detach")
    if request.query.flag("logs") { throw EngineError(.unsupported, "attach with logs=1 is not supported yet") }
    var streams: StreamSet = hasTerminal ? [.raw] : []
    if request.query.flag("stdin"), container.snapshot.spec.streams.isInputOpen { streams.insert(.stdin) }
    if request.query.flag("stdout") { streams.insert(.stdout) }
    if request.query.flag("stderr") { streams.insert(.stderr) }
    let attachment = try await container.attach(streams)
    let endsInput = container.snapshot.spec.streams.closesInputAfterFirstClient && !hasTerminal
    let input = InputFrames(
      takesInput: streams.contains(.stdin), endsInput: endsInput,
      // Input that ends with its client is data, in which no bytes mean anything.
      detachKeys: endsInput ? nil : keys)
    let response = Response.hijack(hasTerminal ? .raw : .multiplexed) { stream in
      try await stream.splice(with: attachment.socket, input: input)
    }
    guard request.query.flag("position") else { return response }
    let position = try await position(of: attachment, in: container)
    return response.adding("Skiff-Log-Position", "\(position.stdout),\(position.stderr)")
  }

  private func position(
    of attachment: Container.Attachment, in container: Container
  ) async throws -> LogRecords.StreamPositions {
    if let positions = attachment.positions {
      return LogRecords.StreamPositions(stdout: positions.stdout, stderr: positions.stderr)
    }
    let (engine, id) = (engine, container.id)
    return try await engine.executor.run { try LogReader.end(of: engine.containers.folder.log(of: id)) }
  }

  /// `logs`: what the container wrote, from its segments.
  @Sendable func logs(_ request: Request) async throws -> Response {
    guard request.query.flag("stdout") || request.query.flag("stderr") else {
      throw EngineError(.invalid, "Bad parameters: you must choose at least one stream")
    }
    let container = try container(request)
    let spec = container.snapshot.spec
    guard spec.lifecycle.log.driver != .none else {
      throw EngineError(.unsupported, "configured logging driver does not support reading")
    }
    let query = try LogQuery(request, hasTerminal: spec.streams.hasTerminal)
    let (engine, id) = (engine, spec.id)
    // Opened before the answer begins: who has its head loses nothing when the container is removed.
    let log = try await engine.streams.run { try OpenLog(engine.containers.folder.log(of: id), query) }
    let changes = query.follows ? try engine.containers.logChanges(of: id, log.directory) : nil
    // Before 1.42 there was only one content type.
    let isRaw = spec.streams.hasTerminal || request.version < APIVersion(1, 42)
    let contentType = "application/vnd.docker.\(isRaw ? "raw" : "multiplexed")-stream"
    return .stream(contentType: contentType) { writer in
      var next = changes?.makeAsyncIterator()
      while true {
        // Asked before the log is read: what has ended has written everything by then.
        let isOver = !container.snapshot.hasProcess
        var isAtEnd = false
        while !isAtEnd {
          let piece = try await engine.streams.run { try log.nextPiece() }
          if !piece.bytes.isEmpty { try await writer.write(piece.bytes) }
          isAtEnd = piece.isAtEnd
        }
        guard !isOver, await next?.next() != nil else { return }
      }
    }
  }
}

/// What a client wants of a log.
private struct LogQuery: Sendable {
  let follows: Bool
  let wantsOutput: Bool
  let wantsErrors: Bool
  let hasTimestamps: Bool
  let hasDetails: Bool
  let hasTerminal: Bool
  let start: LogStart
  let since: LogTime?
  let until: LogTime?

  init(_ request: Request, hasTerminal: Bool) throws {
    let query = request.query
    follows = query.flag("follow")
    wantsOutput = query.flag("stdout")
    wantsErrors = query.flag("stderr")
    hasTimestamps = query.flag("timestamps")
    hasDetails = query.flag("details")
    self.hasTerminal = hasTerminal
    let tail = query["tail"] ?? "all"
    let tailed: LogStart? = Int(tail).flatMap { $0 < 0 ? nil : .tail($0) }
    start = try LogQuery.position(query["position"]) ?? tailed ?? .beginning
    since = try LogQuery.time(query["since"])
    until = try LogQuery.time(query["until"])
  }

  /// `position=OUT,ERR`: where our own client goes on, in bytes of each stream since the beginning of the log.
  private static func position(_ text: String?) throws(EngineError) -> LogStart? {
    guard let text else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
    guard parts.count == 2, let output = parts[0], let errors = parts[1] else {
      throw EngineError(.invalid, "invalid value for \"position\": \(text)")
    }
    return .position(LogRecords.StreamPositions(stdout: output, stderr: errors))
  }

  /// Seconds after 1970 with an optional fraction, as the stock client sends them; 0 is not said.
  private static func time(_ text: String?) throws(EngineError) -> LogTime? {
    guard let text, !text.isEmpty, text != "0" else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1)
    let fraction = parts.count > 1 ? String(parts[1].prefix(9)) : ""
    guard let seconds = Int64(parts[0]), abs(seconds) < 9_200_000_000,
      let nanoseconds = Int64(fraction + String(repeating: "0", count: 9 - fraction.count))
    else { throw EngineError(.invalid, "invalid value for \"since\" or \"until\": \(text)") }
    return LogTime(nanoseconds: seconds * 1_000_000_000 + nanoseconds)
  }
}

/// A log that is being read. Its calls block, and come one after the other.
// Unchecked: one handler uses it, from one job at a time.
private final class OpenLog: @unchecked Sendable {
  let directory: Descriptor
  private var reader: LogReader
  private let query: LogQuery

  /// One answer of `nextPiece`: what a client takes in one write.
  private static let pieceBytesMax = 64 << 10

  init(_ directory: Descriptor, _ query: LogQuery) throws {
    self.directory = directory
    self.query = query
    reader = try LogReader(
      directory, from: query.start, since: query.since, until: query.until, isFollowing: query.follows)
  }

  /// The next records in Docker's frames, and whether there are no more right now.
  func nextPiece() throws -> (bytes: [UInt8], isAtEnd: Bool) {
    var bytes: [UInt8] = []
    while bytes.count < OpenLog.pieceBytesMax {
      guard let record = try reader.next() else { return (bytes, true) }
      guard record.stream == .stdout ? query.wantsOutput : query.wantsErrors else { continue }
      var text = query.hasTimestamps ? Array("\(WireTime.aligned(record.time.nanoseconds)) ".utf8) : []
      // Details are the attributes of the log's driver, of which there are none, and a space.
      if query.hasDetails { text.append(UInt8(ascii: " ")) }
      text += record.bytes
      if !query.hasTerminal {
        bytes += StreamFrame.header(record.stream == .stdout ? .output : .error, count: text.count)
      }
      bytes += text
    }
    return (bytes, false)
  }
}

import EngineClient
import Linux

/// A container that is watched from its start, or joined later, to its end.
struct ContainerAttachment {
  let session: Session
  let id: String
  let terminal: TerminalSession
  /// Whether the container ran before we came.
  private let isJoining: Bool
  private let connection: HijackedConnection

  /// Attaches to the container `id`.
  init(_ session: Session, id: String, _ terminal: TerminalSession, isJoining: Bool = false) throws {
    self.session = session
    self.id = id
    self.terminal = terminal
    self.isJoining = isJoining
    connection = try session.engine.hijack(Self.request(id, terminal.wishes, asksPosition: true))
  }

  private static func request(
    _ id: String, _ wishes: TerminalSession.Wishes, asksPosition: Bool = false
  ) -> EngineRequest {
    var query: [(name: String, value: String)] = []
    if !wishes.detachKeys.isEmpty { query.append(("detachKeys", wishes.detachKeys)) }
    if wishes.error { query.append(("stderr", "1")) }
    if wishes.input { query.append(("stdin", "1")) }
    if wishes.output { query.append(("stdout", "1")) }
    // Docker's engine does not know it, and does not mind.
    if asksPosition { query.append(("position", "1")) }
    query.append(("stream", "1"))
    return .container("POST", id, "attach", query: query)
  }

  /// Asks for the container's end. The answer comes when that happens.
  ///
  /// - Parameter condition: `next-exit` before a start, `removed` if the engine removes it.
  static func waiting(_ session: Session, _ id: String, condition: String) throws -> PendingAnswer {
    try session.engine.begin(.container("POST", id, "wait", query: [(name: "condition", value: condition)]))
  }

  /// The exit code that the engine answers, once it does.
  static func exitCode(_ pending: PendingAnswer, _ session: Session) throws -> Int32 {
    let answer = try pending.document()
    let problem = answer["Error"]["Message"].text
    if !problem.isEmpty {
      session.complain("Error waiting for container: \(problem)")
      return ExitCode.usage
    }
    let code = Int32(truncatingIfNeeded: answer["StatusCode"].integer)
    if answer["OOMKilled"].isTrue, code != 0 {
      session.complain(
        "\(Session.program): the container ran out of memory, so the kernel killed a process of it\n"
          + "hint: give it more with --memory")
    }
    return code
  }

  /// Carries to the end, over as many lives of the engine as the container has, and answers the exit code; nil after
  /// a detach.
  ///
  /// A container does not need its engine to run. When the engine dies, our connections end; once it is back, the
  /// output goes on with the byte that comes next. That the engine has died, the end of `pending` tells: what it
  /// promised is still to come.
  func carryToExit(_ pending: PendingAnswer, removes: Bool) throws -> Int32? {
    var pending = pending
    var (outcome, delivered) = try terminal.carry(connection, isJoining: isJoining, resize: resize, pass: pass)
    while outcome == .ended {
      do { return try Self.exitCode(pending, session) } catch let error as ClientError where error.isDisconnection {
        guard awaitEngine() else { throw error }
      }
      do {
        // In this order: a container that removes itself goes once somebody waits for that, and its log with it.
        let log = try openLog(after: delivered)
        pending = try Self.waiting(session, id, condition: removes ? "removed" : "not-running")
        (outcome, delivered) = try goOn(with: log, after: delivered)
      } catch let error as ClientError where error.isDisconnection || error.isAbsence {
        // It died again.
        continue
      }
    }
    return nil
  }

  private func resize(_ size: WindowSize) {
    let query = [(name: "h", value: "\(size.rows)"), (name: "w", value: "\(size.columns)")]
    // It may have ended meanwhile, and then its size does not matter.
    _ = try? session.engine.call(.container("POST", id, "resize", query: query))
  }

  private func pass(_ signal: String) {
    _ = try? session.engine.call(.container("POST", id, "kill", query: [(name: "signal", value: signal)]))
  }

  // MARK: - When the engine dies

  /// How long an engine may be gone before we stop waiting for it. An upgrade takes a second or two.
  private static let absenceMillisecondsMax = 60_000
  private static let pauseMilliseconds: Int32 = 50

  private func awaitEngine() -> Bool {
    let started = ContinuousClock.now
    while ContinuousClock.now - started < .milliseconds(Self.absenceMillisecondsMax) {
      if session.engine.answers() { return true }
      _ = try? waitUntilReady([], milliseconds: Self.pauseMilliseconds)
    }
    return false
  }

  /// The log has every byte, also those that came while nobody listened. What is old may have been rotated away, so it
  /// is read from our place on.
  private func openLog(after delivered: StreamCarrier.Delivered) throws -> LogFeed {
    let wishes = terminal.wishes
    var query: [(name: String, value: String)] = [("follow", "1")]
    if wishes.error { query.append(("stderr", "1")) }
    if wishes.output { query.append(("stdout", "1")) }
    if let start = connection.logPosition {
      query.append(("position", "\(start.output + delivered.output),\(start.error + delivered.error)"))
    }
    return try session.engine.begin(.container("GET", id, "logs", query: query)).feed()
  }

  /// Only the input needs the process.
  private func goOn(
    with log: LogFeed, after delivered: StreamCarrier.Delivered
  ) throws -> (outcome: StreamCarrier.Outcome, delivered: StreamCarrier.Delivered) {
    let wishes = terminal.wishes
    var input: HijackedConnection?
    if wishes.input {
      let request = Self.request(id, .init(input: true, detachKeys: wishes.detachKeys))
      // One that has ended meanwhile takes none.
      do { input = try session.engine.hijack(request) } catch {
        guard error.status != nil else { throw error }
      }
    }
    return try terminal.goOn(
      input, log: log, after: (delivered, isRepeated: connection.logPosition == nil), resize: resize, pass: pass)
  }
}

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

  /// How a watched container ended for us.
  enum End: Equatable {
    /// The container's streams ended: it did, or the engine is gone.
    case ended(StreamCarrier.Delivered)
    /// The user left and it still runs.
    case detached
  }

  /// Attaches to the container `id`.
  init(_ session: Session, id: String, _ terminal: TerminalSession, isJoining: Bool = false) throws {
    self.isJoining = isJoining
    self.session = session
    self.id = id
    self.terminal = terminal
    connection = try session.engine.hijack(Self.request(id, terminal.wishes, replaysLog: false))
  }

  private static func request(_ id: String, _ wishes: TerminalSession.Wishes, replaysLog: Bool) -> EngineRequest {
    var query: [(name: String, value: String)] = []
    if !wishes.detachKeys.isEmpty { query.append(("detachKeys", wishes.detachKeys)) }
    if replaysLog { query.append(("logs", "1")) }
    if wishes.error { query.append(("stderr", "1")) }
    if wishes.input { query.append(("stdin", "1")) }
    if wishes.output { query.append(("stdout", "1")) }
    query.append(("stream", "1"))
    return .container("POST", id, "attach", query: query)
  }

  /// Carries the streams until the container or the user ends them.
  func carry() throws -> End { try carry(connection, skipping: .init()) }

  private func carry(_ connection: HijackedConnection, skipping: StreamCarrier.Delivered) throws -> End {
    let (outcome, delivered) = try terminal.carry(
      connection, skipping: skipping, isJoining: isJoining,
      resize: { size in
        let query = [(name: "h", value: "\(size.rows)"), (name: "w", value: "\(size.columns)")]
        // It may have ended meanwhile, and then its size does not matter.
        _ = try? session.engine.call(.container("POST", id, "resize", query: query))
      },
      pass: { signal in
        _ = try? session.engine.call(.container("POST", id, "kill", query: [(name: "signal", value: signal)]))
      })
    return outcome == .detached ? .detached : .ended(delivered)
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
    return Int32(truncatingIfNeeded: answer["StatusCode"].integer)
  }

  // MARK: - When the engine dies

  /// How long an engine may be gone before we stop waiting for it. An upgrade takes a second or two.
  private static let absenceMillisecondsMax = 60_000
  private static let pauseMilliseconds: Int32 = 50

  /// Carries to the end, over as many lives of the engine as the container has, and answers the exit code; nil after
  /// a detach.
  ///
  /// A container does not need its engine to run. When the engine dies, our connections end; once it is back, they
  /// are made again, and the output goes on with the byte that comes next.
  func carryToExit(_ pending: PendingAnswer, removes: Bool) throws -> Int32? {
    var pending = pending
    var end = try carry()
    while case .ended(let delivered) = end {
      do { return try Self.exitCode(pending, session) } catch let error as ClientError where error.isDisconnection {
        guard awaitEngine() else { throw error }
      }
      // Attach first: a container that ends between the two is still known to the second.
      do {
        let again = try session.engine.hijack(Self.request(id, terminal.wishes, replaysLog: true))
        pending = try Self.waiting(session, id, condition: removes ? "removed" : "not-running")
        end = try carry(again, skipping: delivered)
      } catch let error as ClientError where error.isDisconnection { continue }
    }
    return nil
  }

  private func awaitEngine() -> Bool {
    let started = ContinuousClock.now
    while ContinuousClock.now - started < .milliseconds(Self.absenceMillisecondsMax) {
      if session.engine.answers() { return true }
      _ = try? waitUntilReady([], milliseconds: Self.pauseMilliseconds)
    }
    return false
  }
}

import Linux
package import MonitorProtocol
import Synchronization

/// The daemon's connection to one monitor: orders go out, answers and news come in.
///
/// Any thread may give orders. What comes in is read by the one thread of `TaskReader`.
package final class TaskConnection: Sendable {
  let socket: Descriptor
  /// What happens to the task, in order, to the end; to be followed once.
  package let events: AsyncStream<TaskEvent>
  private let news: AsyncStream<TaskEvent>.Continuation
  private let state: Mutex<State>

  private struct State {
    var decoder = FrameDecoder()
    /// Orders that were sent and not answered, in their order.
    var waiting: [CheckedContinuation<Void, any Error>] = []
    /// Waits for the answer to the launch or to the first status.
    var opening: CheckedContinuation<MonitorReply, any Error>?
    var isLost = false
  }

  /// An order is answered at once; so many unanswered ones mean that the monitor hangs.
  private static let waitingMax = 256

  init(_ socket: Descriptor) {
    self.socket = socket
    state = Mutex(State())
    (events, news) = AsyncStream.makeStream()
  }

  /// Sends the first request, a launch or a question for the status, and waits for its answer.
  func open(_ request: MonitorRequest, _ descriptors: [Descriptor]) async throws -> MonitorReply {
    try await withCheckedThrowingContinuation { continuation in
      let isLost = state.withLock { state in
        if !state.isLost { state.opening = continuation }
        return state.isLost
      }
      guard !isLost else { return continuation.resume(throwing: TaskError.lost) }
      do { try send([.hello(Hello()), request], descriptors) } catch { fail() }
    }
  }

  /// Gives an order and waits until the monitor has carried it out.
  package func perform(_ request: MonitorRequest) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let mayWait = state.withLock { state in
        guard !state.isLost, state.waiting.count < TaskConnection.waitingMax else { return false }
        state.waiting.append(continuation)
        return true
      }
      guard mayWait else { return continuation.resume(throwing: TaskError.lost) }
      do { try send([request], []) } catch { fail() }
    }
  }

  private func send(_ requests: [MonitorRequest], _ descriptors: [Descriptor]) throws {
    let bytes = try requests.flatMap { try $0.encoded() }
    try bytes.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in
      // The monitor reads until it has launched, and afterwards whatever comes: a blocking write ends soon.
      var sent = try socket.send(buffer, descriptors)
      while sent < buffer.count { sent += try socket.send(UnsafeRawBufferPointer(rebasing: buffer[sent...])) }
    }
  }

  /// Takes bytes that came; false when the connection is of no more use.
  func receive(_ bytes: ArraySlice<UInt8>) -> Bool {
    let replies: [MonitorReply]? = state.withLock { state in
      state.decoder.append(bytes)
      var replies: [MonitorReply] = []
      do {
        while let reply = try state.decoder.next(MonitorReply.self) { replies.append(reply) }
        return replies
      } catch { return nil }
    }
    guard let replies else { return false }
    for reply in replies { take(reply) }
    return true
  }

  private func take(_ reply: MonitorReply) {
    switch reply {
    case .hello, .attached, .stdout, .stderr, .lagged: return
    case .outOfMemory(let count): news.yield(.outOfMemory(count: count))
    case .started: answerOpening(reply)
    case .exited(let record):
      answerOpening(reply)
      news.yield(.exited(record))
    case .failed(let failure):
      if !answerOpening(reply) { nextWaiting()?.resume(throwing: TaskError.refused(failure)) }
    case .done: nextWaiting()?.resume()
    }
  }

  @discardableResult
  private func answerOpening(_ reply: MonitorReply) -> Bool {
    let opening = state.withLock { state in
      defer { state.opening = nil }
      return state.opening
    }
    opening?.resume(returning: reply)
    return opening != nil
  }

  private func nextWaiting() -> CheckedContinuation<Void, any Error>? {
    state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  /// The connection is gone: whoever waits is told.
  func fail() {
    let (opening, waiting) = state.withLock { state in
      state.isLost = true
      defer {
        state.opening = nil
        state.waiting = []
      }
      return (state.opening, state.waiting)
    }
    opening?.resume(throwing: TaskError.lost)
    for continuation in waiting { continuation.resume(throwing: TaskError.lost) }
    news.yield(.lost)
    news.finish()
  }
}

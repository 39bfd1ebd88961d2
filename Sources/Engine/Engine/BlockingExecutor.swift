import Glibc
import Linux

/// Threads for what blocks: files, archives, SQLite. The cooperative pool has a thread per core, and one that waits for
/// a disk would hold up every connection.
///
/// A job runs from its beginning to its end on one thread. Jobs wait in the order in which they came; each belongs to a
/// request that waits for it, so there are never more than connections.
package final class BlockingExecutor: Sendable {
  private let queue: Queue
  private let threadsMax: Int

  private typealias Job = @Sendable () -> Void

  /// What the threads share. They hold it, and not the executor, so that they end when that goes.
  private final class Queue: Sendable {
    let state = WaitingLock(State())

    struct State {
      var jobs: [Job] = []
      var threads = 0
      var idle = 0
      var isClosed = false
    }

    /// The life of a thread: jobs, one after the other.
    func work() {
      while let job = next() { job() }
    }

    private func next() -> Job? {
      state.withLock { $0.idle += 1 }
      let job: Job?? = state.wait { state in
        if !state.jobs.isEmpty {
          state.idle -= 1
          return .some(state.jobs.removeFirst())
        }
        return state.isClosed ? .some(nil) : nil
      }
      return job ?? nil
    }
  }

  /// Uses at most `threadsMax` threads, which are started when they are needed.
  package init(threadsMax: Int) {
    self.threadsMax = threadsMax
    queue = Queue()
  }

  deinit { queue.state.withLock { $0.isClosed = true } }

  /// Runs `body` on one of the threads. It is not cancelled with the caller's task: what it waits for must end.
  package func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws(EngineError) -> Result {
    let result = await withCheckedContinuation {
      (waiter: CheckedContinuation<Swift.Result<Result, EngineError>, Never>) in
      submit {
        do { waiter.resume(returning: .success(try body())) } catch {
          waiter.resume(returning: .failure(EngineError(error)))
        }
      }
    }
    return try result.get()
  }

  private func submit(_ job: @escaping Job) {
    let isThreadNeeded = queue.state.withLock { state in
      state.jobs.append(job)
      guard state.jobs.count > state.idle, state.threads < threadsMax else { return false }
      state.threads += 1
      return true
    }
    guard isThreadNeeded, !startThread() else { return }
    // Without a new thread the others do it later. When there is none, this one must.
    let orphans: [Job] = queue.state.withLock { state in
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer { state.jobs = [] }
      return state.jobs
    }
    for job in orphans { job() }
  }

  private func startThread() -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(queue).toOpaque()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        // The only argument that is ever given: the retained queue of `startThread`.
        if let argument { Unmanaged<Queue>.fromOpaque(argument).takeRetainedValue().work() }
        return nil
      }, argument)
    if code != 0 { Unmanaged<Queue>.fromOpaque(argument).release() }
    return code == 0
  }
}

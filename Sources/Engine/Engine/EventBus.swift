import Synchronization

/// Tells whoever listens what happens, and keeps the last events for those who ask later.
///
/// Publishing never waits. Nothing of it is on the disk: what happened is told by what is there.
package final class EventBus: Sendable {
  private let state = Mutex(State())

  /// As many as Docker remembers.
  package static let historyMax = 256
  /// What a listener may be behind, which is seconds of the busiest engine; beyond, it is cut off rather than told
  /// half of what happens.
  package static let queueMax = 4096

  private struct State {
    /// The oldest first.
    var history: [Event] = []
    var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    var nextListener = 0
  }

  /// Starts without history.
  package init() {}

  /// How many listen.
  package var listenersCount: Int { state.withLock { $0.listeners.count } }

  /// Tells everybody.
  package func publish(_ event: Event) {
    // In the lock, so that everybody sees the same order; it only puts the event into queues.
    let overrun = state.withLock { state in
      if state.history.count >= Self.historyMax { state.history.removeFirst() }
      state.history.append(event)
      var overrun: [AsyncStream<Event>.Continuation] = []
      for (id, listener) in state.listeners {
        if case .dropped = listener.yield(event) {
          overrun.append(listener)
          state.listeners[id] = nil
        }
      }
      return overrun
    }
    // Ending a stream calls its termination handler, which takes the lock.
    for listener in overrun { listener.finish() }
  }

  /// Listens: the events of history since `since`, in nanoseconds since 1970, then those to come. Without `since` only
  /// those to come.
  ///
  /// The stream ends when its reader is more than `queueMax` events behind, and when it is cancelled.
  package func listen(since: Int64?) -> AsyncStream<Event> {
    let (stream, listener) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(Self.queueMax))
    let id = state.withLock { state in
      if let since { for event in state.history where event.time >= since { listener.yield(event) } }
      state.nextListener += 1
      state.listeners[state.nextListener] = listener
      return state.nextListener
    }
    listener.onTermination = { [weak self] _ in self?.forget(id) }
    return stream
  }

  /// The events of history between two moments.
  package func history(since: Int64, until: Int64) -> [Event] {
    state.withLock { $0.history.filter { $0.time >= since && $0.time <= until } }
  }

  /// Ends all streams, when the engine ends.
  package func close() {
    let listeners = state.withLock { state in
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }

  private func forget(_ id: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: id) } }
}

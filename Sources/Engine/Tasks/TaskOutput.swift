import Linux
import Synchronization

/// The beginning of what a task writes, kept in memory. What comes after it is read and forgotten, so that the task does
/// not wait for us.
package final class TaskOutput: Sendable {
  let socket: Descriptor
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var bytes: [UInt8] = []
    /// More came than was kept.
    var isCut = false
    var isOver = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  init(_ socket: Descriptor, limit: Int) {
    self.socket = socket
    self.limit = limit
  }

  /// What was written before the end, which this waits for; `isCut` if there was more.
  package func whole() async -> (bytes: [UInt8], isCut: Bool) {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiters.append(waiter) }
        return state.isOver
      }
      if isOver { waiter.resume() }
    }
    return state.withLock { ($0.bytes, $0.isCut) }
  }

  func receive(_ bytes: ArraySlice<UInt8>) {
    state.withLock { state in
      let room = limit - state.bytes.count
      state.bytes += bytes.prefix(room)
      if bytes.count > room { state.isCut = true }
    }
  }

  func end() {
    let waiters = state.withLock { state in
      state.isOver = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}

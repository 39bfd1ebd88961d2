import NIOCore
import Synchronization

/// The connections that are open, so that there are not too many and all can be closed.
final class ConnectionRegistry: Sendable {
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isShuttingDown = false
  }

  init(limit: Int) { self.limit = limit }

  var isShuttingDown: Bool { state.withLock(\.isShuttingDown) }

  /// Counts `channel` until it is closed; false when there are enough, or the server stops.
  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let isAdmitted = state.withLock { state in
      guard !state.isShuttingDown, state.channels.count < limit else { return false }
      state.channels[id] = channel
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { [self] _ in _ = state.withLock { $0.channels.removeValue(forKey: id) } }
    }
    return isAdmitted
  }

  /// Admits nobody any more, and returns who is there.
  func beginShutdown() -> [any Channel] {
    state.withLock { state in
      state.isShuttingDown = true
      return Array(state.channels.values)
    }
  }
}

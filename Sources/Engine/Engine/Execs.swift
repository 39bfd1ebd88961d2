import MonitorProtocol
import Synchronization

/// The execs of one container's launch, by id. Those that have ended stay for a while: clients ask for their exit codes.
package final class Execs: Sendable {
  private let state = Mutex(State())
  /// The probes of its health, which are execs that no list shows.
  let watch = Mutex(HealthWatch())

  private struct State {
    var execs: [String: Exec] = [:]
    /// The oldest first.
    var order: [String] = []
    /// The container's compiled filter, once it was needed: it does not change while the container lives.
    var seccomp: LaunchRecord.Seccomp??
  }

  /// More than a container ever has at once; beyond, the oldest that has ended is forgotten.
  private static let execsMax = 1024

  init() {}

  /// The ids of those that have not ended, the oldest first.
  package var liveIDs: [String] {
    state.withLock { state in state.order.filter { state.execs[$0]?.isLive ?? false } }
  }

  /// The one with exactly this id.
  func exec(_ id: String) -> Exec? { state.withLock { $0.execs[id] } }

  /// Keeps `exec`.
  ///
  /// - Throws: `exhausted` when there are too many that have not ended.
  func add(_ exec: Exec) throws(EngineError) {
    let isKept = state.withLock { state in
      if state.order.count >= Self.execsMax {
        guard let index = state.order.firstIndex(where: { !(state.execs[$0]?.isLive ?? false) }) else { return false }
        state.execs[state.order.remove(at: index)] = nil
      }
      state.execs[exec.id] = exec
      state.order.append(exec.id)
      return true
    }
    guard isKept else {
      throw EngineError(
        .exhausted, "container \(exec.containerID) has \(Self.execsMax) exec instances that have not ended",
        hint: "restart the container: exec instances that were made and never started stay until then")
    }
  }

  /// Forgets them: a new launch of the container begins without any.
  func forgetAll() {
    state.withLock { state in
      state.execs = [:]
      state.order = []
    }
  }

  /// The container's filter, made by `compile` if it was not needed before.
  func seccomp(_ compile: () throws -> LaunchRecord.Seccomp?) throws -> LaunchRecord.Seccomp? {
    if let known = state.withLock({ $0.seccomp }) { return known }
    let compiled = try compile()
    state.withLock { $0.seccomp = .some(compiled) }
    return compiled
  }
}

import Linux
import LaunchPlan
import MonitorProtocol
import Synchronization
import Tasks
import Glibc
import Database

/// One container: its state machine, and the only one who performs the machine's effects.
///
/// What it is like is published as an immutable snapshot, so that nobody who only looks waits for it.
package actor Container {
  package nonisolated let id: String
  nonisolated let services: ContainerServices
  /// The further programs that were started in it since its own was.
  package nonisolated let execs = Execs()
  /// Read by anybody, written here.
  private nonisolated let published: Mutex<ContainerSnapshot>
  var row: ContainerRow
  var connection: TaskConnection?
  var restart: Task<Void, Never>?
  /// Clients that attached before the start; the next launch takes them.
  var waitingClients: [(socket: Descriptor, streams: StreamSet)] = []
  var waiters: [Waiter] = []
  /// Whether its removal takes its anonymous volumes along.
  var removesVolumes = false
  let removed: @Sendable (String) async -> Void
  let isVolumeUsed: @Sendable (String) async -> Bool

  struct Waiter {
    let condition: WaitCondition
    let continuation: CheckedContinuation<ContainerEnd, any Error>
  }

  /// Takes over a container that is stored.
  ///
  /// - Parameter removed: told when it is gone.
  /// - Parameter isVolumeUsed: whether another container uses a volume.
  init(
    _ row: ContainerRow, _ services: ContainerServices, removed: @escaping @Sendable (String) async -> Void,
    isVolumeUsed: @escaping @Sendable (String) async -> Bool
  ) {
    id = row.spec.id
    self.row = row
    self.services = services
    self.removed = removed
    self.isVolumeUsed = isVolumeUsed
    published = Mutex(ContainerSnapshot(row))
  }

  /// What it is like now.
  package nonisolated var snapshot: ContainerSnapshot { published.withLock { $0 } }

  // MARK: Events in, effects out

  /// Hands `event` to the machine and performs what it asks for.
  func handle(_ event: ContainerStateMachine.Event) async throws {
    let effects: [ContainerStateMachine.Effect]
    do { effects = try row.machine.handle(event) } catch { throw EngineError(error, container: row.spec) }
    publishSnapshot()
    for effect in effects { try await perform(effect) }
  }

  private func perform(_ effect: ContainerStateMachine.Effect) async throws {
    switch effect {
    case .launch(let launch):
      execs.forgetAll()
      try await launchTask(launch)
    case .save(let isDefinition): try await save(isDefinition: isDefinition)
    case .publish(let event): tell(event)
    case .scheduleRestart(let delay): scheduleRestart(after: delay)
    case .cancelRestart:
      restart?.cancel()
      restart = nil
    case .release(let launch): try await release(launch)
    case .kill: try await connection?.perform(.signal(SIGKILL, toAll: true))
    case .removeContainer: try await removeEverything()
    }
  }

  private func publishSnapshot() {
    let snapshot = ContainerSnapshot(row)
    published.withLock { $0 = snapshot }
  }

  private func save(isDefinition: Bool) async throws {
    let (row, database) = (row, services.database)
    try await services.executor.run {
      if isDefinition {
        try database.definitions { try row.update($0) }
      } else {
        try database.observations { try row.updateState($0) }
      }
    }
  }

  func tell(_ event: ContainerEvent) {
    var news = ContainerNews(event: event, spec: row.spec, time: .now())
    if let finished = row.machine.finished, let startedAt = finished.startedAt {
      news.life = finished.finishedAt.since(startedAt)
    }
    services.publish(news)
    guard case .die(let code) = event else { return }
    wake(ContainerEnd(exitCode: code, error: row.machine.finished?.error, wasOutOfMemory: wasOutOfMemory)) {
      $0 != .removed
    }
  }

  /// Whether its last launch ended for want of memory.
  var wasOutOfMemory: Bool { row.machine.finished?.wasOutOfMemory ?? false }

  func wake(_ end: ContainerEnd, _ isDue: (WaitCondition) -> Bool) {
    let due = waiters.filter { isDue($0.condition) }
    waiters.removeAll { isDue($0.condition) }
    for waiter in due { waiter.continuation.resume(returning: end) }
  }
}

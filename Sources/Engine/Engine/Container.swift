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
  var recovery: Recovery
  /// Clients that attached before the start; the next launch takes them.
  var waitingClients: [(socket: Descriptor, streams: StreamSet)] = []
  var waiters: [Waiter] = []
  /// Whether its removal takes its anonymous volumes along.
  var removesVolumes = false
  let neighbours: Neighbours

  /// What it must know of the other containers, and they of it.
  struct Neighbours: Sendable {
    /// Told when it is gone.
    let removed: @Sendable (String) -> Void
    /// Whether any other container uses a volume.
    let usesVolume: @Sendable (String) -> Bool
    /// Another container, by its id.
    let find: @Sendable (String) -> ContainerSnapshot?
  }

  struct Waiter {
    let condition: WaitCondition
    let continuation: CheckedContinuation<ContainerEnd, any Error>
  }

  /// Takes over a container that is stored.
  ///
  /// - Parameter isNew: whether it was made by this daemon; another one is recovered before it takes orders.
  init(_ row: ContainerRow, _ services: ContainerServices, isNew: Bool, neighbours: Neighbours) {
    id = row.spec.id
    self.row = row
    self.services = services
    recovery = Recovery(isOver: isNew)
    self.neighbours = neighbours
    published = Mutex(ContainerSnapshot(row))
  }

  /// What it is like now.
  package nonisolated var snapshot: ContainerSnapshot { published.withLock { $0 } }

  // MARK: Events in, effects out

  /// Hands `event` to the machine and performs what it asks for.
  func handle(_ event: ContainerStateMachine.Event) async throws {
    let effects: [ContainerStateMachine.Effect]
    do { effects = try row.machine.handle(event) } catch { throw EngineError(error, container: row.spec) }
    updateHealth()
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
      recovery.restart?.cancel()
      recovery.restart = nil
    case .scheduleRemoval: scheduleRemoval()
    case .release(let launch): try await release(launch)
    case .kill: try await connection?.perform(.signal(SIGKILL, toAll: true))
    case .removeContainer: try await removeEverything()
    }
  }

  func publishSnapshot() {
    let snapshot = ContainerSnapshot(row)
    published.withLock { $0 = snapshot }
    if !snapshot.hasProcess { services.followers.wake(id) }
  }

  func save(isDefinition: Bool) async throws {
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

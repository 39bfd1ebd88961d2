import Database
import Snapshots
import Volumes
import Glibc
import LaunchPlan
package import Linux
package import MonitorProtocol
import Synchronization
import Tasks

/// One container: its state machine, and the only one who performs the machine's effects.
///
/// What it is like is published as an immutable snapshot, so that nobody who only looks waits for it.
package actor Container {
  package nonisolated let id: String
  nonisolated let services: ContainerServices
  /// Read by anybody, written here.
  private nonisolated let published: Mutex<ContainerSnapshot>
  private var row: ContainerRow
  private var connection: TaskConnection?
  private var restart: Task<Void, Never>?
  /// Clients that attached before the start; the next launch takes them.
  private var waitingClients: [(socket: Descriptor, streams: StreamSet)] = []
  private var waiters: [Waiter] = []
  /// Whether its removal takes its anonymous volumes along.
  private var removesVolumes = false
  private let removed: @Sendable (String) async -> Void
  private let isVolumeUsed: @Sendable (String) async -> Bool

  private struct Waiter {
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
  private func handle(_ event: ContainerStateMachine.Event) async throws {
    let effects: [ContainerStateMachine.Effect]
    do { effects = try row.machine.handle(event) } catch { throw EngineError(error, container: row.spec) }
    publishSnapshot()
    for effect in effects { try await perform(effect) }
  }

  private func perform(_ effect: ContainerStateMachine.Effect) async throws {
    switch effect {
    case .launch(let launch): try await launchTask(launch)
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
        try database.observations { try row.update($0) }
      }
    }
  }

  private func tell(_ event: ContainerEvent) {
    services.publish(ContainerNews(event: event, spec: row.spec, time: .now()))
    guard case .die(let code) = event else { return }
    wake(ContainerEnd(exitCode: code, error: row.machine.finished?.error)) { $0 != .removed }
  }

  private func wake(_ end: ContainerEnd, _ isDue: (WaitCondition) -> Bool) {
    let due = waiters.filter { isDue($0.condition) }
    waiters.removeAll { isDue($0.condition) }
    for waiter in due { waiter.continuation.resume(returning: end) }
  }

  // MARK: Launching

  private func launchTask(_ launch: String) async throws {
    let clients = waitingClients
    waitingClients = []
    do {
      let launcher = ContainerLauncher(spec: row.spec, services: services)
      let (started, connection) = try await launcher.launch(launch, clients)
      self.connection = connection
      follow(connection, launch)
      try await handle(
        .launched(
          Running(
            launch: launch, pid: started.pid, startTime: started.startTime,
            startedAt: Timestamp(nanoseconds: started.atNanoseconds))))
    } catch {
      let failure = EngineError(launchFailure: error)
      try await handle(
        .launchFailed(
          Finished(
            launch: launch, startedAt: nil, finishedAt: .now(), exitCode: failure.exitCode, error: failure.message)))
      wake(ContainerEnd(exitCode: failure.exitCode, error: failure.message)) { $0 != .removed }
      throw failure
    }
  }

  /// Hears what happens to the task until its end.
  private func follow(_ connection: TaskConnection, _ launch: String) {
    Task {
      for await event in connection.events {
        switch event {
        case .outOfMemory: tell(.outOfMemory)
        case .exited(let record): await ended(Finished(record))
        case .lost: await connectionLost(launch)
        }
      }
    }
  }

  private func ended(_ finished: Finished) async {
    connection = nil
    // What cannot be written now is found out by the next daemon from the exit record.
    try? await handle(.exited(finished))
  }

  /// The monitor is gone, or only its connection: the task's directory tells.
  private func connectionLost(_ launch: String) async {
    guard connection != nil else { return }
    await adopt(launch)
  }

  /// Finds the task of an earlier daemon, or of a connection that was lost, again.
  func adopt(_ launch: String) async {
    guard let id = LaunchID(launch) else { return }
    connection = nil
    switch try? await services.tasks.adopt(container: taskName, launch: id) {
    case .running(let started, let connection):
      self.connection = connection
      follow(connection, launch)
      try? await handle(
        .launched(
          Running(
            launch: launch, pid: started.pid, startTime: started.startTime,
            startedAt: Timestamp(nanoseconds: started.atNanoseconds))))
    case .ended(let record): try? await handle(.exited(Finished(record)))
    case .lost, nil:
      await killLeftovers(launch)
      try? await handle(
        .exited(
          Finished(
            launch: launch, startedAt: nil, finishedAt: .now(), exitCode: 137,
            error: "the monitor of this container was lost; its processes were killed")))
    }
  }

  private func killLeftovers(_ launch: String) async {
    let launcher = ContainerLauncher(spec: row.spec, services: services)
    try? await services.executor.run { try launcher.removeCgroup() }
  }

  private func release(_ launch: String) async throws {
    guard let id = LaunchID(launch) else { return }
    let (tasks, name) = (services.tasks, taskName)
    try await services.executor.run { try tasks.removeDirectory(container: name, launch: id) }
  }

  private nonisolated var taskName: String { String(id.prefix(12)) }

  private func scheduleRestart(after delay: Duration) {
    restart = Task {
      // Cancelled: somebody started, stopped or removed the container meanwhile.
      guard (try? await Task.sleep(for: delay)) != nil else { return }
      try? await handle(.restartDue(launch: "\(LaunchID.random())"))
    }
  }
}

extension Container {
  /// Finds its task again after the daemon's death, or starts it when its policy says so.
  func recover(isSameBoot: Bool) async {
    let policy = row.machine.restartPolicy
    var wasRunning = true
    switch row.machine.state {
    case .created: return
    case .starting(let launch): await recover(launch.id, isSameBoot: isSameBoot)
    case .running(let running): await recover(running.launch, isSameBoot: isSameBoot)
    case .restarting: break
    case .exited: wasRunning = false
    case .removing: return await finishRemoval()
    }
    guard !snapshot.hasProcess else { return }
    let isDue = policy.restartsWithDaemon(
      wasRunning: wasRunning, isStoppedByUser: row.machine.isStoppedByUser,
      exitCode: row.machine.finished?.exitCode ?? 0)
    if isDue { try? await start() }
  }

  private func recover(_ launch: String, isSameBoot: Bool) async {
    if isSameBoot { return await adopt(launch) }
    // The machine went down under it: there is no task, and nobody saw its end.
    try? await handle(
      .exited(
        Finished(launch: launch, startedAt: nil, finishedAt: .now(), exitCode: 255, error: "the machine went down")))
  }

  private func finishRemoval() async { try? await removeEverything() }

  // MARK: Orders

  /// Starts it.
  ///
  /// - Throws: `notModified` if it runs; `invalid`, `notFound` or `failed` when the process cannot be made.
  package func start() async throws { try await handle(.start(launch: "\(LaunchID.random())")) }

  /// Sends `signal` to its process; a paused one is thawed for SIGKILL.
  package func kill(_ signal: Int32) async throws {
    guard case .running(let running) = row.machine.state, let connection else {
      throw EngineError(.conflict, "container \(id) is not running")
    }
    let ends = signal == SIGKILL || signal == stopSignal
    try await handle(.stopRequested(endsRestarts: ends))
    if running.isPaused, signal == SIGKILL { try await connection.perform(.resume) }
    try await order(.signal(signal, toAll: false))
  }

  /// Ends it: its stop signal, and SIGKILL when it still runs after `timeoutSeconds` (negative: never).
  ///
  /// - Throws: `notModified` if it does not run.
  package func stop(signal: Int32? = nil, timeoutSeconds: Int? = nil) async throws {
    do { try await handle(.stopRequested(endsRestarts: true)) } catch let error as EngineError {
      throw error.code == .conflict ? EngineError(.notModified, error.message) : error
    }
    guard case .running(let running) = row.machine.state else { return }
    if running.isPaused { try await unpause() }
    try? await order(.signal(signal ?? stopSignal, toAll: false))
    let seconds = timeoutSeconds ?? row.spec.lifecycle.stopTimeoutSeconds ?? 10
    let killer = Task {
      guard seconds >= 0, (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      try? await order(.signal(SIGKILL, toAll: true))
    }
    defer { killer.cancel() }
    _ = try await wait(.notRunning)
  }

  /// Freezes its processes.
  package func pause() async throws {
    guard case .running(let running) = row.machine.state else {
      throw EngineError(.conflict, "container \(id) is not running")
    }
    guard !running.isPaused else { throw EngineError(.conflict, "container \(id) is already paused") }
    try await order(.pause)
    try await handle(.paused)
  }

  /// Lets its processes go on.
  package func unpause() async throws {
    guard case .running(let running) = row.machine.state, running.isPaused else {
      throw EngineError(.internalError, "Container \(id) is not paused")
    }
    try await order(.resume)
    try await handle(.resumed)
  }

  /// Gives its terminal a size.
  package func resize(rows: UInt16, columns: UInt16) async throws {
    try await order(.resize(rows: rows, columns: columns))
  }

  private func order(_ request: MonitorRequest) async throws {
    guard let connection else { throw EngineError(.conflict, "container \(id) is not running") }
    do { try await connection.perform(request) } catch { throw EngineError(.internalError, "\(error)") }
  }

  private var stopSignal: Int32 { Signal.number(row.spec.program.stopSignal) ?? SIGTERM }

  /// Waits for its end.
  package func wait(_ condition: WaitCondition) async throws -> ContainerEnd {
    if condition == .notRunning, !snapshot.isRunning {
      return ContainerEnd(exitCode: row.machine.finished?.exitCode ?? 0, error: nil)
    }
    return try await withCheckedThrowingContinuation { continuation in
      waiters.append(Waiter(condition: condition, continuation: continuation))
    }
  }

  /// Attaches a client: to the process that runs, or to the one that will be started.
  ///
  /// - Returns: a socket on which the protocol's frames come and go, its handshake done.
  package func attach(_ streams: StreamSet) async throws -> Descriptor {
    if case .running(let running) = row.machine.state, let launch = LaunchID(running.launch) {
      let (tasks, name) = (services.tasks, taskName)
      return try await services.executor.run {
        let socket = try tasks.connectToAttach(container: name, launch: launch)
        var client = ClientConnection(socket)
        _ = try client.greet()
        try client.send(.attach(streams))
        guard case .attached = try client.receive() else { throw TaskError.lost }
        return socket
      }
    }
    let (ours, theirs) = try socketPair()
    waitingClients.append((theirs, streams))
    return ours
  }

  /// What is gone with the container: its files, its row, its anonymous volumes, in this order of importance.
  fileprivate func removeEverything() async throws {
    let (spec, services) = (row.spec, services)
    let withVolumes = removesVolumes || spec.lifecycle.isRemovedAtEnd
    try await services.executor.run {
      // Rows before deletes: what remains of the files is swept by the next start.
      let remains = try services.database.definitions { transaction in
        try ContainerRow.delete(spec.id, transaction)
        return try services.snapshots.remove(spec.id, in: transaction)
      }
      try services.snapshots.sweep(remains)
      try services.folder.remove(spec.id)
    }
    await removed(id)
    if withVolumes { await removeAnonymousVolumes() }
    tell(.destroy)
    wake(ContainerEnd(exitCode: row.machine.finished?.exitCode ?? 0, error: nil)) { _ in true }
  }

  private func removeAnonymousVolumes() async {
    for mount in row.spec.mounts {
      guard case .volume(let volume) = mount.kind, volume.isAnonymous else { continue }
      let volumes = services.volumes
      // One that another container still uses stays; a failure leaves a volume that prune finds.
      guard !(await isVolumeUsed(volume.name)) else { continue }
      _ = try? await services.executor.run { try volumes.remove(volume.name) }
    }
  }

  /// Removes it.
  ///
  /// - Parameter withVolumes: its anonymous volumes too.
  package func remove(force: Bool, withVolumes: Bool) async throws {
    removesVolumes = withVolumes
    try await handle(.remove(force: force))
    // By force, it goes when its process has gone.
    if snapshot.isRunning || connection != nil { _ = try? await wait(.removed) }
  }
}

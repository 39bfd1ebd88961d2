import Glibc
import LaunchPlan
package import Linux
package import MonitorProtocol
import Tasks

// What users order of a container.

extension Container {
  /// Starts it.
  ///
  /// - Throws: `notModified` if it runs; `invalid`, `notFound` or `failed` when the process cannot be made.
  package func start() async throws {
    await recovered()
    try await handle(.start(launch: "\(LaunchID.random())"))
  }

  /// Sends `signal` to its process; a paused one is thawed for SIGKILL.
  package func kill(_ signal: Int32) async throws {
    await recovered()
    guard case .running(let running) = row.machine.state, let connection else {
      throw EngineError(.conflict, "container \(id) is not running")
    }
    let ends = signal == SIGKILL || signal == stopSignal
    try await handle(.stopRequested(endsRestarts: ends))
    if running.isPaused, signal == SIGKILL { try await connection.perform(.resume) }
    tell(.kill(signal: signal))
    try await order(.signal(signal, toAll: false))
    // Docker's answer to this one says that it is gone.
    if signal == SIGKILL { _ = try await wait(.notRunning) }
  }

  /// Ends it: its stop signal, and SIGKILL when it still runs after `timeoutSeconds` (negative: never).
  ///
  /// - Throws: `notModified` if it does not run.
  package func stop(signal: Int32? = nil, timeoutSeconds: Int? = nil) async throws {
    await recovered()
    do { try await handle(.stopRequested(endsRestarts: true)) } catch let error as EngineError {
      throw error.code == .conflict ? EngineError(.notModified, error.message) : error
    }
    guard case .running(let running) = row.machine.state else { return }
    if running.isPaused { try await unpause() }
    tell(.kill(signal: signal ?? stopSignal))
    try? await order(.signal(signal ?? stopSignal, toAll: false))
    let seconds = timeoutSeconds ?? row.spec.lifecycle.stopTimeoutSeconds ?? 10
    let killer = Task {
      guard seconds >= 0, (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      tell(.kill(signal: SIGKILL))
      try? await order(.signal(SIGKILL, toAll: true))
    }
    defer { killer.cancel() }
    _ = try await wait(.notRunning)
    tell(.stop)
  }

  /// Ends it as `stop` does if it runs, and starts it.
  package func restart(signal: Int32? = nil, timeoutSeconds: Int? = nil) async throws {
    do { try await stop(signal: signal, timeoutSeconds: timeoutSeconds) } catch let error as EngineError
      where error.code == .notModified
    {}
    try await start()
    tell(.restart)
  }

  /// Freezes its processes.
  package func pause() async throws {
    await recovered()
    guard case .running(let running) = row.machine.state else {
      throw EngineError(.conflict, "container \(id) is not running")
    }
    guard !running.isPaused else { throw EngineError(.conflict, "Container \(id) is already paused") }
    try await order(.pause)
    try await handle(.paused)
  }

  /// Lets its processes go on.
  package func unpause() async throws {
    await recovered()
    guard case .running(let running) = row.machine.state, running.isPaused else {
      throw EngineError(.internalError, "Container \(id) is not paused")
    }
    try await order(.resume)
    try await handle(.resumed)
  }

  /// Gives its terminal a size.
  package func resize(rows: UInt16, columns: UInt16) async throws {
    await recovered()
    // Docker says yes also where there is no terminal.
    if row.spec.streams.hasTerminal || connection == nil {
      try await order(.resize(rows: rows, columns: columns))
    }
    tell(.resize(rows: rows, columns: columns))
  }

  private func order(_ request: MonitorRequest) async throws {
    guard let connection else { throw EngineError(.conflict, "container \(id) is not running") }
    do { try await connection.perform(request) } catch { throw EngineError(.internalError, "\(error)") }
  }

  private var stopSignal: Int32 { Signal.number(row.spec.program.stopSignal) ?? SIGTERM }

  /// Waits for its end. Who waits for the removal of one that has ended and only stays for him, has it removed.
  package func wait(_ condition: WaitCondition) async throws -> ContainerEnd {
    if condition == .notRunning, !snapshot.isRunning {
      return ContainerEnd(
        exitCode: row.machine.finished?.exitCode ?? 0, error: row.machine.finished?.error,
        wasOutOfMemory: wasOutOfMemory)
    }
    if condition == .removed { Task { try? await handle(.removalDue) } }
    return try await withCheckedThrowingContinuation { continuation in
      waiters.append(Waiter(condition: condition, continuation: continuation))
    }
  }

  /// A client's way to a process.
  package struct Attachment: Sendable {
    /// The protocol's frames come and go here; its handshake is done.
    package let socket: Descriptor
    /// How much had been written before what comes here; nil when it begins with a process that will be started.
    package let positions: StreamPositions?
  }

  /// Attaches a client: to the process that runs, or to the one that will be started.
  package func attach(_ streams: StreamSet) async throws -> Attachment {
    await recovered()
    if case .running(let running) = row.machine.state, let launch = LaunchID(running.launch) {
      let (tasks, name) = (services.tasks, taskName)
      return try await services.executor.run {
        let socket = try tasks.connectToAttach(container: name, launch: launch)
        var client = ClientConnection(socket)
        _ = try client.greet()
        try client.send(.attach(streams))
        guard case .attached(let positions) = try client.receive() else { throw TaskError.lost }
        return Attachment(socket: socket, positions: positions)
      }
    }
    let (ours, theirs) = try socketPair()
    waitingClients.append((theirs, streams))
    return Attachment(socket: ours, positions: nil)
  }
}

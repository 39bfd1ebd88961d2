import Glibc
import LaunchPlan
import MonitorProtocol
import Tasks

// A container's launches: their beginning, their end, and finding them again.

extension Container {
  func launchTask(_ launch: String) async throws {
    let clients = waitingClients
    waitingClients = []
    do {
      let owners = try NamespaceOwners(of: row.spec, other)
      shareNetwork(of: owners.network)
      let launcher = ContainerLauncher(spec: row.spec, services: services, owners: owners)
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
      // Who waits for an exit goes on waiting, as with Docker: nothing has run.
      wake(ContainerEnd(exitCode: failure.exitCode, error: failure.message)) { $0 == .notRunning }
      throw failure
    }
  }

  /// A container in another's network has that one's name, and its files in `/etc`.
  private func shareNetwork(of owner: NamespaceOwners.Owner?) {
    guard let owner else { return }
    row.spec.network.hostname = owner.spec.network.hostname
    row.spec.network.domainname = owner.spec.network.domainname
    row.spec.network.filesOwner = owner.spec.network.filesOwner ?? owner.spec.id
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
    let (services, spec) = (services, row.spec)
    try? await services.executor.run { try services.removeCgroup(of: spec) }
  }

  func release(_ launch: String) async throws {
    guard let id = LaunchID(launch) else { return }
    let (tasks, name) = (services.tasks, taskName)
    try await services.executor.run { try tasks.removeDirectory(container: name, launch: id) }
  }

  nonisolated var taskName: String { String(id.prefix(12)) }

  func scheduleRestart(after delay: Duration) {
    restart = Task {
      // Cancelled: somebody started, stopped or removed the container meanwhile.
      guard (try? await Task.sleep(for: delay)) != nil else { return }
      try? await handle(.restartDue(launch: "\(LaunchID.random())"))
    }
  }

  /// Finds its task again after the daemon's death, or starts it when its policy says so.
  func recover(isSameBoot: Bool) async {
    if isSameBoot { await recoverExecs() }
    let policy = row.machine.restartPolicy
    var wasRunning = true
    switch row.machine.state {
    case .created: return
    case .starting(let launch): await recover(launch.id, isSameBoot: isSameBoot)
    case .running(let running): await recover(running.launch, isSameBoot: isSameBoot)
    case .restarting: break
    case .exited: wasRunning = false
    case .removing:
      try? await removeEverything()
      return
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
}

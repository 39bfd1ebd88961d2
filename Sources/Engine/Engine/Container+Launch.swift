import Glibc
import LaunchPlan
import Linux
import MonitorProtocol
import Tasks

// A container's launches: their beginning, their end, and finding them again.

extension Container {
  func launchTask(_ launch: String) async throws {
    let clients = waitingClients
    waitingClients = []
    do {
      try Failpoint("containers.start.saved").reach()
      let owners = try NamespaceOwners(of: row.spec, neighbours.find)
      shareNetwork(of: owners.network)
      let launcher = ContainerLauncher(spec: row.spec, services: services, owners: owners)
      let (started, connection) = try await launcher.launch(launch, clients)
      try Failpoint("containers.start.launched").reach()
      self.connection = connection
      follow(connection, launch)
      try await handle(
        .launched(
          Running(
            launch: launch, pid: started.pid, startTime: started.startTime,
            startedAt: Timestamp(nanoseconds: started.atNanoseconds))))
    } catch {
      let end = Finished(launch: launch, failure: error)
      try await handle(.launchFailed(end))
      // Who waits for an exit goes on waiting, as with Docker: nothing has run.
      wake(ContainerEnd(exitCode: end.exitCode, error: end.error)) { $0 == .notRunning }
      throw EngineError(launchFailure: error)
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
    try? await handle(.exited(finished, lingers: mayBeComeBackFor))
  }

  /// The monitor is gone, or only its connection: the task's directory tells.
  private func connectionLost(_ launch: String) async {
    guard connection != nil else { return }
    await adopt(launch)
  }

  /// How often, and how long after each other, a task is looked for that cannot be looked for now.
  private static let attemptsMax = 20
  private static let attemptPause = Duration.milliseconds(500)

  /// Finds the task of an earlier daemon, or of a connection that was lost, again.
  func adopt(_ launch: String) async {
    guard let id = LaunchID(launch) else { return }
    connection = nil
    for _ in 0..<Self.attemptsMax {
      do { return await take(try await services.tasks.adopt(container: taskName, launch: id), launch) } catch {
        // Out of descriptors, perhaps. What is not known to have ended is not ended.
        try? await Task.sleep(for: Self.attemptPause)
      }
    }
  }

  private func take(_ found: Tasks.Found, _ launch: String) async {
    switch found {
    case .running(let started, let connection):
      self.connection = connection
      follow(connection, launch)
      try? await handle(
        .launched(
          Running(
            launch: launch, pid: started.pid, startTime: started.startTime,
            startedAt: Timestamp(nanoseconds: started.atNanoseconds))))
    case .ended(let record): await ended(Finished(record))
    case .lost:
      await killLeftovers()
      guard case .starting = row.machine.state else {
        return await ended(
          Finished(
            launch: launch, startedAt: nil, finishedAt: .now(), exitCode: 137,
            error: "the monitor of this container was lost; its processes were killed"))
      }
      try? await handle(.launchAbandoned(launch: launch))
    }
  }

  private func killLeftovers() async {
    let (services, spec) = (services, row.spec)
    try? await services.executor.run { try services.removeCgroup(of: spec) }
  }

  func release(_ launch: String) async throws {
    guard let id = LaunchID(launch) else { return }
    let (tasks, name) = (services.tasks, taskName)
    try Failpoint("containers.end.saved").reach()
    try await services.executor.run { try tasks.removeDirectory(container: name, launch: id) }
    try Failpoint("containers.end.released").reach()
  }

  nonisolated var taskName: String { String(id.prefix(12)) }
}

import Glibc
package import Linux
package import MonitorProtocol

/// Launches tasks, each under a monitor of its own, and finds those again that an earlier daemon launched.
///
/// A task is one launch of a container, or one exec. Its directory `tasks/<container>/<launch>/` below the exec root
/// holds the monitor's socket while it runs and the exit record afterwards; whoever asked for the launch removes it.
package final class Tasks: Sendable {
  private let monitors: ParkedMonitors
  let reader: TaskReader
  /// `tasks` below the exec root.
  let directory: Descriptor

  /// The socket of a monitor, and the record of its task's end.
  private static let socketName = "monitor.sock"
  package static let exitRecordName = "exit"

  /// Keeps task directories below `directory`.
  package init(program: MonitorProgram, directory: Descriptor) throws(SyscallError) {
    self.directory = directory
    reader = try TaskReader()
    monitors = ParkedMonitors(program, reader)
  }

  /// Makes the directory of a launch: 0700, because what is in it speaks for the container.
  ///
  /// It is locked. The lock goes with the descriptor to the monitor and lasts as long as either has it, so whoever gets
  /// it later knows that no monitor watches this launch, nor ever will.
  package func makeDirectory(container: String, launch: LaunchID) throws(SyscallError) -> Descriptor {
    do { try Linux.makeDirectory(container, at: .directory(directory), mode: 0o700) } catch {
      if error.errno != .exists { throw error }
    }
    let path = "\(container)/\(launch)"
    try Linux.makeDirectory(path, at: .directory(directory), mode: 0o700)
    let task = try open(path, at: .directory(directory), O_RDONLY | O_DIRECTORY)
    // Nobody else knows of it yet.
    _ = try task.tryLock()
    return task
  }

  /// Removes the directory of a launch that is over, and that of its container when it was the last.
  package func removeDirectory(container: String, launch: LaunchID) throws(SyscallError) {
    try removeTree("\(container)/\(launch)", at: .directory(directory))
    do { try unlink(container, at: .directory(directory), isDirectory: true) } catch {
      if error.errno != .notEmpty, error.errno != .noSuchFile { throw error }
    }
  }

  /// Removes the directories of launches that are over and that nobody will ask for. One whose monitor still runs stays.
  ///
  /// - Parameter isKept: whether somebody will ask.
  package func sweep(_ isKept: (_ container: String, _ launch: String) -> Bool) throws(SyscallError) {
    for container in try directory.entries() {
      guard let folder = try? openDirectory(container, in: directory) else { continue }
      for launch in try folder.entries() where !isKept(container, launch) {
        guard let task = try? openDirectory(launch, in: folder), (try? task.tryLock()) == true else { continue }
        try removeTree(launch, at: .directory(folder))
      }
      do { try unlink(container, at: .directory(directory), isDirectory: true) } catch {
        if error.errno != .notEmpty { throw error }
      }
    }
  }

  private func openDirectory(_ name: String, in folder: Descriptor) throws(SyscallError) -> Descriptor {
    try open(name, at: .directory(folder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /// Starts a monitor and hands it `record`. When this returns, the process runs.
  ///
  /// - Parameter descriptors: in the order of the record's roles.
  package func launch(
    _ record: LaunchRecord, _ descriptors: [Descriptor]
  ) async throws(TaskError) -> (started: Started, connection: TaskConnection) {
    let connection: TaskConnection
    do {
      connection = TaskConnection(try monitors.take())
      try reader.add(connection)
    } catch { throw .monitor("cannot start a monitor: \(error)") }
    let answer = try await connection.opened(.launch(record), descriptors)
    // Only now: while the process is being made, the next monitor would take its processor.
    Task { [monitors] in monitors.fill() }
    switch answer {
    case .started(let started): return (started, connection)
    case .failed(let failure): throw .refused(failure)
    default: throw .monitor("the monitor answered the launch with something else")
    }
  }

  /// Where a launch of an earlier daemon stands.
  package enum Found: Sendable {
    case running(Started, TaskConnection)
    case ended(ExitRecord)
    /// There is neither a monitor nor a record: the monitor was killed, or there never was one.
    case lost
  }

  /// How long a monitor may take from its launch to its socket, and how often we look.
  private static let launchLimit = Duration.seconds(30)
  private static let launchPause = Duration.milliseconds(5)

  /// Finds a launch again: by its monitor's socket, or else by its exit record.
  ///
  /// A daemon may have died while its monitor had just begun: this waits until the monitor has got somewhere.
  package func adopt(container: String, launch: LaunchID) async throws(TaskError) -> Found {
    let task: Descriptor
    do { task = try open("\(container)/\(launch)", at: .directory(directory), O_RDONLY | O_DIRECTORY) } catch {
      if error.errno == .noSuchFile { return .lost }
      throw .monitor("cannot look for the task: \(error)")
    }
    let deadline = ContinuousClock.now + Tasks.launchLimit
    while ContinuousClock.now < deadline {
      // Asked first: a monitor that is gone by now has left a record, or nothing.
      let isWatched = !((try? task.tryLock()) ?? false)
      if isWatched, let found = try await connectAgain(task) { return found }
      // The monitor writes its record before it closes its socket: who finds no socket finds the record.
      if let record = try? ExitRecord.read(Tasks.exitRecordName, in: task) { return .ended(record) }
      guard isWatched else { return .lost }
      try? await Task.sleep(for: Tasks.launchPause)
    }
    throw .monitor("the task's monitor does not answer")
  }

  private func connectAgain(_ task: Descriptor) async throws(TaskError) -> Found? {
    guard let socket = try? connect(to: Tasks.socketName, in: task) else { return nil }
    let connection = TaskConnection(socket)
    do { try reader.add(connection) } catch { throw .monitor("cannot watch the task: \(error)") }
    let answer: MonitorReply
    // It may have ended while we connected; then the record tells.
    do { answer = try await connection.opened(.status, []) } catch { return nil }
    switch answer {
    case .started(let started): return .running(started, connection)
    case .exited(let record): return .ended(record)
    default: return nil
    }
  }

  /// Connects to the task's monitor to attach to its streams; the caller speaks the protocol from there.
  package func connectToAttach(container: String, launch: LaunchID) throws(TaskError) -> Descriptor {
    do {
      let task = try open("\(container)/\(launch)", at: .directory(directory), O_RDONLY | O_DIRECTORY)
      return try connect(to: Tasks.socketName, in: task)
    } catch { throw .lost }
  }
}

extension TaskConnection {
  fileprivate func opened(_ request: MonitorRequest, _ descriptors: [Descriptor]) async throws(TaskError)
    -> MonitorReply
  {
    do { return try await open(request, descriptors) } catch let error as TaskError { throw error } catch {
      throw .monitor("\(error)")
    }
  }
}

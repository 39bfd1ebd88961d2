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
  package func makeDirectory(container: String, launch: LaunchID) throws(SyscallError) -> Descriptor {
    do { try Linux.makeDirectory(container, at: .directory(directory), mode: 0o700) } catch {
      if error.errno != .exists { throw error }
    }
    let path = "\(container)/\(launch)"
    try Linux.makeDirectory(path, at: .directory(directory), mode: 0o700)
    return try open(path, at: .directory(directory), O_RDONLY | O_DIRECTORY)
  }

  /// Removes the directory of a launch that is over, and that of its container when it was the last.
  package func removeDirectory(container: String, launch: LaunchID) throws(SyscallError) {
    try removeTree("\(container)/\(launch)", at: .directory(directory))
    do { try unlink(container, at: .directory(directory), isDirectory: true) } catch {
      if error.errno != .notEmpty, error.errno != .noSuchFile { throw error }
    }
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
    /// There is neither a monitor nor a record: the monitor was killed.
    case lost
  }

  /// Finds a launch again: by its monitor's socket, or else by its exit record.
  package func adopt(container: String, launch: LaunchID) async throws(TaskError) -> Found {
    let task: Descriptor
    do { task = try open("\(container)/\(launch)", at: .directory(directory), O_RDONLY | O_DIRECTORY) } catch {
      if error.errno == .noSuchFile { return .lost }
      throw .monitor("cannot look for the task: \(error)")
    }
    if let found = try await connectAgain(task) { return found }
    // The monitor writes its record before it closes its socket: who finds no socket finds the record.
    do { return .ended(try ExitRecord.read(Tasks.exitRecordName, in: task)) } catch { return .lost }
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

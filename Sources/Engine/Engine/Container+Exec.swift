import Glibc
package import LaunchPlan
package import Linux
import MonitorProtocol
package import OCI
import Runtime
import Tasks

// Further programs in a container that runs.

extension Container {
  /// Makes an exec, which `start` starts.
  ///
  /// - Parameter called: the container's name as the caller said it, for texts.
  /// - Throws: `conflict` if the container does not run or is paused; `invalid` for a user that it does not have.
  package func makeExec(_ spec: ExecSpec, called: String) async throws -> Exec {
    guard !spec.arguments.isEmpty else { throw EngineError(.invalid, "No exec command specified") }
    let exec = try await newExec(spec, in: try execTarget(called: called))
    try execs.add(exec)
    tell(.exec(ExecEvent(exec, .created)))
    return exec
  }

  /// An exec that no list shows.
  func newExec(_ spec: ExecSpec, in running: Running) async throws -> Exec {
    var spec = spec
    let user = spec.user.isEmpty ? nil : try await find(user: spec.user, in: running)
    if spec.user.isEmpty { spec.user = row.spec.program.user }
    return Exec(id: Identifier.random(), containerID: id, spec: spec, user: user)
  }

  /// Expects that an exec could be started now.
  ///
  /// - Throws: `conflict` with Docker's texts if the container does not run or is paused.
  package func checkTakesExecs() throws(EngineError) { _ = try execTarget(called: id) }

  /// The process that execs join.
  ///
  /// - Throws: `conflict` with Docker's texts if there is none, or if it would not let a new one run.
  func execTarget(called: String) throws(EngineError) -> Running {
    switch row.machine.state {
    case .running(let running):
      guard !running.isPaused else {
        throw EngineError(.conflict, "Container \(called) is paused, unpause the container before exec")
      }
      return running
    case .restarting:
      throw EngineError(.conflict, "Container \(called) is restarting, wait until the container is running")
    case .created, .starting, .exited, .removing: throw EngineError(.conflict, "container \(id) is not running")
    }
  }

  /// Finds a user in the container's own files.
  private func find(user: String, in running: Running) async throws -> RuntimeSpec.User {
    let groups = row.spec.security.additionalGroups
    return try await services.executor.run {
      let process = try openProcess(running.pid)
      guard try ProcessStat(pid: running.pid).startTime == running.startTime else {
        throw EngineError(.conflict, "the container has just ended")
      }
      let root = try open("/proc/\(running.pid)/root", O_PATH | O_DIRECTORY)
      // While the pidfd still has its process, the number cannot have become somebody else's.
      _ = try process.processIdentifier()
      do { return try UserDatabase(root: root).resolve(user, additional: groups).user } catch {
        throw EngineError(.invalid, "\(error)")
      }
    }
  }

  /// Starts it, without a client.
  ///
  /// - Throws: as `startAttached`.
  package func start(_ exec: Exec) async throws { try await start(exec, size: nil, client: nil) }

  /// Starts it with a client that is attached to the streams that it was made with.
  ///
  /// - Parameter size: the terminal's, instead of the one that it was made with.
  /// - Returns: a socket on which the protocol's frames come and go.
  /// - Throws: `conflict` if it was started before, or the container does not run; `invalid` and others when the process
  ///   cannot be made. Then `exec` has ended.
  package func startAttached(_ exec: Exec, size: RuntimeSpec.ConsoleSize?) async throws -> Descriptor {
    var streams: StreamSet = exec.spec.hasTerminal ? [.raw] : []
    if exec.spec.attachesInput { streams.insert(.stdin) }
    if exec.spec.attachesOutput { streams.insert(.stdout) }
    if exec.spec.attachesErrors { streams.insert(.stderr) }
    let (ours, theirs) = try socketPair()
    try await start(exec, size: size, client: (theirs, streams))
    return ours
  }

  func start(
    _ exec: Exec, size: RuntimeSpec.ConsoleSize?, client: (socket: Descriptor, streams: StreamSet)?
  ) async throws {
    let running = try execTarget(called: id)
    let first = try exec.begin(size)
    tell(.exec(ExecEvent(exec, .started)))
    let launch = LaunchID.random()
    let launcher = ExecLauncher(exec: exec, container: row.spec, running: running, execs: execs, services: services)
    do {
      let (started, connection) = try await launcher.launch(launch, size: first, client: client)
      let process = Exec.Process(
        pid: started.pid, startTime: started.startTime, launch: launch, connection: connection)
      let last = exec.began(process)
      follow(exec, process)
      if let last, last != first { try? await resize(exec, last) }
    } catch {
      let failure = ExecFailure(error)
      _ = exec.end(failure.exitCode)
      try? await release("\(launch)")
      throw failure.error
    }
  }

  /// Gives its terminal a size: now, or when it starts. One without terminal has none, which is no error.
  ///
  /// - Throws: `notFound` when it has ended.
  package nonisolated func resize(_ exec: Exec, _ size: RuntimeSpec.ConsoleSize) async throws {
    guard !exec.keepSize(size) else { return }
    guard case .running(let process) = exec.phase else {
      throw EngineError(.notFound, "process does not exist \(exec.id): not found")
    }
    guard exec.spec.hasTerminal else { return }
    try await process.connection.perform(.resize(rows: size.height, columns: size.width))
  }

  /// Its phase as a client may rely on it who has seen the end of its streams: the report of an end that was is awaited.
  package nonisolated func settledPhase(of exec: Exec) async -> Exec.Phase {
    guard case .running(let process) = exec.phase else { return exec.phase }
    // The monitor reaps the process before it closes the streams, and reports it then.
    if let stat = try? ProcessStat(pid: process.pid), stat.startTime == process.startTime, !stat.isZombie {
      return exec.phase
    }
    _ = await exec.waitForEnd()
    return exec.phase
  }

  /// The client is gone, by its own wish or not: nobody can send input any more. A terminal's program stays.
  package nonisolated func clientLeft(_ exec: Exec, detached: Bool) async {
    guard case .running(let process) = exec.phase else { return }
    if detached { await tell(.exec(ExecEvent(exec, .detached))) }
    guard exec.spec.attachesInput, !exec.spec.hasTerminal else { return }
    let (tasks, name) = (services.tasks, taskName)
    try? await services.executor.run { try tasks.endInput(container: name, launch: process.launch) }
  }

  // MARK: Its end

  /// Hears of it until its end.
  func follow(_ exec: Exec, _ process: Exec.Process) {
    Task {
      for await event in process.connection.events {
        switch event {
        case .outOfMemory: continue
        case .exited(let record): await ended(exec, Finished(record).exitCode, process.launch)
        case .lost where exec.isLive: await lost(exec, process)
        case .lost: continue
        }
      }
    }
  }

  func ended(_ exec: Exec, _ exitCode: Int32, _ launch: LaunchID) async {
    if exec.end(exitCode) { tell(.exec(ExecEvent(exec, .died(exitCode: exitCode)))) }
    try? await release("\(launch)")
  }

  /// The monitor is gone, or only its connection: the task's directory tells.
  private func lost(_ exec: Exec, _ process: Exec.Process) async {
    switch try? await services.tasks.adopt(container: taskName, launch: process.launch) {
    case .running(let started, let connection):
      let again = Exec.Process(
        pid: started.pid, startTime: started.startTime, launch: process.launch, connection: connection)
      exec.reconnected(again)
      follow(exec, again)
    case .ended(let record): await ended(exec, Finished(record).exitCode, process.launch)
    case .lost, nil:
      // Its streams have nobody at their other ends, and nobody would know of its end.
      killProcess(process)
      await ended(exec, 137, process.launch)
    }
  }

  private nonisolated func killProcess(_ process: Exec.Process) {
    guard let handle = try? openProcess(process.pid), let stat = try? ProcessStat(pid: process.pid),
      stat.startTime == process.startTime
    else { return }
    try? handle.sendSignal(SIGKILL)
  }
}

/// Why an exec did not start, in Docker's words and with Docker's exit codes.
struct ExecFailure {
  let error: EngineError
  let exitCode: Int32

  init(_ error: any Error) {
    let prefix = "OCI runtime exec failed: exec failed: unable to start container process: "
    guard case TaskError.refused(let failure) = error else {
      self.error = EngineError(error)
      exitCode = 128
      return
    }
    let kind = RuntimeError.Kind(rawValue: failure.kind)
    let code: EngineError.Code =
      switch kind {
      case .invalid, .commandNotFound, .notExecutable: .invalid
      case .unsupported: .unsupported
      case .notFound: .notFound
      case .conflict: .conflict
      case .system, nil: .internalError
      }
    self.error = EngineError(code, prefix + failure.text)
    switch kind {
    case .commandNotFound: exitCode = 127
    case .notExecutable: exitCode = 126
    // A working directory that is not there, or closed to the user.
    default:
      exitCode =
        failure.text.hasSuffix("\(Errno.noSuchFile)")
        ? 127 : failure.text.hasSuffix("\(Errno.accessDenied)") ? 126 : 128
    }
  }
}

import Cgroups
import Glibc
import Linux
import LogRecords
import MonitorProtocol
import OCI
import Runtime

/// Watches one process from its launch record to its exit record: its output goes to the log and to whoever is
/// attached, their input goes to it, and its end is written down and told.
///
/// One thread, one poll loop. Nothing here depends on the daemon: when its connection is lost, everything goes on, and
/// the next daemon comes in by the socket.
final class Monitor {
  private let launch: TaskLaunch
  private let listener: Descriptor
  private var connections: [Connection]
  private var task: LaunchedTask
  private let started: Started
  private let log: LogWriter?
  private let memoryWatch: OOMWatch?
  /// What the process has written so far.
  private var positions: MonitorProtocol.StreamPositions
  private var exit: ExitRecord?
  private var buffer = [UInt8](repeating: 0, count: Monitor.pieceBytesMax)

  /// The name of the socket in the task's directory.
  static let socketName = "monitor.sock"
  /// One read of output, and so one frame: half of what a pipe holds.
  private static let pieceBytesMax = 32 << 10
  /// A monitor has one daemon and a few attached clients; what comes beyond waits in the socket's backlog.
  private static let connectionsMax = 256

  /// Takes over a process that was launched.
  ///
  /// - Parameter control: the connection that the launch came by.
  init(
    _ launch: TaskLaunch, _ task: LaunchedTask, listener: Descriptor, control: Connection, startedAt: LogTime
  ) throws(RuntimeError) {
    self.launch = launch
    self.task = task
    self.listener = listener
    connections = [control] + (try launch.losslessConnections())
    (started, memoryWatch) = try during("watch the process") {
      try listener.setNonblocking(true)
      let stat = try ProcessStat(pid: task.child.pid)
      return (
        Started(pid: task.child.pid, startTime: stat.startTime, atNanoseconds: startedAt.nanoseconds),
        launch.hasMemoryLimit ? try task.cgroup?.watchOOM() : nil
      )
    }
    log = launch.logWriter()
    let start = log?.start ?? LogRecords.StreamPositions()
    positions = MonitorProtocol.StreamPositions(stdout: start.stdout, stderr: start.stderr)
    control.send(.started(started))
  }

  /// Watches until the process has ended and everybody has been told.
  func run() throws(SyscallError) {
    while exit == nil || connections.contains(where: \.hasOutgoing) {
      try turn()
      connections.removeAll(where: \.isBroken)
    }
  }

  // MARK: The loop

  private enum Source {
    case child, listener, memory, input, output, error
    case connection(Connection)
  }

  /// Waits for one event or several, and handles them.
  private func turn() throws(SyscallError) {
    let watched = sources()
    let results = try waitUntilReady(watched.map(\.request))
    for ((source, _), result) in zip(watched, results) where result.isReadable || result.isWritable {
      switch source {
      case .output: readOutput(.stdout)
      case .error: readOutput(.stderr)
      case .input: task.streams.writeInput()
      case .connection(let connection):
        if result.isWritable { connection.flush() }
        if result.isReadable { receive(from: connection) }
      case .memory: reportMemory()
      case .listener: acceptConnection()
      // Last, so that what the process wrote before its end is read first.
      case .child: break
      }
    }
    if exit == nil, let status = try task.child.reapIfExited() { processEnded(status) }
    for connection in connections { connection.flush() }
  }

  private func sources() -> [(source: Source, request: PollRequest)] {
    var sources: [(Source, PollRequest)] = []
    if exit == nil {
      sources.append((.child, PollRequest(task.child.handle, reads: true)))
      if connections.count < Monitor.connectionsMax { sources.append((.listener, PollRequest(listener, reads: true))) }
      if let memoryWatch { sources.append((.memory, PollRequest(memoryWatch.descriptor, reads: true))) }
      // While a lossless client has not read, the process waits as it would for a pipe.
      if !connections.contains(where: \.holdsOutput) {
        if let output = task.streams.output { sources.append((.output, PollRequest(output, reads: true))) }
        if let error = task.streams.error { sources.append((.error, PollRequest(error, reads: true))) }
      }
      if task.streams.hasPendingInput, let input = task.streams.input {
        sources.append((.input, PollRequest(input, writes: true)))
      }
    }
    for connection in connections {
      let mayRead = connection.attachment?.streams.contains(.stdin) != true || task.streams.takesInput
      sources.append(
        (.connection(connection), PollRequest(connection.socket, reads: mayRead, writes: connection.hasOutgoing)))
    }
    return sources
  }

  // MARK: Output

  /// Reads one piece of a stream, logs it and hands it on; false when there is nothing more right now.
  @discardableResult
  private func readOutput(_ type: FrameType) -> Bool {
    guard let stream = type == .stdout ? task.streams.output : task.streams.error else { return false }
    let transfer = (try? buffer.withUnsafeMutableBytes { try stream.readAvailable(into: $0) }) ?? .ended
    switch transfer {
    case .wouldBlock: return false
    case .ended:
      task.streams.ended(type)
      return false
    case .bytes(let count):
      buffer.withUnsafeBytes { handOn(UnsafeRawBufferPointer(rebasing: $0[..<count]), type) }
      return true
    }
  }

  private func handOn(_ bytes: UnsafeRawBufferPointer, _ type: FrameType) {
    log?.append(bytes, to: type == .stdout ? .stdout : .stderr)
    for connection in connections { connection.sendOutput(bytes, type, before: positions) }
    if type == .stdout { positions.stdout += UInt64(bytes.count) } else { positions.stderr += UInt64(bytes.count) }
  }

  // MARK: Clients

  private func acceptConnection() {
    // One that is gone before we look is not there.
    guard let socket = try? listener.accept(), let connection = try? Connection(socket) else { return }
    connection.send(.hello(Hello()))
    connections.append(connection)
  }

  private func receive(from connection: Connection) {
    // A lost connection is no end of input: its daemon may have died, and the client comes back.
    connection.receive(into: &buffer) { request in handle(request, from: connection) }
  }

  private func handle(_ request: MonitorRequest, from connection: Connection) {
    switch request {
    case .hello: break
    case .launch: connection.send(.failed(Failure(kind: RuntimeError.Kind.conflict.rawValue, text: "launched already")))
    case .status: connection.send(exit.map { .exited($0) } ?? .started(started))
    case .attach(let streams):
      connection.attachment = Connection.Attachment(streams: streams, isLossless: false)
      connection.send(.attached(positions))
    case .input(let bytes): task.streams.queueInput(bytes)
    case .closeInput: task.streams.endInput()
    case .signal(let number, let toAll): answer(connection) { try signal(number, toAll: toAll) }
    case .resize(let rows, let columns):
      answer(connection) {
        guard let terminal = task.streams.terminal else { throw RuntimeError(.conflict, "the process has no terminal") }
        try terminal.setWindowSize(WindowSize(rows: rows, columns: columns))
      }
    case .pause: answer(connection) { try task.cgroup?.freeze(within: .seconds(10)) }
    case .resume: answer(connection) { try task.cgroup?.thaw() }
    case .updateLimits(let resources): answer(connection) { try task.cgroup?.apply(try CgroupLimits(resources)) }
    }
  }

  /// Does what was asked and answers `done`, or why not.
  private func answer(_ connection: Connection, _ action: () throws -> Void) {
    do {
      try action()
      connection.send(.done)
    } catch {
      connection.send(.failed(Failure((error as? RuntimeError) ?? RuntimeError(.system, "\(error)"))))
    }
  }

  private func signal(_ number: Int32, toAll: Bool) throws {
    guard exit == nil else { throw RuntimeError(.conflict, "the process has ended") }
    guard toAll, let cgroup = task.cgroup else { return try task.child.send(signal: number) }
    if number == SIGKILL { return try cgroup.kill() }
    for pid in try cgroup.processes() { _ = kill(pid, number) }
  }

  // MARK: Ends

  private func reportMemory() {
    guard let memoryWatch, (try? memoryWatch.acknowledge()) != nil, let count = try? memoryWatch.kills() else { return }
    for connection in connections where connection.attachment == nil { connection.send(.outOfMemory(count: count)) }
  }

  /// Reads the rest of the output, writes the exit record, and tells everybody.
  private func processEnded(_ status: ExitStatus) {
    let finishedAt = LogTime.now()
    while readOutput(.stdout) {}
    while readOutput(.stderr) {}
    log?.close()
    let kills = (try? memoryWatch?.kills()) ?? 0
    launch.removeCgroup(task.cgroup)
    let record = ExitRecord(
      launchID: launch.record.launchID, outcome: ExitRecord.Outcome(status), wasOutOfMemory: kills > 0,
      startedAtNanoseconds: started.atNanoseconds, finishedAtNanoseconds: finishedAt.nanoseconds,
      stdoutBytes: positions.stdout, stderrBytes: positions.stderr)
    launch.write(record)
    exit = record
    // From here on who wants to know reads the record.
    try? unlink(Monitor.socketName, at: .directory(launch.stateDirectory))
    for connection in connections {
      if connection.attachment == nil { connection.send(.exited(record)) }
      connection.finish()
    }
  }
}

extension TaskLaunch {
  var hasMemoryLimit: Bool { (record.spec.linux?.resources?.memory?.limit ?? 0) > 0 }

  /// The connections that were attached before the start.
  fileprivate func losslessConnections() throws(RuntimeError) -> [Connection] {
    try during("take over the attached connections") {
      try attachments.map { socket, streams in
        try Connection(socket, attachment: Connection.Attachment(streams: streams, isLossless: true))
      }
    }
  }

  /// Writes the exit record. A full disk leaves none; the daemon then finds a monitor that is gone, and says so.
  func write(_ record: ExitRecord) { try? record.write(to: self.record.exitRecordName, in: stateDirectory) }

  /// The log that the record asks for.
  fileprivate func logWriter() -> LogWriter? {
    guard let log = record.log, let logDirectory else { return nil }
    let format: LogRecords.LogFormat =
      switch log.format {
      case .jsonFile(let attributes): .jsonFile(attributes: LogAttributes(json: attributes))
      case .cri: .cri
      }
    return LogWriter(
      directory: logDirectory,
      settings: LogSettings(
        format: format, segmentBytesMax: log.segmentBytesMax, segmentCountMax: log.segmentCountMax.map(Int.init)))
  }
}

extension ExitRecord.Outcome {
  /// What the kernel says in the record's terms.
  fileprivate init(_ status: ExitStatus) {
    switch status {
    case .exited(let code): self = .exited(code: code)
    case .signaled(let signal): self = .signaled(signal)
    }
  }
}

extension Failure {
  /// An error of the runtime in the protocol's terms.
  init(_ error: RuntimeError) { self.init(kind: error.kind.rawValue, text: error.description) }
}

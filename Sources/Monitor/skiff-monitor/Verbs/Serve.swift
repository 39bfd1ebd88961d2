import Glibc
import Linux
import LogRecords
import MonitorProtocol
import Runtime

extension CommandLineInterface {
  /// `serve`: the daemon's road. Descriptor 3 is a connection of the monitor protocol, by which the launch comes.
  static func serve(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    guard words.isEmpty else {
      throw RuntimeError(.invalid, "serve takes no arguments: the launch comes by descriptor 3")
    }
    setProcessName("skiff-monitor")
    // Not everything of the daemon's is close-on-exec: a client's connection that we kept open would not end when the
    // daemon does.
    try during("close what is the daemon's") { () throws(SyscallError) in try closeAll(from: 4) }
    // Nobody's signal ends a monitor before its process: a terminal's Ctrl-C, a shutdown's TERM, a broken pipe.
    _ = try during("block signals") { try SignalDescriptor(all: true) }
    var connection = MonitorConnection(Descriptor(owning: 3))
    let (record, descriptors) = try during("receive the launch") { try connection.receiveLaunch() }
    let startedAt = LogTime.now()
    do throws(RuntimeError) {
      let launch = try TaskLaunch(record, descriptors)
      try watch(launch, connection, startedAt)
    } catch {
      try? connection.send(.failed(Failure(error)))
      return 1
    }
    return 0
  }

  private static func watch(
    _ launch: TaskLaunch, _ connection: MonitorConnection, _ startedAt: LogTime
  ) throws(RuntimeError) {
    let listener = try during("make the monitor's socket") {
      try listen(on: Monitor.socketName, in: launch.stateDirectory)
    }
    let monitor: Monitor
    do throws(RuntimeError) {
      let task = try launch.launch()
      let control = try during("watch the process") { try Connection(connection.socket) }
      monitor = try Monitor(launch, task, listener: listener, control: control, startedAt: startedAt)
    } catch {
      launch.write(
        ExitRecord(
          launchID: launch.record.launchID, outcome: .failedToStart(Failure(error)),
          finishedAtNanoseconds: LogTime.now().nanoseconds))
      try? unlink(Monitor.socketName, at: .directory(launch.stateDirectory))
      throw error
    }
    try during("watch the process") { try monitor.run() }
  }
}

extension MonitorConnection {
  /// Greets the client and waits for its launch.
  fileprivate mutating func receiveLaunch() throws -> (LaunchRecord, [Descriptor]) {
    _ = try greet()
    while let request = try receive() {
      if case .launch(let record) = request { return (record, takeDescriptors()) }
    }
    throw ProtocolError.ended
  }
}

/// What a monitor says to a client.
package enum MonitorReply: MonitorMessage {
  case hello(Hello)
  /// The process runs.
  case started(Started)
  /// What was asked was not done; for `launch` and `status`, the process never ran.
  case failed(Failure)
  /// The process is gone. Comes unasked as well.
  case exited(ExitRecord)
  /// This is an attach connection now; the output that follows starts at these positions.
  case attached(StreamPositions)
  case done
  /// So many times, since the launch, the kernel killed something of the container for its memory limit. Comes unasked.
  case outOfMemory(count: UInt64)
  /// Output of the process.
  case stdout([UInt8])
  case stderr([UInt8])
  /// The client did not read for so long that this connection ends; it goes on from the log at these positions.
  case lagged(StreamPositions)
}

/// A process that runs.
package struct Started: Equatable, Sendable {
  /// Its number in the monitor's pid namespace.
  package var pid: Int32
  /// Field 22 of `/proc/PID/stat`.
  package var startTime: UInt64
  /// Nanoseconds since 1970, UTC.
  package var atNanoseconds: Int64

  /// Creates it from its members.
  package init(pid: Int32, startTime: UInt64, atNanoseconds: Int64) {
    self.pid = pid
    self.startTime = startTime
    self.atNanoseconds = atNanoseconds
  }
}

extension MonitorReply {
  /// The greeting, if this is one.
  package var greeting: Hello? { if case .hello(let hello) = self { hello } else { nil } }

  /// Reads a frame; nil is a type that a monitor does not send, or not yet.
  package init?(_ frame: Frame) throws(ProtocolError) {
    switch frame.type {
    case .stdout: self = .stdout(frame.payload)
    case .stderr: self = .stderr(frame.payload)
    case .lagged: self = .lagged(try frame.record())
    case .hello: self = .hello(try frame.record())
    case .started: self = .started(try frame.record())
    case .failed: self = .failed(try frame.record())
    case .exited: self = .exited(try frame.record())
    case .attached: self = .attached(try frame.record())
    case .done: self = try frame.empty(.done)
    case .outOfMemory: self = .outOfMemory(count: try frame.record(OutOfMemory.self).count)
    default: return nil
    }
  }

  /// The frame's bytes.
  ///
  /// - Throws: `malformed` for a value that no record can carry, `tooLong` for one beyond the bound of its type.
  package func encoded() throws(ProtocolError) -> [UInt8] {
    switch self {
    case .hello(let hello): try Frame.encoded(.hello, hello)
    case .started(let started): try Frame.encoded(.started, started)
    case .failed(let failure): try Frame.encoded(.failed, failure)
    case .exited(let record): try Frame.encoded(.exited, record)
    case .attached(let positions): try Frame.encoded(.attached, positions)
    case .done: try Frame.encoded(.done, NoMembers())
    case .outOfMemory(let count): try Frame.encoded(.outOfMemory, OutOfMemory(count: count))
    case .stdout(let bytes): try Frame.encoded(.stdout, data: bytes)
    case .stderr(let bytes): try Frame.encoded(.stderr, data: bytes)
    case .lagged(let positions): try Frame.encoded(.lagged, positions)
    }
  }
}

extension Started: Record {
  static let absent = Started(pid: 0, startTime: 0, atNanoseconds: 0)

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "pid", &pid)
    try coder.required(2, "startTime", &startTime)
    try coder.required(3, "time", &atNanoseconds)
  }
}

private struct OutOfMemory: Record {
  static let absent = OutOfMemory()
  var count: UInt64 = 0

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "count", &count)
  }
}

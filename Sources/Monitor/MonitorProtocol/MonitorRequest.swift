package import OCI

/// What a client says to a monitor.
package enum MonitorRequest: MonitorMessage {
  case hello(Hello)
  /// Starts the process; the descriptors of the record come with the frame. Answered by `started` or `failed`.
  case launch(LaunchRecord)
  /// Sends a signal to the process, or to all of the container. Answered by `done` or `failed`, as all below are unless
  /// they say otherwise.
  case signal(Int32, toAll: Bool)
  /// Gives the terminal a size.
  case resize(rows: UInt16, columns: UInt16)
  /// Makes this an attach connection; answered by `attached` or `failed`.
  case attach(StreamSet)
  /// Answered by `started`, `failed` or `exited`, whatever the launch came to.
  case status
  case pause
  case resume
  case updateLimits(RuntimeSpec.Resources)
  /// On attach connections, and without answer, as the next: input for the process.
  case input([UInt8])
  /// There will be no more input from anybody. A connection that is lost never means this.
  case closeInput
}

extension MonitorRequest {
  /// The greeting, if this is one.
  package var greeting: Hello? { if case .hello(let hello) = self { hello } else { nil } }

  /// Reads a frame; nil is a type that a client does not send, or not yet.
  package init?(_ frame: Frame) throws(ProtocolError) {
    switch frame.type {
    case .stdin: self = .input(frame.payload)
    case .closeInput: self = try frame.empty(.closeInput)
    case .hello: self = .hello(try frame.record())
    case .launch: self = .launch(try frame.record())
    case .signal:
      let signal = try frame.record(Signal.self)
      self = .signal(signal.number, toAll: signal.toAll)
    case .resize:
      let size = try frame.record(TerminalSize.self)
      self = .resize(rows: size.rows, columns: size.columns)
    case .attach: self = .attach(try frame.record(Attach.self).streams)
    case .status: self = try frame.empty(.status)
    case .pause: self = try frame.empty(.pause)
    case .resume: self = try frame.empty(.resume)
    case .updateLimits: self = .updateLimits(try frame.record())
    default: return nil
    }
  }

  /// The frame's bytes.
  ///
  /// - Throws: `malformed` for a value that no record can carry, `tooLong` for one beyond the bound of its type.
  package func encoded() throws(ProtocolError) -> [UInt8] {
    switch self {
    case .hello(let hello): try Frame.encoded(.hello, hello)
    case .launch(let record): try Frame.encoded(.launch, record)
    case .signal(let number, let toAll): try Frame.encoded(.signal, Signal(number: number, toAll: toAll))
    case .resize(let rows, let columns): try Frame.encoded(.resize, TerminalSize(rows: rows, columns: columns))
    case .attach(let streams): try Frame.encoded(.attach, Attach(streams: streams))
    case .status: try Frame.encoded(.status, NoMembers())
    case .pause: try Frame.encoded(.pause, NoMembers())
    case .resume: try Frame.encoded(.resume, NoMembers())
    case .updateLimits(let resources): try Frame.encoded(.updateLimits, resources)
    case .input(let bytes): try Frame.encoded(.stdin, data: bytes)
    case .closeInput: try Frame.encoded(.closeInput, NoMembers())
    }
  }
}

extension Frame {
  /// Answers `message` when the payload is a record, of which nothing is needed.
  func empty<Message>(_ message: Message) throws(ProtocolError) -> Message {
    _ = try record(NoMembers.self)
    return message
  }
}

private struct Signal: Record {
  static let absent = Signal()
  var number: Int32 = 0
  var toAll = false

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "number", &number)
    try coder.field(2, "toAll", &toAll)
  }
}

private struct TerminalSize: Record {
  static let absent = TerminalSize()
  var rows: UInt16 = 0
  var columns: UInt16 = 0

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "rows", &rows)
    try coder.required(2, "columns", &columns)
  }
}

private struct Attach: Record {
  static let absent = Attach()
  var streams: StreamSet = []

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "streams", &streams)
  }
}

/// How a launch ended: what a monitor leaves behind and reports. `docs/launch-record.md`.
package struct ExitRecord: Equatable, Sendable {
  package var launchID: LaunchID
  package var outcome: Outcome
  /// Whether the kernel killed something of the container for its memory limit.
  package var wasOutOfMemory: Bool
  /// Nanoseconds since 1970, UTC; nil if the process never started.
  package var startedAtNanoseconds: Int64?
  /// Nanoseconds since 1970, UTC.
  package var finishedAtNanoseconds: Int64
  /// What the process wrote, in all; a terminal's output counts as `stdout`.
  package var stdoutBytes: UInt64
  package var stderrBytes: UInt64

  /// How it ended.
  package enum Outcome: Equatable, Sendable {
    case exited(code: Int32)
    case signaled(Int32)
    case failedToStart(Failure)
    /// Nobody saw the end. Written by who finds a launch without monitor and record, never by a monitor.
    case monitorLost
  }

  /// Creates it from its members.
  package init(
    launchID: LaunchID, outcome: Outcome, wasOutOfMemory: Bool = false, startedAtNanoseconds: Int64? = nil,
    finishedAtNanoseconds: Int64, stdoutBytes: UInt64 = 0, stderrBytes: UInt64 = 0
  ) {
    self.launchID = launchID
    self.outcome = outcome
    self.wasOutOfMemory = wasOutOfMemory
    self.startedAtNanoseconds = startedAtNanoseconds
    self.finishedAtNanoseconds = finishedAtNanoseconds
    self.stdoutBytes = stdoutBytes
    self.stderrBytes = stderrBytes
  }
}

extension ExitRecord: Record {
  static var absent: ExitRecord { ExitRecord(launchID: .none, outcome: .monitorLost, finishedAtNanoseconds: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "launchID", &launchID)
    try coder.required(2, "outcome", &outcome)
    try coder.field(3, "outOfMemory", &wasOutOfMemory)
    try coder.field(4, "startedAt", &startedAtNanoseconds)
    try coder.required(5, "finishedAt", &finishedAtNanoseconds)
    try coder.field(6, "stdoutBytes", &stdoutBytes)
    try coder.field(7, "stderrBytes", &stderrBytes)
  }
}

extension ExitRecord.Outcome: Alternatives {
  struct Members: Record {
    static let absent = Members()
    var code: Int32?
    var signal: Int32?
    var failure: Failure?
    var isMonitorLost = false

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.field(1, "exited", &code)
      try coder.field(2, "signaled", &signal)
      try coder.field(3, "failedToStart", &failure)
      try coder.field(4, "monitorLost", &isMonitorLost)
    }
  }

  var members: Members {
    switch self {
    case .exited(let code): Members(code: code)
    case .signaled(let number): Members(signal: number)
    case .failedToStart(let failure): Members(failure: failure)
    case .monitorLost: Members(isMonitorLost: true)
    }
  }

  init?(_ members: Members) {
    switch (members.code, members.signal, members.failure, members.isMonitorLost) {
    case (let code?, nil, nil, false): self = .exited(code: code)
    case (nil, let number?, nil, false): self = .signaled(number)
    case (nil, nil, let failure?, false): self = .failedToStart(failure)
    case (nil, nil, nil, true): self = .monitorLost
    default: return nil
    }
  }
}

/// Why something was not done.
package struct Failure: Error, Equatable, Sendable {
  /// What callers decide by: the number of the runtime's error kind.
  package private(set) var kind: UInt8
  /// What happened, to what, and why; cut after `textBytesMax`.
  package private(set) var text: String

  /// A text of this size is a story already, and fits a frame.
  package static let textBytesMax = 8192

  /// Creates it; a longer text is cut at a whole character.
  package init(kind: UInt8, text: String) {
    self.kind = kind
    guard text.utf8.count > Failure.textBytesMax else {
      self.text = text
      return
    }
    var end = text.utf8.index(text.startIndex, offsetBy: Failure.textBytesMax)
    while end.samePosition(in: text.unicodeScalars) == nil { text.utf8.formIndex(before: &end) }
    self.text = String(text[..<end])
  }
}

extension Failure: Record {
  static var absent: Failure { Failure(kind: 0, text: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "kind", &kind)
    try coder.text(2, "text", &text)
  }
}

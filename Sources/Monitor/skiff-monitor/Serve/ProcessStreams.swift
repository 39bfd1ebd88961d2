import Glibc
import Linux
import MonitorProtocol
import Runtime

/// Our ends of a process's standard streams.
struct ProcessStreams {
  /// Where its input goes; nil when there is none, or no more.
  private(set) var input: Descriptor?
  /// Where its output comes from: two pipes, or a terminal, which has but one. nil at the end.
  private(set) var output: Descriptor?
  private(set) var error: Descriptor?
  /// The terminal's master, for its size.
  let terminal: Descriptor?
  /// Input that the process has not taken yet.
  private var pending = ByteQueue()
  /// `closeInput` came: the input ends when `pending` is empty.
  private var endsInput = false

  /// Clients wait when the process does not read: as much again as the pipe itself holds.
  private static let pendingBytesMax = 64 << 10

  /// Makes the pipes of a process without terminal, and says what the child gets.
  static func pipes(_ kind: LaunchRecord.Input) throws(RuntimeError) -> (ours: ProcessStreams, child: StandardStreams) {
    try during("make the standard streams") {
      let (outputRead, outputWrite) = try makePipe()
      let (errorRead, errorWrite) = try makePipe()
      var input: Descriptor?
      let childInput: Descriptor
      if kind == .none {
        childInput = try open("/dev/null", O_RDONLY)
      } else {
        let pipe = try makePipe()
        childInput = pipe.read
        input = pipe.write
        try pipe.write.setNonblocking(true)
      }
      try outputRead.setNonblocking(true)
      try errorRead.setNonblocking(true)
      return (
        ProcessStreams(input: input, output: outputRead, error: errorRead, terminal: nil),
        .descriptors(input: childInput, output: outputWrite, error: errorWrite)
      )
    }
  }

  /// The streams of a process with a terminal.
  static func terminal(_ master: Descriptor, _ kind: LaunchRecord.Input) throws(RuntimeError) -> ProcessStreams {
    try during("prepare the terminal") { try master.setNonblocking(true) }
    return ProcessStreams(input: kind == .none ? nil : master, output: master, error: nil, terminal: master)
  }

  private init(input: Descriptor?, output: Descriptor?, error: Descriptor?, terminal: Descriptor?) {
    self.input = input
    self.output = output
    self.error = error
    self.terminal = terminal
  }

  /// Whether more input may be taken from clients.
  var takesInput: Bool { pending.count < ProcessStreams.pendingBytesMax }
  var hasPendingInput: Bool { input != nil && !pending.isEmpty }

  /// Queues input. What comes after the end, or for a process without input, is nobody's.
  mutating func queueInput(_ bytes: [UInt8]) {
    guard input != nil, !endsInput else { return }
    pending.append(bytes)
    writeInput()
  }

  /// Ends the input once the process has taken what is queued. A terminal has no end to signal.
  mutating func endInput() {
    guard terminal == nil else { return }
    endsInput = true
    writeInput()
  }

  /// Writes what the process takes.
  mutating func writeInput() {
    guard let input else { return }
    let isOpen = (try? pending.write(to: input)) ?? false
    if !isOpen || (endsInput && pending.isEmpty) { self.input = nil }
  }

  /// Forgets a stream that has ended.
  mutating func ended(_ type: FrameType) {
    if type == .stdout { output = nil } else { error = nil }
  }
}

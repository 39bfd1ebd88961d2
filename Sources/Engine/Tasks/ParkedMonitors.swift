import Linux
import Synchronization

/// Monitors that were started before anybody needed them, and wait for their launch.
///
/// To start one takes as long as to start what it watches: the exec of a static program of 16 MB, and the runtime's
/// own beginning. So each launch takes one that waits, and has another started meanwhile. None is started before the
/// first launch. They end with the daemon, whose end of their connection closes then.
final class ParkedMonitors: Sendable {
  private let program: MonitorProgram
  private let reader: TaskReader
  private let waiting = Mutex<[Parked]>([])

  private typealias Parked = (process: ChildProcess, socket: Descriptor)

  /// A container that is run and an exec into it can come at once; a third launch waits the few milliseconds.
  private static let countMax = 2

  /// Parks monitors of `program`, whose ends `reader` collects.
  init(_ program: MonitorProgram, _ reader: TaskReader) {
    self.program = program
    self.reader = reader
  }

  /// Takes a monitor, or starts one when none waits, and answers our end of the connection for its launch.
  func take() throws(SyscallError) -> Descriptor {
    while let parked = waiting.withLock({ $0.popLast() }) {
      // Somebody may have killed it while it waited.
      if try !parked.process.handle.hasEnded() { return parked.socket }
    }
    return try start().socket
  }

  /// Starts what is missing. It blocks for a millisecond or two for each.
  func fill() {
    while waiting.withLock({ $0.count }) < Self.countMax {
      // Without one that waits, the next launch starts its own and says what is wrong.
      guard let parked = try? start() else { return }
      waiting.withLock { $0.append(parked) }
    }
  }

  private func start() throws(SyscallError) -> Parked {
    let (process, socket) = try program.start()
    try reader.add(process)
    return (process, socket)
  }
}

extension Descriptor {
  /// Whether the process of this pidfd has ended.
  fileprivate func hasEnded() throws(SyscallError) -> Bool {
    try waitUntilReady([PollRequest(self, reads: true)], milliseconds: 0).first?.isReadable == true
  }
}

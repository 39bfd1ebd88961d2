import Glibc
import Linux
import Runtime

/// A foreground call: it stays until its process ends, passes signals on to it, and carries its terminal.
struct Foreground {
  private let signals: SignalDescriptor

  /// Signals that are ours to keep: the child's end, and what would stop us instead of the container.
  private static let kept: Set<Int32> = [SIGCHLD, SIGPIPE, SIGURG, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT]

  /// Blocks the signals that will be passed on, so that none is lost between now and `follow`.
  init() throws(RuntimeError) {
    signals = try during("block signals") { try SignalDescriptor(all: true) }
  }

  /// Waits for the end of `launched`.
  func follow(_ launched: LaunchedProcess) throws(RuntimeError) -> ExitStatus {
    let bridge = try launched.terminal.map { master throws(RuntimeError) in
      try during("prepare the terminal") { try TerminalBridge(master: master) }
    }
    defer { bridge?.restore() }
    return try during("wait for the container") {
      while true {
        let sources = bridge?.sources ?? []
        let ready = try Descriptor.waitUntilAnyReady(
          readable: [signals.descriptor, launched.child.handle] + sources, writable: bridge?.targets ?? [])
        if ready.readable.contains(0) { try passOn(to: launched.child, bridge) }
        try bridge?.carry(
          from: ready.readable.filter { $0 >= 2 }.map { sources[$0 - 2] }, isWritable: !ready.writable.isEmpty)
        if ready.readable.contains(1), let status = try launched.child.reapIfExited() {
          try bridge?.drain()
          return status
        }
      }
    }
  }

  private func passOn(to child: ChildProcess, _ bridge: TerminalBridge?) throws(SyscallError) {
    while let signal = try signals.next() {
      if signal == SIGWINCH {
        bridge?.resize()
      } else if !Foreground.kept.contains(signal) {
        try child.send(signal: signal)
      }
    }
  }
}

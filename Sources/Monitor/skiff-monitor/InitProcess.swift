import Glibc
import Linux

/// A container's pid 1 when `--init` was asked for: runs the process, passes signals on, reaps what is left to it.
enum InitProcess {
  /// Our `argv[0]` in this role.
  static let name = "skiff-init"

  /// `skiff-init -- PROGRAM ARGV0 ARG…`. Ends with the process's exit code.
  static func run(_ words: [String]) -> Never {
    guard words.count >= 3, words[0] == "--" else { _exit(125) }
    do { _exit(try runProcess(words[1], Array(words.dropFirst(2)))) } catch {
      try? Descriptor.standardError.writeAll("skiff-init: \(error)\n")
      _exit(125)
    }
  }

  private static func runProcess(_ program: String, _ arguments: [String]) throws(SyscallError) -> Int32 {
    let signals = try SignalDescriptor(all: true)
    guard case .parent(let child) = try fork() else { becomeProcess(program, arguments) }
    while true {
      _ = try Descriptor.waitUntilAnyReadable([signals.descriptor])
      while let signal = try signals.next() {
        // The process alone, as Docker's init does it; its children are its own to tell. Those that a terminal sends
        // go to the whole group without us.
        if signal != SIGCHLD { _ = kill(child.pid, signal) }
      }
      if let status = try reapAll(until: child.pid) { return status.code }
    }
  }

  private static func becomeProcess(_ program: String, _ arguments: [String]) -> Never {
    setpgid(0, 0)
    // With a terminal the process's group is its foreground group.
    signal(SIGTTOU, SIG_IGN)
    tcsetpgrp(0, getpgrp())
    resetSignals()
    let error = execute(program, arguments: arguments, environment: currentEnvironment())
    try? Descriptor.standardError.writeAll("skiff-init: exec: \"\(arguments[0])\": \(error.errno)\n")
    _exit(error.errno == .noSuchFile ? 127 : 126)
  }

  /// Reaps everything that has ended; the status of `pid` when it is among it.
  private static func reapAll(until pid: Int32) throws(SyscallError) -> ExitStatus? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(-1, &status, WNOHANG)
      if ended == pid { return ExitStatus(waitStatus: status) }
      if ended <= 0 { return nil }
    }
  }
}

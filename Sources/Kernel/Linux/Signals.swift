import CLinux
import Glibc

/// Signals of this process, received by reading: signalfd(2).
package struct SignalDescriptor: Sendable {
  package let descriptor: Descriptor

  /// Blocks `signals` for the calling thread and receives them from now on.
  package init(_ signals: [Int32]) throws(SyscallError) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    try self.init(set)
  }

  /// Blocks every signal that can be blocked.
  package init(all: Bool) throws(SyscallError) {
    var set = sigset_t()
    if all { sigfillset(&set) } else { sigemptyset(&set) }
    try self.init(set)
  }

  private init(_ set: sigset_t) throws(SyscallError) {
    var set = set
    _ = try syscall("sigprocmask") { sigprocmask(SIG_BLOCK, &set, nil) }
    descriptor = Descriptor(
      owning: try syscall("signalfd") { signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK)) })
  }

  /// The next signal that has arrived, or nil.
  package func next() throws(SyscallError) -> Int32? {
    var info = signalfd_siginfo()
    do {
      let count = try withUnsafeMutableBytes(of: &info) { buffer throws(SyscallError) in
        try descriptor.read(into: buffer)
      }
      return count == MemoryLayout<signalfd_siginfo>.size ? Int32(info.ssi_signo) : nil
    } catch {
      if error.errno == .tryAgain { return nil }
      throw error
    }
  }
}

/// The names of signals: signal(7).
package enum Signal {
  private static let names: [(String, Int32)] = [
    ("HUP", SIGHUP), ("INT", SIGINT), ("QUIT", SIGQUIT), ("ILL", SIGILL), ("TRAP", SIGTRAP), ("ABRT", SIGABRT),
    ("BUS", SIGBUS), ("FPE", SIGFPE), ("KILL", SIGKILL), ("USR1", SIGUSR1), ("SEGV", SIGSEGV), ("USR2", SIGUSR2),
    ("PIPE", SIGPIPE), ("ALRM", SIGALRM), ("TERM", SIGTERM), ("STKFLT", SIGSTKFLT), ("CHLD", SIGCHLD),
    ("CONT", SIGCONT), ("STOP", SIGSTOP), ("TSTP", SIGTSTP), ("TTIN", SIGTTIN), ("TTOU", SIGTTOU), ("URG", SIGURG),
    ("XCPU", SIGXCPU), ("XFSZ", SIGXFSZ), ("VTALRM", SIGVTALRM), ("PROF", SIGPROF), ("WINCH", SIGWINCH),
    ("IO", SIGIO), ("PWR", SIGPWR), ("SYS", SIGSYS), ("RTMIN", 34), ("RTMAX", 64), ("IOT", SIGABRT),
    ("CLD", SIGCHLD), ("POLL", SIGIO), ("UNUSED", SIGSYS),
  ]

  /// The number of `text`: `SIGTERM`, `term`, `RTMIN+3` or `15`; nil if there is none.
  package static func number(_ text: String) -> Int32? {
    if let number = Int32(text) { return (1...64).contains(number) ? number : nil }
    var name = text.uppercased()
    if name.hasPrefix("SIG") { name.removeFirst(3) }
    if let found = names.first(where: { $0.0 == name }) { return found.1 }
    if name.hasPrefix("RTMIN+"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 34 + offset }
    if name.hasPrefix("RTMAX-"), let offset = Int32(name.dropFirst(6)), (0...30).contains(offset) { return 64 - offset }
    return nil
  }
}

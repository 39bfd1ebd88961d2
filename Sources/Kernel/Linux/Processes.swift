import CLinux
import Glibc

/// How a process ended.
package enum ExitStatus: Equatable, Hashable, Sendable, CustomStringConvertible {
  case exited(Int32)
  case signaled(Int32)

  /// Decodes the status of wait(2).
  package init(waitStatus: Int32) {
    self =
      clinux_signaled(waitStatus) != 0
      ? .signaled(clinux_term_signal(waitStatus)) : .exited(clinux_exit_status(waitStatus))
  }

  package var description: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .signaled(let signal): "killed by signal \(signal)"
    }
  }

  /// The number a shell shows, and Docker: 128 + the signal.
  package var code: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}

/// A child process, held by a pidfd: no other process can be mistaken for it.
package struct ChildProcess: Sendable {
  package let pid: Int32
  package let handle: Descriptor

  /// Sends `signal`. A process that has ended already is no error.
  package func send(signal: Int32) throws(SyscallError) { try handle.sendSignal(signal) }

  /// Waits for the end and reaps the child.
  package func wait() throws(SyscallError) -> ExitStatus {
    try handle.reap(options: WEXITED) ?? .exited(0)
  }

  /// Reaps the child if it has ended.
  package func reapIfExited() throws(SyscallError) -> ExitStatus? { try handle.reap(options: WEXITED | WNOHANG) }
}

extension Descriptor {
  /// Signals the process of this pidfd. One that has ended already is no error.
  package func sendSignal(_ signal: Int32) throws(SyscallError) {
    do { _ = try syscall("pidfd_send_signal") { clinux_pidfd_send_signal(raw, signal) } } catch {
      if error.errno != .noSuchProcess { throw error }
    }
  }

  /// waitid(2) on this pidfd of a child; nil when it still runs and `options` has `WNOHANG`.
  fileprivate func reap(options: Int32) throws(SyscallError) -> ExitStatus? {
    var pid: Int32 = 0
    var status: Int32 = 0
    _ = try syscall("waitid") { clinux_wait_pidfd(raw, options, &pid, &status) }
    return pid == 0 ? nil : ExitStatus(waitStatus: status)
  }
}

/// Opens a pidfd of the process `pid`.
package func openProcess(_ pid: Int32) throws(SyscallError) -> Descriptor {
  Descriptor(owning: try syscall("pidfd_open", "\(pid)") { clinux_pidfd_open(pid, 0) })
}

/// What `fork` answers on its two sides.
package enum Forked {
  case parent(ChildProcess)
  case child
}

/// Clones the calling process into new namespaces of `kinds` and, on cgroup v2, into the cgroup whose directory is
/// `cgroup`: clone3(2).
///
/// Only for a process with one thread: the child goes on in Swift (in one with several, 0.3–1 % of the children
/// deadlock on locks that the other threads held).
package func fork(into kinds: [NamespaceKind] = [], cgroup: Descriptor? = nil) throws(SyscallError) -> Forked {
  let flags = kinds.reduce(UInt64(0)) { $0 | UInt64(UInt32(bitPattern: $1.flag)) }
  var handle: Int32 = -1
  let pid = clinux_clone3(flags, SIGCHLD, cgroup?.raw ?? -1, &handle)
  let error = Errno.current
  if pid == 0 { return .child }
  guard pid > 0 else {
    throw SyscallError("clone3", kinds.map(\.rawValue).joined(separator: ","), errno: error)
  }
  return .parent(ChildProcess(pid: pid, handle: Descriptor(owning: handle)))
}

/// Replaces this process by `path`; returns only to say why it could not.
package func execute(_ path: String, arguments: [String], environment: [String]) -> SyscallError {
  let argv = CStringArray(arguments)
  let envp = CStringArray(environment)
  execve(path, argv.pointer, envp.pointer)
  return SyscallError("execve", path, errno: .current)
}

/// Replaces this process by the open file `file`; returns only to say why it could not.
package func execute(_ file: Descriptor, arguments: [String], environment: [String]) -> SyscallError {
  let argv = CStringArray(arguments)
  let envp = CStringArray(environment)
  _ = clinux_execveat(file.raw, "", argv.pointer, envp.pointer, AT_EMPTY_PATH)
  return SyscallError("execveat", arguments.first, errno: .current)
}

/// The calling process's environment, as exec takes it.
package func currentEnvironment() -> [String] {
  var result: [String] = []
  guard var next = clinux_environ() else { return result }
  while let entry = next.pointee {
    result.append(String(cString: entry))
    next += 1
  }
  return result
}

/// A null-terminated array of C strings, as exec wants it.
package final class CStringArray {
  package let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  /// Copies `strings`; one that holds a zero byte ends there, as in every C program.
  package init(_ strings: [String]) {
    count = strings.count
    pointer = .allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { pointer[index] = strdup(string) }
    pointer[strings.count] = nil
  }

  deinit {
    for index in 0..<count { free(pointer[index]) }
    pointer.deallocate()
  }
}

/// Marks every descriptor from `first` on close-on-exec.
package func closeOnExecute(from first: UInt32) throws(SyscallError) {
  _ = try syscall("close_range") { clinux_close_range(first, UInt32.max, UInt32(CLOSE_RANGE_CLOEXEC)) }
}

/// Closes every descriptor from `first` on, whoever owns it. Only on the way to exec, or when nobody can own one yet.
package func closeAll(from first: UInt32) throws(SyscallError) {
  _ = try syscall("close_range") { clinux_close_range(first, UInt32.max, 0) }
}

/// Whether other processes of the same user may trace this one and look at its files under `/proc`.
package func setDumpable(_ on: Bool) throws(SyscallError) {
  _ = try syscall("prctl PR_SET_DUMPABLE") { clinux_prctl(PR_SET_DUMPABLE, on ? 1 : 0, 0, 0, 0) }
}

/// Resets every signal's action and mask to the default, as a program expects to be started. (An ignored SIGPIPE, say,
/// is inherited across exec.)
package func resetSignals() {
  for signal in 1..<Int32(65) where signal != SIGKILL && signal != SIGSTOP { Glibc.signal(signal, SIG_DFL) }
  var none = sigset_t()
  sigemptyset(&none)
  sigprocmask(SIG_SETMASK, &none, nil)
}

extension Descriptor {
  /// The pid of this pidfd's process as our pid namespace numbers it.
  ///
  /// - Throws: `noSuchProcess` when it has ended and was reaped.
  package func processIdentifier() throws(SyscallError) -> Int32 {
    let info = try readText("/proc/self/fdinfo/\(raw)")
    for line in info.split(separator: "\n") where line.hasPrefix("Pid:") {
      let value = line.dropFirst(4).drop { $0 == "\t" || $0 == " " }
      if let pid = Int32(value), pid > 0 { return pid }
    }
    throw SyscallError("pidfd", errno: .noSuchProcess)
  }
}

import Glibc

/// A system call that failed: which call, on what, and why.
///
/// Every function of this module throws it and nothing else. Seams above add the name of the thing the user knows.
package struct SyscallError: Error, Equatable, CustomStringConvertible {
  /// The call as its manual page names it: `"openat2"`.
  package let call: String
  /// The path or object it was given, where there is one.
  package let subject: String?
  package let errno: Errno

  /// Records the failure `errno` of `call`; `errno` must have been read right after the call.
  package init(_ call: String, _ subject: String? = nil, errno: Errno) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }

  /// Whether there was no room for it: a full disk, or a full quota.
  package var isDiskFull: Bool { errno == .noSpace || errno == .quotaExceeded }

  package var description: String {
    guard let subject else { return "\(call): \(errno)" }
    return "\(call) \(subject): \(errno)"
  }
}

/// A kernel error number.
package struct Errno: Equatable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int32

  /// Wraps a number as `errno(3)` defines it.
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// The calling thread's `errno`: read it on the line after the call, before anything can allocate.
  package static var current: Errno { Errno(Glibc.errno) }

  /// The C library's text, as users know it from other programs: "No such file or directory" in lower case.
  package var description: String {
    guard let text = strerror(rawValue) else { return "error \(rawValue)" }
    let full = String(cString: text)
    return full.prefix(1).lowercased() + full.dropFirst()
  }

  /// The reasons that code decides by, each under its meaning in `errno(3)`.
  package static let noSuchFile = Errno(ENOENT)
  package static let exists = Errno(EEXIST)
  package static let notPermitted = Errno(EPERM)
  package static let accessDenied = Errno(EACCES)
  package static let isDirectory = Errno(EISDIR)
  package static let notDirectory = Errno(ENOTDIR)
  package static let notEmpty = Errno(ENOTEMPTY)
  package static let invalidArgument = Errno(EINVAL)
  package static let tryAgain = Errno(EAGAIN)
  package static let interrupted = Errno(EINTR)
  package static let noSuchProcess = Errno(ESRCH)
  package static let noChild = Errno(ECHILD)
  package static let brokenPipe = Errno(EPIPE)
  package static let connectionReset = Errno(ECONNRESET)
  package static let connectionRefused = Errno(ECONNREFUSED)
  package static let noSpace = Errno(ENOSPC)
  package static let quotaExceeded = Errno(EDQUOT)
  package static let notSupported = Errno(EOPNOTSUPP)
  package static let notImplemented = Errno(ENOSYS)
  package static let tooManyLinks = Errno(ELOOP)
  package static let crossDevice = Errno(EXDEV)
  package static let busy = Errno(EBUSY)
  package static let noExec = Errno(ENOEXEC)
  package static let nameTooLong = Errno(ENAMETOOLONG)
  package static let inputOutput = Errno(EIO)
  package static let noData = Errno(ENODATA)
  package static let timedOut = Errno(ETIMEDOUT)
  package static let notConnected = Errno(ENOTCONN)
}

/// Runs a system call that answers -1 on failure, again while it is interrupted by a signal.
package func syscall(
  _ call: String, _ subject: @autoclosure () -> String? = nil, _ body: () -> Int32
) throws(SyscallError) -> Int32 {
  while true {
    let result = body()
    if result != -1 { return result }
    let error = Errno.current
    if error == .interrupted { continue }
    throw SyscallError(call, subject(), errno: error)
  }
}

/// The same for calls that answer a count of bytes.
package func syscallCount(
  _ call: String, _ subject: @autoclosure () -> String? = nil, _ body: () -> Int
) throws(SyscallError) -> Int {
  while true {
    let result = body()
    if result != -1 { return result }
    let error = Errno.current
    if error == .interrupted { continue }
    throw SyscallError(call, subject(), errno: error)
  }
}

package import Linux

/// Why a profile could not be made into a program.
package enum SeccompError: Error, Equatable, CustomStringConvertible {
  case unknownAction(String)
  case unsupportedAction(String)
  case invalidErrno(UInt32)
  case unknownComparison(String)
  case unsupportedFlag(String)
  case unknownArchitecture(String)
  /// libseccomp refused a rule on the system call `name`, or, without one, the whole profile.
  case refused(name: String?, errno: Errno)
  case system(SyscallError)

  package var description: String {
    switch self {
    case .unknownAction(let name): "seccomp: there is no action \"\(name)\""
    case .unsupportedAction(let name): "seccomp: action \"\(name)\" is not supported: it needs a listener"
    case .invalidErrno(let number): "seccomp: \(number) is no error number: it must be below 65536"
    case .unknownComparison(let name): "seccomp: there is no operator \"\(name)\""
    case .unsupportedFlag(let name): "seccomp: flag \"\(name)\" is not supported"
    case .unknownArchitecture(let name): "seccomp: libseccomp does not know the architecture \"\(name)\""
    case .refused(let name?, let errno): "seccomp: cannot add a rule on \"\(name)\": \(errno)"
    case .refused(nil, let errno): "seccomp: cannot compile the profile: \(errno)"
    case .system(let error): "seccomp: \(error)"
    }
  }
}

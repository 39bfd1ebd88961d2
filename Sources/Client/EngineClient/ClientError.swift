package import Linux

/// Why the engine did not do what it was asked.
package enum ClientError: Error, Equatable {
  /// Nobody answers at the address.
  case notRunning(EngineAddress, SyscallError)
  /// Somebody does, but not to this user.
  case noPermission(EngineAddress)
  /// The engine said no, in its own words.
  case refused(status: Int, message: String)
  /// The engine said in the middle of its answer that it failed, in its own words.
  case failedMidway(String)
  /// The engine went away in the middle of an answer.
  case disconnected(during: String)
  /// What came is not what the protocol allows.
  case malformed(String)
  /// What came is larger than anything an engine has to say.
  case tooLarge(String, limit: Int)
  /// Engine and client have no version of the API in common.
  case tooOld(engine: String, minimum: String)
  /// No engine was running, and none is installed where we look.
  case noEnginePrograms(searched: [String])
  /// The engine that we started ended at once.
  case engineEnded(ExitStatus, lastWords: String)
  /// The engine that we started does not answer.
  case engineSilent(seconds: Int, log: String)
  /// Who listens at the address is no engine of ours to stop.
  case notOurEngine(pid: Int32, name: String)
  /// The engine was asked to end and has not.
  case endless(pid: Int32)
  /// The user asked us to end, again and again.
  case interrupted(times: Int)
  /// The kernel refused something on our side.
  case system(SyscallError)
}

extension ClientError {
  /// The HTTP status of a refusal, nil for every other failure.
  package var status: Int? {
    if case .refused(let status, _) = self { status } else { nil }
  }

  /// Whether the engine does not know the object that was named.
  package var isNotFound: Bool { status == 404 }

  /// Whether nobody answers.
  package var isAbsence: Bool {
    if case .notRunning = self { true } else { false }
  }

  /// Whether the engine is gone, by the look of it: it was there, and its connection ended.
  package var isDisconnection: Bool {
    if case .disconnected = self { true } else { false }
  }
}

extension ClientError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notRunning(let address, let reason):
      "cannot reach the engine at \(address): \(reason.errno)\nhint: "
        + (address == .standard
          ? "start it with `skiff daemon start`, or name another with -H or SKIFF_HOST"
          : "nobody listens there; see whether -H or SKIFF_HOST is right, or leave both away")
    case .noPermission(let address):
      """
      cannot use the engine's socket at \(address): permission denied
      hint: run this as root, or become a member of the socket's group (ls -l \(address.path))
      """
    case .refused(_, let message): "Error response from daemon: \(message)"
    case .failedMidway(let message): message
    case .disconnected(let action): "the engine ended the connection while \(action)"
    case .malformed(let what): "the engine's answer makes no sense: \(what)"
    case .tooLarge(let what, let limit): "the engine's answer is too large: \(what) of more than \(limit) bytes"
    case .tooOld(let engine, let minimum):
      "the engine at hand speaks API version \(engine), and this client needs at least \(minimum)"
    case .noEnginePrograms(let searched):
      """
      no engine is running, and there is none to start: no skiffd in \(searched.joined(separator: " or "))
      hint: install Skiff with `make install`, or name a running engine with -H or SKIFF_HOST
      """
    case .engineEnded(let status, let lastWords):
      """
      the engine was started and ended at once: \(status)
      \(lastWords.isEmpty ? "it said nothing" : lastWords)
      """
    case .engineSilent(let seconds, let log):
      "the engine was started and did not answer within \(seconds) seconds\nhint: see \(log)"
    case .notOurEngine(let pid, let name):
      """
      cannot stop the engine: process \(pid), which listens there, is "\(name)" and not skiffd
      hint: stop it as it was started
      """
    case .endless(let pid): "the engine, process \(pid), was asked to stop and still runs"
    case .interrupted(let times): "got \(times) SIGTERM/SIGINTs, forcefully exiting"
    case .system(let error): "\(error)"
    }
  }
}

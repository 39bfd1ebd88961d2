package import LaunchPlan
import MonitorProtocol
import OCI
import Synchronization
import Tasks

/// One further program in a container: made, started once, ended.
///
/// Anybody may look at it; its container starts it. A daemon that dies leaves it running under its monitor, and the next
/// one finds it by what stands in its task's directory.
package final class Exec: Sendable {
  /// 64 hexadecimal digits.
  package let id: String
  package let containerID: String
  package let spec: ExecSpec
  /// Whom it runs as, if that was said for it; found in the container's files when it was made.
  let user: RuntimeSpec.User?
  private let state: Mutex<State>

  private struct State {
    var phase: Phase
    var size: RuntimeSpec.ConsoleSize?
    var waiters: [CheckedContinuation<Int32, Never>] = []
  }

  /// How far it is.
  package enum Phase: Sendable {
    case created
    /// Its monitor is being launched.
    case starting
    case running(Process)
    /// `pid` is 0 if it never ran.
    case ended(exitCode: Int32, pid: Int32)
  }

  /// An exec that runs.
  package struct Process: Sendable {
    package let pid: Int32
    /// Of the process, in clock ticks after boot: with the pid it names one process for ever.
    let startTime: UInt64
    let launch: LaunchID
    let connection: TaskConnection
  }

  init(id: String, containerID: String, spec: ExecSpec, user: RuntimeSpec.User?, phase: Phase = .created) {
    self.id = id
    self.containerID = containerID
    self.spec = spec
    self.user = user
    state = Mutex(State(phase: phase, size: spec.consoleSize))
  }

  /// How far it is now.
  package var phase: Phase { state.withLock { $0.phase } }

  /// Whether it has neither ended nor failed.
  package var isLive: Bool { if case .ended = phase { false } else { true } }

  // MARK: For its container

  /// Claims the one start that it has.
  ///
  /// - Returns: the size that its terminal begins with.
  /// - Throws: `conflict` with Docker's texts when it was started before.
  func begin(_ size: RuntimeSpec.ConsoleSize?) throws(EngineError) -> RuntimeSpec.ConsoleSize? {
    let (before, first) = state.withLock { state in
      let before = state.phase
      guard case .created = before else { return (before, state.size) }
      state.phase = .starting
      state.size = size ?? state.size
      return (before, state.size)
    }
    switch before {
    case .created: return first
    case .starting, .running: throw EngineError(.conflict, "exec command \(id) is already running")
    case .ended: throw EngineError(.conflict, "exec command \(id) has already run")
    }
  }

  /// It runs.
  ///
  /// - Returns: the size that it was given while it was being launched.
  func began(_ process: Process) -> RuntimeSpec.ConsoleSize? {
    state.withLock { state in
      guard case .starting = state.phase else { return nil }
      state.phase = .running(process)
      return state.size
    }
  }

  /// Goes on with another connection to the same process.
  func reconnected(_ process: Process) {
    state.withLock { state in
      if case .running = state.phase { state.phase = .running(process) }
    }
  }

  /// Keeps the size of a terminal that is not there yet; false when it is.
  func keepSize(_ size: RuntimeSpec.ConsoleSize) -> Bool {
    state.withLock { state in
      switch state.phase {
      case .created, .starting:
        state.size = size
        return true
      case .running, .ended: return false
      }
    }
  }

  /// It has ended, or never ran; false if that was known.
  func end(_ exitCode: Int32) -> Bool {
    let waiters: [CheckedContinuation<Int32, Never>]? = state.withLock { state in
      var pid: Int32 = 0
      switch state.phase {
      case .ended: return nil
      case .running(let process): pid = process.pid
      case .created, .starting: break
      }
      state.phase = .ended(exitCode: exitCode, pid: pid)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters ?? [] { waiter.resume(returning: exitCode) }
    return waiters != nil
  }

  /// Waits for its end, and answers its exit code.
  func waitForEnd() async -> Int32 {
    await withCheckedContinuation { waiter in
      let code: Int32? = state.withLock { state in
        if case .ended(let code, _) = state.phase { return code }
        state.waiters.append(waiter)
        return nil
      }
      if let code { waiter.resume(returning: code) }
    }
  }
}

/// What `events` tells of an exec.
package struct ExecEvent: Equatable, Sendable {
  package let id: String
  package let step: Step
  /// The program and its arguments.
  package let arguments: [String]

  /// What happened to it.
  package enum Step: Equatable, Sendable {
    case created, started, detached
    case died(exitCode: Int32)
  }

  init(_ exec: Exec, _ step: Step) {
    id = exec.id
    arguments = exec.spec.arguments
    self.step = step
  }

  /// Docker's word for it. A program without arguments has a space after it, as with Docker.
  var action: String {
    let command = "\(arguments.first ?? "") \(arguments.dropFirst().joined(separator: " "))"
    return switch step {
    case .created: "exec_create: \(command)"
    case .started: "exec_start: \(command)"
    case .detached: "exec_detach"
    case .died: "exec_die"
    }
  }
}

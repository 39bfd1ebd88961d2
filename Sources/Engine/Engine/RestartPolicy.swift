import LaunchPlan

extension LifecycleSpec.RestartPolicy {
  /// Whether a container that ended with `exitCode`, unasked, starts again.
  func restarts(exitCode: Int32, restartCount: Int) -> Bool {
    switch self {
    case .never: false
    case .always, .unlessStopped: true
    case .onFailure(let maximumRetries): exitCode != 0 && (maximumRetries == 0 || restartCount < maximumRetries)
    }
  }

  /// Whether a daemon that starts also starts a container that is not running.
  ///
  /// - Parameter wasRunning: whether it ran, or would have been restarted, when the daemon before ended.
  package func restartsWithDaemon(wasRunning: Bool, isStoppedByUser: Bool, exitCode: Int32) -> Bool {
    switch self {
    case .never: false
    case .always: true
    case .unlessStopped: !isStoppedByUser
    case .onFailure: wasRunning && exitCode != 0
    }
  }
}

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

  /// Whether a daemon that starts also starts a container that has ended and was not waiting for its next start.
  func restartsWithDaemon(isStoppedByUser: Bool) -> Bool {
    switch self {
    case .never, .onFailure: false
    case .always: true
    case .unlessStopped: !isStoppedByUser
    }
  }
}

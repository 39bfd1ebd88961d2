/// What an operator decides about an engine.
package struct EngineConfiguration: Equatable, Sendable {
  /// What survives a reboot.
  package var dataRoot: String
  /// What belongs to one boot: locks, tasks.
  package var execRoot: String
  /// The program that each container's process runs under.
  package var monitorPath: String
  package var isDebugging: Bool

  /// Docker's place for what is ours.
  package static let defaultDataRoot = "/var/lib/skiff"
  /// Where sockets and locks are, besides the tasks.
  package static let defaultExecRoot = "/run/skiff"

  /// Creates it from its members.
  package init(
    dataRoot: String = defaultDataRoot, execRoot: String = defaultExecRoot, monitorPath: String,
    isDebugging: Bool = false
  ) {
    self.dataRoot = dataRoot
    self.execRoot = execRoot
    self.monitorPath = monitorPath
    self.isDebugging = isDebugging
  }
}

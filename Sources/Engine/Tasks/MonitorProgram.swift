import Glibc
package import Linux

/// The monitor's program, sealed in memory once for all monitors of a daemon.
///
/// A container cannot change it (CVE-2019-5736), and an upgrade of the file on disk changes no monitor of this daemon.
package struct MonitorProgram: Sendable {
  private let program: Descriptor

  /// Copies the program at `path`.
  package init(path: String) throws(SyscallError) {
    program = try Descriptor.sealedCopy(of: path, name: "skiff-monitor")
  }

  /// Where the program is: beside the running one, then in `PREFIX/libexec/skiff`.
  package static func path(besides ownPath: String) -> String {
    let directory = ownPath.lastIndex(of: "/").map { String(ownPath[..<$0]) } ?? "."
    let besides = "\(directory)/skiff-monitor"
    return access(besides, X_OK) == 0 ? besides : "\(directory)/../libexec/skiff/skiff-monitor"
  }

  /// Starts a monitor and answers it with our end of the connection that its launch will go through.
  func start() throws(SyscallError) -> (process: ChildProcess, socket: Descriptor) {
    let (ours, theirs) = try socketPair()
    let process = try spawn(
      program.procPath, arguments: ["skiff-monitor", "serve"], environment: [], inherited: [(theirs, 3)])
    return (process, ours)
  }
}

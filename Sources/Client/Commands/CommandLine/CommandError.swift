/// Why a command fails, and with which exit code.
struct CommandError: Error, Equatable {
  /// For the user; empty if all was said already.
  let message: String
  let exitCode: Int32

  init(_ message: String, exitCode: Int32 = 1) {
    self.message = message
    self.exitCode = exitCode
  }

  /// Everything was said already.
  static func silent(_ exitCode: Int32) -> CommandError { CommandError("", exitCode: exitCode) }
}

/// The exit codes that are Docker's, beside those of containers.
enum ExitCode {
  /// The command line was wrong, or the engine refused to run anything.
  static let usage: Int32 = 125
  /// The container's program is there and cannot be executed.
  static let notExecutable: Int32 = 126
  /// The container's program is not there.
  static let notFound: Int32 = 127
}

import Glibc
import Linux
package import OCI

extension RuntimeSpec.Hook {
  /// Runs the hook to its end with `state` on its standard input. A hook that fails or takes too long fails what
  /// called it: OCI runtime-spec, config.md "POSIX-platform Hooks".
  package func run(_ state: RuntimeState) throws(RuntimeError) {
    guard path.hasPrefix("/"), timeout ?? 1 > 0 else {
      throw RuntimeError(.invalid, "hook \"\(path)\": its path must be absolute and its timeout more than 0")
    }
    let json: [UInt8]
    do { json = try BoundedJSON.encode(state) } catch { throw RuntimeError(.invalid, "hook \"\(path)\": \(error)") }
    let status = try during("run the hook \"\(path)\"") { try runToEnd(input: json) }
    guard let status else {
      throw RuntimeError(.system, "hook \"\(path)\" did not end within \(timeout ?? 0) s and was killed")
    }
    if status == .exited(RuntimeSpec.Hook.notExecuted) {
      throw RuntimeError(.system, "hook \"\(path)\" failed: \(status), or it could not be executed")
    }
    guard status == .exited(0) else { throw RuntimeError(.system, "hook \"\(path)\" failed: \(status)") }
  }

  /// nil: it took too long and was killed.
  private func runToEnd(input: [UInt8]) throws(SyscallError) -> ExitStatus? {
    // A file, not a pipe: the hook may not read, nor end, and we would wait for it beyond its time.
    let state = try Descriptor.memoryFile("hook-state", input)
    guard case .parent(let child) = try fork() else { becomeHook(input: state) }
    if let timeout {
      guard try child.handle.waitUntilReadable(milliseconds: Int32(clamping: min(timeout, .max / 1000) * 1000)) else {
        try child.send(signal: SIGKILL)
        _ = try child.wait()
        return nil
      }
    }
    return try child.wait()
  }

  private func becomeHook(input: Descriptor) -> Never {
    resetSignals()
    try? input.install(as: 0)
    try? closeOnExecute(from: 3)
    _ = Linux.execute(path, arguments: args.isEmpty ? [path] : args, environment: env)
    _exit(RuntimeSpec.Hook.notExecuted)
  }

  /// As shells say it.
  private static let notExecuted: Int32 = 127
}

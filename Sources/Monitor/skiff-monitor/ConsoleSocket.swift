import Linux
import Runtime

/// Hands a terminal's master to the listener at `path`, as `--console-socket` asks: runc's docs/terminals.md.
func sendTerminal(_ master: Descriptor, toSocket path: String) throws(RuntimeError) {
  try during("send the terminal to \"\(path)\"") {
    let socket = try connect(toPath: path)
    // The message is the terminal's name; receivers only look at the descriptor.
    let name = Array("/dev/ptmx".utf8)
    _ = try name.span.bytes.withUnsafeBytes { bytes throws(SyscallError) in try socket.send(bytes, [master]) }
  }
}

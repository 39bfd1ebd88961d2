import CLinux
import Glibc

/// A terminal in raw mode: every key reaches the reader at once, unedited and without echo. termios(3), cfmakeraw.
package struct RawTerminal: Sendable {
  private let descriptor: Descriptor
  private let saved: termios

  /// Puts `descriptor` into raw mode, and remembers the mode it was in.
  ///
  /// - Throws: `ENOTTY` when it is no terminal.
  package init(_ descriptor: Descriptor) throws(SyscallError) {
    var mode = termios()
    _ = try syscall("tcgetattr") { tcgetattr(descriptor.raw, &mode) }
    saved = mode
    self.descriptor = descriptor
    cfmakeraw(&mode)
    _ = try syscall("tcsetattr") { tcsetattr(descriptor.raw, TCSANOW, &mode) }
  }

  /// Gives the terminal the mode it had. Once or more often; a terminal that hung up is no error.
  package func restore() {
    var mode = saved
    tcsetattr(descriptor.raw, TCSANOW, &mode)
  }
}

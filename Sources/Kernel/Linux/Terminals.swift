import CLinux
import Glibc

/// A pseudo terminal of a devpts instance of its own: pts(4).
package struct PseudoTerminal {
  /// What we read the program's output from and write its input to.
  package let master: Descriptor
  /// What becomes the program's standard streams.
  package let slave: Descriptor
  /// The slave's number: its name is `/dev/pts/N` where the instance is mounted.
  package let number: Int32

  /// Opens a pair in the devpts instance whose (possibly still detached) mount is `mount`.
  package init(in mount: Descriptor) throws(SyscallError) {
    // A container that may mount can put anything at this place. Only a devpts holds the ptmx that is meant: to open
    // another file or device of the host's choosing can have effects of its own.
    guard try mount.fileSystem().kind == .devpts else {
      throw SyscallError("open", "ptmx of something that is no devpts", errno: .invalidArgument)
    }
    master = try open("ptmx", below: mount, O_RDWR | O_NOCTTY, [.beneath, .noSymlinks, .noCrossings])
    let raw = master.raw
    number = try syscall("ioctl TIOCSPTLCK") { clinux_unlock_pty(raw) }
    slave = Descriptor(
      owning: try syscall("ioctl TIOCGPTPEER") { clinux_tiocgptpeer(raw, O_RDWR | O_NOCTTY | O_CLOEXEC) })
  }
}

/// The size of a terminal's window in characters.
package struct WindowSize: Equatable, Sendable {
  package let rows: UInt16
  package let columns: UInt16
  package init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }
}

extension Descriptor {
  /// The window size of this terminal.
  package func windowSize() throws(SyscallError) -> WindowSize {
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    _ = try syscall("ioctl TIOCGWINSZ") { clinux_get_winsize(raw, &rows, &columns) }
    return WindowSize(rows: rows, columns: columns)
  }

  /// Sets it; the foreground process group gets SIGWINCH.
  package func setWindowSize(_ size: WindowSize) throws(SyscallError) {
    _ = try syscall("ioctl TIOCSWINSZ") { clinux_set_winsize(raw, size.rows, size.columns) }
  }

  /// Makes this terminal the controlling one of the calling session leader.
  package func becomeControllingTerminal() throws(SyscallError) {
    _ = try syscall("ioctl TIOCSCTTY") { clinux_ioctl_value(raw, UInt(TIOCSCTTY), 0) }
  }

  /// Whether this is a terminal, and not a pipe or file.
  package var isTerminal: Bool { isatty(raw) == 1 }
}

import Glibc
import Linux

/// A file with the daemon's process number, for whoever looks after it.
struct PIDFile {
  private let path: String

  /// Writes it. One that an ended process left behind is replaced.
  ///
  /// - Throws: when the process that it names runs.
  init(_ path: String) throws {
    if let text = try? readText(path, limit: 64), let pid = Int32(text.filter(\.isNumber)), pid != getpid(), pid > 0,
      kill(pid, 0) == 0
    {
      throw OptionError(
        "cannot write --pidfile \"\(path)\": process \(pid), which it names, is still running\n"
          + "hint: stop that one, or remove the file if it is no daemon", exitCode: 1)
    }
    try replaceFile(path, Array("\(getpid())".utf8), mode: 0o644)
    self.path = path
  }

  /// Removes it.
  func remove() { try? unlink(path) }
}

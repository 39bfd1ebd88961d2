package import Linux

/// Why the database could not be opened, read or written.
package enum DatabaseError: Error, Equatable {
  /// There is state in the data root, but no database that knows of it.
  case emptyOverState(root: String, found: [String])
  /// A newer Skiff wrote it.
  case newer(path: String, version: Int, known: Int)
  /// It is no database, or a damaged one. It is left as it is.
  case corrupt(path: String, reason: String)
  /// Another process has it open.
  case inUse(path: String)
  /// The disk is full; the transaction did not happen.
  case diskFull
  /// A rule of the schema forbids it, most often the uniqueness of a name; the transaction did not happen.
  case constraint(String)
  /// The disk did not take what was committed. What is on it is unknown from here on, so nothing more is written until
  /// the daemon starts anew and reads what is there.
  case notDurable(Errno)
  /// A stored value is not what this program writes.
  case unexpectedValue(String)
  /// A file beside the database could not be used.
  case system(SyscallError)
  /// Anything else that SQLite says.
  case failed(code: Int32, String)
}

extension DatabaseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .emptyOverState(let root, let found):
      """
      there is no database in "\(root)", but there is state of Skiff: \(found.joined(separator: ", "))
      hint: restore skiff.db from a backup, or move these folders away to start empty; nothing was changed
      """
    case .newer(let path, let version, let known):
      """
      database "\(path)" has version \(version), and this program knows versions up to \(known): a newer Skiff wrote it
      hint: start the newer skiffd
      """
    case .corrupt(let path, let reason):
      """
      database "\(path)" is damaged: \(reason)
      hint: restore it from a backup; it was left as it is
      """
    case .inUse(let path):
      """
      database "\(path)" is in use by another process
      hint: each daemon needs its own --data-root
      """
    case .diskFull: "cannot write to the database: no space left on device"
    case .constraint(let rule): "the database refuses it: \(rule)"
    case .notDurable(let errno):
      """
      cannot make the database durable: \(errno)
      hint: look at the kernel's log for what is wrong with the disk, then restart skiffd
      """
    case .unexpectedValue(let what): "unexpected value in the database: \(what)"
    case .system(let error): error.description
    case .failed(let code, let message): "database error \(code): \(message)"
    }
  }
}

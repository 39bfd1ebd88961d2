import GRDB
import Linux

extension DatabaseError {
  /// Says in our words what GRDB or SQLite threw; nil if it is somebody else's error.
  init?(_ error: any Error, path: String) {
    switch error {
    case let error as DatabaseError: self = error
    case let error as SyscallError: self = .system(error)
    case let error as GRDB.DatabaseError:
      let message = error.message ?? error.resultCode.errorString ?? "unknown"
      switch error.resultCode {
      case .SQLITE_FULL: self = .diskFull
      case .SQLITE_CONSTRAINT: self = .constraint(message)
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, reason: message)
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse(path: path)
      default: self = .failed(code: error.extendedResultCode.rawValue, message)
      }
    default: return nil
    }
  }
}

extension ResultCode {
  /// SQLite's own text.
  fileprivate var errorString: String? { GRDB.DatabaseError(resultCode: self).message }
}

package import Database
package import Linux
package import OCI

/// Why content could not be stored or read.
package enum ContentError: Error, Equatable {
  /// The store does not have it.
  case notFound(Digest)
  /// The store should have it, but its file is missing, too short, or holds other bytes.
  case damaged(Digest, reason: String)
  /// What arrived is not what was announced.
  case digestMismatch(expected: Digest, actual: Digest)
  /// What arrived is not as long as was announced.
  case sizeMismatch(expected: Int64, actual: Int64)
  /// Somebody else is receiving under this name.
  case ingestInUse(String)
  /// It is longer than what the caller takes.
  case tooLarge(Digest, bytesMax: Int)
  /// The disk is full. What was begun is removed.
  case diskFull
  /// The lease was dropped or has expired.
  case leaseGone
  case database(DatabaseError)
  case system(SyscallError)
}

extension ContentError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let digest): "content \(digest): not found"
    case .damaged(let digest, let reason):
      """
      content \(digest) is damaged: \(reason)
      hint: load or pull its image again
      """
    case .digestMismatch(let expected, let actual):
      "content does not match its digest: it is \(actual), not \(expected)"
    case .sizeMismatch(let expected, let actual): "content does not match its size: \(actual) bytes, not \(expected)"
    case .ingestInUse(let name): "content is already being received as \"\(name)\""
    case .tooLarge(let digest, let bytesMax): "content \(digest) is larger than \(bytesMax) bytes"
    case .diskFull: "cannot store content: no space left on device"
    case .leaseGone: "the lease on the content has expired"
    case .database(let error): error.description
    case .system(let error): error.description
    }
  }

  /// Says in this room's words what a part of it threw.
  init(_ error: any Error) {
    switch error {
    case let error as ContentError: self = error
    case DatabaseError.diskFull: self = .diskFull
    case let error as DatabaseError: self = .database(error)
    case let error as SyscallError: self = error.isDiskFull ? .diskFull : .system(error)
    default: self = .database(.failed(code: -1, "\(error)"))
    }
  }
}

/// Runs `body`, and throws what it throws as this room's error.
func inContent<Result>(_ body: () throws -> Result) throws(ContentError) -> Result {
  do { return try body() } catch { throw ContentError(error) }
}

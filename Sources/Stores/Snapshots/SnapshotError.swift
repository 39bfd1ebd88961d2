package import Archive
package import Codecs
package import Database
package import Linux
package import OCI

/// Why a snapshot could not be made, found, unpacked or removed.
package enum SnapshotError: Error {
  case notFound(String)
  case exists(String)
  /// Only a committed snapshot can be a parent.
  case notCommitted(String)
  /// Something stands on top of it.
  case hasChildren(String)
  /// The layer's content is not what its image says.
  case diffIDMismatch(expected: Digest, actual: Digest)
  /// The layer grows beyond all proportion.
  case bomb(compressed: Int64, ratioMax: Int64)
  case archive(ArchiveError)
  case codec(CodecError)
  /// The disk is full. What was begun is removed.
  case diskFull
  case database(DatabaseError)
  case system(SyscallError)
}

extension SnapshotError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let key): "snapshot \"\(key)\": not found"
    case .exists(let key): "snapshot \"\(key)\": already exists"
    case .notCommitted(let key): "snapshot \"\(key)\" cannot be a parent: it is not committed"
    case .hasChildren(let key): "snapshot \"\(key)\" cannot be removed: others stand on it"
    case .diffIDMismatch(let expected, let actual):
      "the layer does not match its diffID: it is \(actual), not \(expected)"
    case .bomb(let compressed, let ratioMax):
      "the layer's \(compressed) compressed bytes decompress to more than \(ratioMax) times as much"
    case .archive(let error): "cannot unpack the layer: \(error)"
    case .codec(let error): "cannot unpack the layer: \(error)"
    case .diskFull: "cannot store the snapshot: no space left on device"
    case .database(let error): error.description
    case .system(let error): error.description
    }
  }

  /// Says in this room's words what a part of it threw, down to the cause.
  init(_ error: any Error) {
    switch error {
    case let error as SnapshotError: self = error
    case DatabaseError.diskFull: self = .diskFull
    case let error as DatabaseError: self = .database(error)
    case let error as SyscallError: self = error.isDiskFull ? .diskFull : .system(error)
    case let error as CodecError:
      if case .stream(let cause) = error { self.init(cause) } else { self = .codec(error) }
    case let error as ArchiveError:
      switch error.reason {
      case .system(let cause) where cause.isDiskFull: self = .diskFull
      case .stream(let cause): self.init(cause)
      default: self = .archive(error)
      }
    default: self = .database(.failed(code: -1, "\(error)"))
    }
  }
}

/// Runs `body`, and throws what it throws as this room's error.
func inSnapshots<Result>(_ body: () throws -> Result) throws(SnapshotError) -> Result {
  do { return try body() } catch { throw SnapshotError(error) }
}

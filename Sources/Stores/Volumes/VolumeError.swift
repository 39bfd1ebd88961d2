package import Archive
package import Database
package import Linux

/// Why a volume could not be made, found, filled or removed. `description` is what Docker says after the name of the
/// operation and the volume, as in `create x: …`.
package enum VolumeError: Error {
  case nameTooShort
  case invalidName(String)
  case nameTooLong(String)
  /// It is not there.
  case notFound(String)
  case invalidOption(String)
  case missingOption(String)
  case noQuota
  /// A type of file system that cannot be mounted yet.
  case unsupportedType(String)
  /// A bind mount's source is not an absolute path.
  case relativeDevice(String)
  /// The volume is known, but its directory is not there.
  case directoryMissing(String)
  case copy(ArchiveError)
  case diskFull
  case database(DatabaseError)
  case system(SyscallError)
}

extension VolumeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .nameTooShort: "volume name is too short, names should be at least two alphanumeric characters"
    case .invalidName(let name):
      "\"\(name)\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
        + "If you intended to pass a host directory, use absolute path"
    case .nameTooLong(let name):
      "\"\(name.prefix(32))…\" is too long for a volume name: at most \(VolumeStore.nameBytesMax) characters"
    case .notFound: "no such volume"
    case .invalidOption(let option): "invalid option: \"\(option)\""
    case .missingOption(let option): "missing required option: \"\(option)\""
    case .noQuota: "quota size requested but no quota support"
    case .unsupportedType(let type): "volumes of type \"\(type)\" are not supported yet"
    case .relativeDevice(let device): "device \"\(device)\" is not an absolute path"
    case .directoryMissing(let name):
      """
      the directory of volume "\(name)" is missing
      hint: restore it from a backup, or remove the volume
      """
    case .copy(let error): "cannot fill the volume: \(error)"
    case .diskFull: "no space left on device"
    case .database(let error): error.description
    case .system(let error): error.description
    }
  }

  /// Says in this room's words what a part of it threw.
  init(_ error: any Error) {
    switch error {
    case let error as VolumeError: self = error
    case DatabaseError.diskFull: self = .diskFull
    case let error as DatabaseError: self = .database(error)
    case let error as SyscallError: self = error.isDiskFull ? .diskFull : .system(error)
    case let error as ArchiveError:
      if case .system(let cause) = error.reason, cause.isDiskFull { self = .diskFull } else { self = .copy(error) }
    default: self = .database(.failed(code: -1, "\(error)"))
    }
  }
}

/// Runs `body`, and throws what it throws as this room's error.
func inVolumes<Result>(_ body: () throws -> Result) throws(VolumeError) -> Result {
  do { return try body() } catch { throw VolumeError(error) }
}

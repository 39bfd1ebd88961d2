import ContentStore
import Database
import Images
import Linux
import OCI
import Snapshots
import Volumes

// What the rooms below say, in the engine's codes. Their texts are for users already.
extension EngineError {
  /// Says in the engine's words what a room below threw.
  package init(_ error: any Error) {
    switch error {
    case let error as EngineError: self = error
    case let error as ImageError: self.init(Self.code(of: error), text: error.description)
    case let error as VolumeError: self.init(Self.code(of: error), text: error.description)
    case let error as SnapshotError: self.init(Self.code(of: error), text: error.description)
    case let error as ContentError: self.init(Self.code(of: error), text: error.description)
    case let error as DatabaseError: self.init(Self.code(of: error), text: error.description)
    case let error as ReferenceError: self.init(.invalid, text: error.description)
    case let error as PlatformError: self.init(.invalid, text: error.description)
    case let error as SyscallError: self.init(error.isDiskFull ? .exhausted : .internalError, text: error.description)
    default: self.init(.internalError, text: "\(error)")
    }
  }

  /// The rooms below write a hint as the last line of their texts.
  private init(_ code: Code, text: String) {
    let mark = "\nhint: "
    guard let start = text.firstIndex(of: "\n"), text[start...].hasPrefix(mark) else {
      self.init(code, text)
      return
    }
    self.init(code, String(text[..<start]), hint: String(text[start...].dropFirst(mark.count)))
  }

  private static func code(of error: ImageError) -> Code {
    switch error {
    case .noSuchImage: .notFound
    case .conflict: .conflict
    case .invalidReference, .digestInTag, .unrecognizedFormat, .missingMember, .invalidArchive, .tooLarge, .document,
      .archive, .codec:
      .invalid
    case .noMatchingPlatform: .notFound
    case .diskFull: .exhausted
    case .content(let error): code(of: error)
    case .snapshot(let error): code(of: error)
    case .database(let error): code(of: error)
    case .system: .internalError
    }
  }

  private static func code(of error: VolumeError) -> Code {
    switch error {
    case .notFound: .notFound
    case .nameTooShort, .invalidName, .nameTooLong, .invalidOption, .missingOption, .noQuota, .relativeDevice: .invalid
    case .unsupportedType: .unsupported
    case .diskFull: .exhausted
    case .database(let error): code(of: error)
    case .directoryMissing, .copy, .system: .internalError
    }
  }

  private static func code(of error: SnapshotError) -> Code {
    switch error {
    case .notFound: .notFound
    case .exists, .notCommitted, .hasChildren: .conflict
    case .diffIDMismatch, .bomb, .archive, .codec: .invalid
    case .diskFull: .exhausted
    case .database(let error): code(of: error)
    case .system: .internalError
    }
  }

  private static func code(of error: ContentError) -> Code {
    switch error {
    case .notFound: .notFound
    case .digestMismatch, .sizeMismatch, .tooLarge: .invalid
    case .ingestInUse: .conflict
    case .diskFull: .exhausted
    case .database(let error): code(of: error)
    case .damaged, .leaseGone, .system: .internalError
    }
  }

  private static func code(of error: DatabaseError) -> Code {
    switch error {
    case .diskFull: .exhausted
    case .inUse, .constraint: .conflict
    case .emptyOverState, .newer, .corrupt, .notDurable, .unexpectedValue, .system, .failed: .internalError
    }
  }
}

/// Runs `body`, and throws what it throws as the engine's error.
func inEngine<Result>(_ body: () throws -> Result) throws(EngineError) -> Result {
  do { return try body() } catch { throw EngineError(error) }
}

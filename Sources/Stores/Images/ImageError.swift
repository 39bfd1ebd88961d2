package import Archive
package import Codecs
package import ContentStore
package import Database
package import Linux
package import OCI
package import Snapshots

/// Why an image could not be found, named, removed, loaded or saved. Where Docker has a text for it, that is it.
package enum ImageError: Error {
  /// No image has this name, ID or beginning of an ID.
  case noSuchImage(String)
  case invalidReference(ReferenceError)
  case digestInTag
  /// Something keeps it from being removed; the text says what.
  case conflict(String)
  /// The archive holds no image that we can read.
  case unrecognizedFormat
  /// The archive's documents name a file that is not in it.
  case missingMember(String)
  /// The archive lies about itself; the text says how.
  case invalidArchive(String)
  /// Beyond a bound; the texts say what and which.
  case tooLarge(String, max: Int)
  case noMatchingPlatform(Platform)
  /// A document of the image is no JSON that we can read.
  case document(String, JSONError)
  case archive(ArchiveError)
  case codec(CodecError)
  case content(ContentError)
  case snapshot(SnapshotError)
  /// The disk is full. What was begun is removed.
  case diskFull
  case database(DatabaseError)
  case system(SyscallError)
}

extension ImageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noSuchImage(let name): "No such image: \(name)"
    case .invalidReference(let error): error.description
    case .digestInTag: "refusing to create a tag with a digest reference"
    case .conflict(let what): "conflict: \(what)"
    case .unrecognizedFormat:
      """
      the archive holds no image: it has neither manifest.json nor index.json
      hint: `import` makes an image of the tar of a root file system
      """
    case .missingMember(let name): "the archive is incomplete: \"\(name)\" is missing"
    case .invalidArchive(let what): what
    case .tooLarge(let what, let max): "\(what) is larger than \(max)"
    case .noMatchingPlatform(let platform): "the archive holds no image for \(platform)"
    case .document(let name, let error): "\"\(name)\": \(error)"
    case .archive(let error): error.description
    case .codec(let error): error.description
    case .content(let error): error.description
    case .snapshot(let error): error.description
    case .diskFull: "cannot store the image: no space left on device"
    case .database(let error): error.description
    case .system(let error): error.description
    }
  }

  /// Says in this room's words what a part of it threw, down to the cause.
  init(_ error: any Error) {
    switch error {
    case let error as ImageError: self = error
    case ContentError.diskFull, SnapshotError.diskFull, DatabaseError.diskFull: self = .diskFull
    case let error as ContentError: self = .content(error)
    case let error as SnapshotError: self = .snapshot(error)
    case let error as DatabaseError: self = .database(error)
    case let error as ReferenceError: self = .invalidReference(error)
    case let error as SyscallError: self = error.isDiskFull ? .diskFull : .system(error)
    case let error as CodecError:
      if case .stream(let cause) = error { self.init(cause) } else { self = .codec(error) }
    case let error as ArchiveError:
      if case .stream(let cause) = error.reason { self.init(cause) } else { self = .archive(error) }
    default: self = .database(.failed(code: -1, "\(error)"))
    }
  }
}

/// Runs `body`, and throws what it throws as this room's error.
func inImages<Result>(_ body: () throws -> Result) throws(ImageError) -> Result {
  do { return try body() } catch { throw ImageError(error) }
}

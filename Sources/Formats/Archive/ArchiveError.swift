package import Linux

/// Why an archive could not be read, unpacked or written, and at which of its entries.
package struct ArchiveError: Error, CustomStringConvertible {
  /// Which entry, counted from 1.
  package let entry: Int
  /// Its path, as soon as that is known.
  package let path: RawPath?
  package let reason: Reason

  /// What was wrong.
  package enum Reason: Sendable {
    /// The archive ends in the middle of the entry.
    case truncated
    /// A header's checksum is not that of its bytes.
    case checksum
    /// Something is not as the format has it; the text says what.
    case invalid(String)
    /// Something is beyond its bound; the text says what.
    case tooLarge(String, max: Int)
    /// A type of entry that no layer has, by its letter.
    case unsupportedType(UInt8)
    /// A path or a hard link's target leads out of the root.
    case escapes
    /// A parent of the path is something else than a directory.
    case parentIsNoDirectory
    /// The kernel refused.
    case system(SyscallError)
    /// The source of the archive's bytes failed, or what takes them.
    case stream(any Error)
  }

  /// Blames entry number `entry`.
  package init(entry: Int, path: RawPath? = nil, _ reason: Reason) {
    self.entry = entry
    self.path = path
    self.reason = reason
  }

  package var description: String { "archive entry \(entry)\(path.map { " \"\($0)\"" } ?? ""): \(reason)" }
}

extension ArchiveError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated: "the archive ends in the middle of it"
    case .checksum: "the header's checksum is wrong"
    case .invalid(let what): what
    case .tooLarge(let what, let max): "\(what) is larger than \(max)"
    case .unsupportedType(let type): "unsupported type \"\(String(decoding: [type], as: UTF8.self))\""
    case .escapes: "it leads out of the root"
    case .parentIsNoDirectory: "its parent is no directory"
    case .system(let error): error.description
    case .stream(let error): "\(error)"
    }
  }
}

extension ArchiveError.Reason {
  /// The reason behind whatever was thrown while an entry was at work.
  init(_ error: any Error) {
    switch error {
    case let error as ArchiveError: self = error.reason
    case let reason as ArchiveError.Reason: self = reason
    case let error as SyscallError: self = .system(error)
    default: self = .stream(error)
    }
  }
}

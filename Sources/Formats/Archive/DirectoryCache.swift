import Linux

/// The directories that an unpacking has open, by their cleaned paths: archives go through a tree directory by
/// directory, so most entries find theirs here and save its resolution.
///
/// A path may stand for another directory after something on its way was replaced; then everything is forgotten.
struct DirectoryCache {
  private var directories: [RawPath: Descriptor] = [:]
  private var last: (path: RawPath, directory: Descriptor)?

  /// Far below the usual limit of 1024 open files, and more than a tree is deep.
  private static let countMax = 128

  mutating func directory(_ path: RawPath) -> Descriptor? {
    if let last, last.path == path { return last.directory }
    guard let found = directories[path] else { return nil }
    last = (path, found)
    return found
  }

  mutating func insert(_ directory: Descriptor, for path: RawPath) {
    if directories.count >= Self.countMax { directories.removeAll(keepingCapacity: true) }
    directories[path] = directory
    last = (path, directory)
  }

  mutating func forgetAll() {
    directories.removeAll(keepingCapacity: true)
    last = nil
  }
}

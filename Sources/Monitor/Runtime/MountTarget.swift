import Glibc
import Linux

/// Paths inside a container's root, resolved so that no link of the image leads out of it.
struct ContainerRootDirectory {
  let directory: Descriptor

  /// Opens `path`, following links inside the root.
  func open(_ path: String, _ flags: Int32 = O_PATH, _ resolution: Resolution = .confined) throws(SyscallError)
    -> Descriptor
  {
    try Linux.open(ContainerRootDirectory.relative(path), below: directory, flags, resolution)
  }

  /// Opens `path` as a place to mount on, making it and its parents where they are missing.
  ///
  /// - Parameter isDirectory: what is made: a directory, or an empty file for a file to be bound over.
  func mountTarget(_ path: String, isDirectory: Bool, _ resolution: Resolution = .confined) throws(SyscallError)
    -> Descriptor
  {
    do { return try open(path, O_PATH, resolution) } catch { if error.errno != .noSuchFile { throw error } }
    let (parentPath, name) = ContainerRootDirectory.split(path)
    let parent = try mountTarget(parentPath, isDirectory: true, resolution)
    do {
      if isDirectory {
        try makeDirectory(name, at: .directory(parent))
      } else {
        _ = try Linux.open(name, at: .directory(parent), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode: 0o644)
      }
    } catch {
      // Made meanwhile, or a dangling link: opening it decides.
      if error.errno != .exists { throw error }
    }
    return try open(path, O_PATH, resolution)
  }

  /// The path below the root, "." for the root itself.
  private static func relative(_ path: String) -> String {
    let cleaned = clean(path)
    return cleaned.isEmpty ? "." : cleaned.joined(separator: "/")
  }

  private static func split(_ path: String) -> (parent: String, name: String) {
    let parts = clean(path)
    return (parts.dropLast().joined(separator: "/"), parts.last.map(String.init) ?? ".")
  }

  /// The components of `path` as seen from the root: "." gone, ".." applied by name, never above the root.
  static func clean(_ path: String) -> [Substring] {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return parts
  }
}

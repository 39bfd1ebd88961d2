import Glibc
import Linux

// Whiteouts: image-spec, layer.md. They hide what the layers below brought, never what their own layer brings, in
// whatever order the two come.
extension LayerUnpacker {
  mutating func apply(_ whiteout: Whiteout.Meaning, in parent: RawPath) throws {
    switch (whiteout, whiteouts) {
    case (_, .plain): break
    case (.opaque, .overlay(let namespace)):
      // An overlay merges the roots of its layers whatever they say.
      guard !parent.isEmpty else { throw ArchiveError.Reason.invalid("the root cannot be opaque") }
      try makeOpaque(".", at: try directory(parent), namespace)
    case (.hides(let name), .overlay(let namespace)):
      let directory = try directory(parent)
      do { try Linux.makeNode(name, at: directory, mode: S_IFCHR) } catch {
        guard error.errno == .exists else { throw error }
        // The upper layer was empty, so this is the layer's own.
        if try status(of: name, at: directory).isDirectory { try makeOpaque(name, at: directory, namespace) }
      }
    case (.opaque, .delete):
      guard let directory = try existing(parent) else { return }
      cache.forgetAll()
      try removeForeign(in: directory)
    case (.hides(let name), .delete):
      guard let directory = try existing(parent) else { return }
      cache.forgetAll()
      try removeForeign(name, in: directory)
    }
  }

  private func makeOpaque(_ name: RawPath, at directory: Descriptor, _ namespace: String) throws {
    try setExtendedAttribute("\(namespace).overlay.opaque", Array("y".utf8), of: name, at: directory)
  }

  private mutating func existing(_ path: RawPath) throws -> Descriptor? {
    do { return try directory(path, mustExist: true) } catch let error as SyscallError where error.errno == .noSuchFile
    {
      return nil
    }
  }

  /// Removes what other layers brought into `directory`.
  private func removeForeign(in directory: Descriptor) throws {
    // It may be open as a path only, which cannot be listed.
    let listed = try open(".", at: directory, O_RDONLY | O_DIRECTORY)
    for name in try listed.rawEntries() { try removeForeign(name, in: listed) }
  }

  private func removeForeign(_ name: RawPath, in directory: Descriptor) throws {
    let status: FileStatus
    do { status = try Linux.status(of: name, at: directory) } catch  where error.errno == .noSuchFile { return }
    guard own.contains(status.inode) else { return try removeTree(name, at: directory) }
    guard status.isDirectory else { return }
    try removeForeign(in: open(name, at: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
  }
}

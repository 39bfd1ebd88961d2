import Glibc
import Linux

// The parents of entries.
extension LayerUnpacker {
  /// Opens the directory `path`, which is clean, within the root; makes it and what is above it if it is not there.
  mutating func directory(_ path: RawPath, mustExist: Bool = false) throws -> Descriptor {
    if path.isEmpty { return root }
    if let known = cache.directory(path) { return known }
    let found: Descriptor
    do { found = try open(path, below: root, O_PATH | O_DIRECTORY) } catch {
      if error.errno == .notDirectory { throw ArchiveError.Reason.parentIsNoDirectory }
      guard error.errno == .noSuchFile, !mustExist else { throw error }
      found = try makeDirectories(path, linksMax: Self.linksMax)
    }
    cache.insert(found, for: path)
    return found
  }

  /// As many links as the kernel follows in one path.
  private static let linksMax = 40

  private mutating func makeDirectories(_ path: RawPath, linksMax: Int) throws -> Descriptor {
    var current = root
    var prefix: RawPath = ""
    for component in path.bytes.split(separator: UInt8(ascii: "/")) {
      // A part of a path without NUL has none.
      let name = RawPath(component) ?? ""
      prefix = prefix.appending(name)
      do { current = try open(prefix, below: root, O_PATH | O_DIRECTORY) } catch {
        if error.errno == .notDirectory { throw ArchiveError.Reason.parentIsNoDirectory }
        guard error.errno == .noSuchFile else { throw error }
        current = try makeParent(name, at: current, prefix, linksMax: linksMax)
      }
    }
    return current
  }

  /// Makes the directory `path`, which is `name` in `directory` and not there, or is a link to what is not there.
  private mutating func makeParent(
    _ name: RawPath, at directory: Descriptor, _ path: RawPath, linksMax: Int
  ) throws -> Descriptor {
    do { try Linux.makeDirectory(name, at: directory, mode: 0o755) } catch {
      guard error.errno == .exists, linksMax > 0 else { throw error }
      let target = try readLink(name, at: directory)
      return try makeDirectories(Self.follow(target, from: path), linksMax: linksMax - 1)
    }
    let made = try open(name, at: directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    try copyAttributes(to: made, path)
    if whiteouts == .delete { own.insert(try made.status().inode) }
    return made
  }

  /// Where the link `path` to `target` leads, within a root above which there is nothing.
  private static func follow(_ target: RawPath, from path: RawPath) -> RawPath {
    let slash = UInt8(ascii: "/")
    var components: [ArraySlice<UInt8>] = []
    if target.bytes.first != slash { components = path.bytes.split(separator: slash).dropLast() }
    for component in target.bytes.split(separator: slash) where component != [UInt8(ascii: ".")] {
      if component == [UInt8(ascii: "."), UInt8(ascii: ".")] {
        _ = components.popLast()
      } else {
        components.append(component)
      }
    }
    return RawPath(Array(components.joined(separator: [slash]))) ?? ""
  }

  /// Makes an unmentioned directory like the one it stands over, or plain.
  private mutating func copyAttributes(to directory: Descriptor, _ path: RawPath) throws {
    for lower in lowers {
      let model: Descriptor
      do { model = try open(path, below: lower, O_RDONLY | O_DIRECTORY) } catch {
        if error.errno == .noSuchFile || error.errno == .notDirectory { continue }
        throw error
      }
      let status = try model.status()
      let attributes = try model.extendedAttributeNames().compactMap { name -> ExtendedAttribute? in
        try model.extendedAttribute(name).map { ExtendedAttribute(name, $0) }
      }
      let entry = TarEntry(
        path: path, kind: .directory, permissions: status.permissions, owner: status.owner, group: status.group,
        modified: status.modified, attributes: attributes)
      return try setAttributes(ofDirectory: directory, entry, path)
    }
    try directory.setPermissions(0o755)
  }
}

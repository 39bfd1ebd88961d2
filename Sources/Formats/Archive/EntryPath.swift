import Linux

/// A path of an archive, cleaned and taken apart: where it belongs below the root, whatever it looked like.
///
/// Leading slashes, empty components and `.` are dropped, `a/../b` is `b`, as Docker and containerd read it. A path
/// that climbs above the root is refused. Symbolic links are not looked at here: the kernel resolves the parent, within
/// the root.
struct EntryPath: Equatable {
  /// The directory, empty for the root.
  let parent: RawPath
  /// The name in it, empty for the root itself.
  let name: RawPath
  /// Whether it belongs to AUFS, `.wh..wh.plnk` and its like, which old layers have and nobody needs.
  let isAUFS: Bool

  init(_ path: RawPath) throws(ArchiveError.Reason) {
    var components: [ArraySlice<UInt8>] = []
    for component in path.bytes.split(separator: UInt8(ascii: "/")) {
      if component == [UInt8(ascii: ".")] { continue }
      if component == [UInt8(ascii: "."), UInt8(ascii: ".")] {
        guard components.popLast() != nil else { throw .escapes }
      } else {
        components.append(component)
      }
    }
    isAUFS = components.contains { $0.starts(with: Whiteout.metaPrefix) && $0 != Whiteout.opaqueName[...] }
    // The components have no NUL, as the path had none.
    name = RawPath(components.last ?? []) ?? ""
    parent = RawPath(Array(components.dropLast().joined(separator: [UInt8(ascii: "/")]))) ?? ""
  }

  var isRoot: Bool { name.isEmpty }

  /// The cleaned path.
  var full: RawPath { parent.appending(name) }
}

/// The names by which a layer says that something below it is gone: image-spec, layer.md "Whiteouts".
enum Whiteout {
  static let prefix = Array(".wh.".utf8)
  static let metaPrefix = Array(".wh..wh.".utf8)
  static let opaqueName = Array(".wh..wh..opq".utf8)

  /// What `name` says, nil if it is an ordinary name.
  static func meaning(of name: RawPath) throws(ArchiveError.Reason) -> Meaning? {
    guard name.bytes.starts(with: prefix) else { return nil }
    if name.bytes == opaqueName[...] { return .opaque }
    let hidden = name.bytes.dropFirst(prefix.count)
    // ".wh..." would hide "..": the directory above.
    guard let path = RawPath(hidden), !path.isEmpty, path != ".", path != ".." else { throw .escapes }
    return .hides(path)
  }

  enum Meaning: Equatable {
    /// Nothing of the layers below shows in this directory.
    case opaque
    /// The name that is gone.
    case hides(RawPath)
  }
}

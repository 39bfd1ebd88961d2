import Archive
import Glibc
package import Linux

extension VolumeStore {
  /// Fills the volume `name` with what is in `source`, if it is a plain directory and empty: Docker's copy-up.
  ///
  /// Owner, mode and times of the directory itself become those of `source`. It is filled aside and put in place in one
  /// step, so that a crash leaves it empty or whole. Nobody may have the volume mounted yet.
  ///
  /// - Returns: whether it was filled. An empty source gives it its owner and mode as well.
  package func fill(_ name: String, from source: Descriptor) throws(VolumeError) -> Bool {
    guard try volume(name).backing == .directory else { return false }
    let data = try open(name)
    return try inVolumes {
      guard try data.rawEntries().isEmpty else { return false }
      let folder = try Linux.open(name, below: root, O_RDONLY | O_DIRECTORY, [.beneath, .noSymlinks])
      try removeTree(Self.fillingName, at: folder)
      try makeDirectory(Self.fillingName, at: folder, mode: 0o700)
      do {
        let target = try Linux.open(Self.fillingName, at: folder, O_RDONLY | O_DIRECTORY)
        var copier = TreeCopier(from: source, to: target)
        _ = try copier.copy()
        try Failpoint("volumes.fill.copied").reach()
        try target.synchronizeFileSystem()
        try rename("_filling", at: .directory(folder), to: "_data", at: .directory(folder))
      } catch {
        try? removeTree(Self.fillingName, at: folder)
        throw error
      }
      try Failpoint("volumes.fill.renamed").reach()
      return true
    }
  }

  /// Left by a crash, it is replaced by the next filling.
  private static let fillingName: RawPath = "_filling"

  /// The bytes on the disk of all files of the volume, each inode counted once, as `du` counts.
  package func usage(of name: String) throws(VolumeError) -> Int64 {
    let data = try open(name)
    return try inVolumes { try treeUsage(of: data).bytes }
  }
}

import Crypto
import Database
import Glibc
import Linux
import OCI
import Scratch
import Snapshots
import Testing

/// A snapshot store of a test's own.
final class Fixture: Sendable {
  let scratch: ScratchFolder
  let database: StateDatabase
  let store: SnapshotStore

  init(_ backend: SnapshotStore.Backend) throws {
    scratch = try ScratchFolder()
    database = try StateDatabase.open(dataRoot: scratch.path)
    store = try SnapshotStore(dataRoot: scratch.path, database: database, backend: backend)
  }

  func prepare(_ key: String, parent: String?) throws -> SnapshotRoot {
    try database.definitions { try store.prepare(key, parent: parent, in: $0) }
  }

  func remove(_ key: String) throws {
    try store.sweep(try database.definitions { try store.remove(key, in: $0) })
  }

  /// What a container with this root would see: names, types, modes, owners and contents, as text.
  func look(_ root: SnapshotRoot, _ script: String = "true") throws -> String {
    let show = """
      { \(script)
      } && find . -mindepth 1 -printf '%P %y %m %U:%G ' \\( -type f -exec cat {} \\; -o -printf '\\n' \\) | LC_ALL=C sort
      """
    switch root {
    case .directory(let path, _): return try scratch.shell("cd \(path); \(show)")
    case .overlay(let lowers, let upper):
      var options = "lowerdir=" + lowers.joined(separator: ":")
      if let upper { options += ",upperdir=\(upper.path),workdir=\(upper.work)" }
      return try scratch.shell(
        """
        mkdir -p merged; mount -t overlay overlay -o \(options) merged
        trap 'cd ..; umount merged' EXIT; cd merged; \(show)
        """)
    }
  }

  /// A layer from a shell script that fills a directory, and its diffID.
  func layer(_ name: String, _ script: String, pipe: String = "cat") throws -> LayerContent {
    try scratch.shell(
      """
      mkdir -p src.\(name); cd src.\(name); \(script)
      tar --numeric-owner --sort=name -cf ../\(name).tar . ; cd ..; \(pipe) < \(name).tar > \(name).layer
      """)
    return try content(name)
  }

  func content(_ name: String, diffID: OCI.Digest? = nil) throws -> LayerContent {
    try Self.content(name, in: scratch.path, diffID: diffID)
  }

  /// The layer `name.layer`, whose uncompressed bytes are `name.tar`. Its diffID stands in for its chain ID.
  static func content(_ name: String, in path: String, diffID: OCI.Digest? = nil) throws -> LayerContent {
    let diffID =
      try diffID ?? OCI.Digest(sha256: Array(SHA256.hash(data: readFile("\(path)/\(name).tar", limit: 1 << 30))))
    let known = try #require(diffID)
    return LayerContent(file: try open("\(path)/\(name).layer", O_RDONLY), diffID: known, chainID: known)
  }

  /// Unpacks and commits layers on top of each other, the diffIDs standing in for the chain IDs.
  @discardableResult func install(_ layers: [LayerContent], onto parent: String? = nil) throws -> [String] {
    try Self.install(layers, onto: parent, store, database)
  }

  @discardableResult static func install(
    _ layers: [LayerContent], onto parent: String? = nil, _ store: SnapshotStore, _ database: StateDatabase
  ) throws -> [String] {
    var unpacked: [UnpackedLayer] = []
    for layer in layers { unpacked.append(try store.unpack(layer, onto: unpacked.last?.key ?? parent)) }
    try store.synchronize()
    try store.sweep(try database.definitions { try store.commit(unpacked, in: $0) })
    return unpacked.map(\.name)
  }

  /// Rows and folders, as text.
  func listing() throws -> String { try Self.listing(database, scratch) }

  static func listing(_ database: StateDatabase, _ scratch: ScratchFolder) throws -> String {
    let rows = try database.read { try $0.rows("SELECT id, key, kind, parent FROM snapshots ORDER BY id") }
    let lines = try rows.map { row in
      "\(try row.integer("id")) \(try row.text("kind")) \(try row.text("key").prefix(14)) on "
        + (row.isNull("parent") ? "nothing" : "\(try row.integer("parent"))")
    }
    let folders = try open("\(scratch.path)/snapshots", O_RDONLY).entries().sorted()
    return (lines + ["folders: " + folders.joined(separator: " ")]).joined(separator: "\n")
  }
}

import ContentStore
import Database
import Glibc
import Images
import Linux
import OCI
import Scratch
import Snapshots
import Synchronization

/// A data root of a test's own with all stores in it.
final class Fixture: Sendable {
  let scratch: ScratchFolder
  let database: StateDatabase
  let content: ContentStore
  let snapshots: SnapshotStore
  let images: ImageStore

  convenience init() throws { try self.init(in: ScratchFolder()) }

  /// Opens the stores in `scratch`, maybe after another process used them.
  init(in scratch: ScratchFolder) throws {
    self.scratch = scratch
    let root = "\(scratch.path)/root"
    database = try StateDatabase.open(dataRoot: root)
    content = try ContentStore(dataRoot: root, database: database)
    snapshots = try SnapshotStore(dataRoot: root, database: database, backend: .copy)
    images = ImageStore(database: database, content: content, snapshots: snapshots)
  }

  /// Loads an archive of the scratch directory and returns what was reported, without the parts of files.
  @discardableResult func load(_ name: String) throws -> [String] {
    try load(from: try open("\(scratch.path)/\(name)", O_RDONLY))
  }

  /// Loads an archive that a real tool wrote.
  @discardableResult func load(fixture name: String) throws -> [String] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return try load(from: try open("/\(folder)/Fixtures/\(name)", O_RDONLY))
  }

  private func load(from file: Descriptor) throws -> [String] {
    let events = Mutex<[String]>([])
    try images.load(DescriptorSource(file)) { progress in
      switch progress {
      case .receiving, .unpacking: break
      case .layerDone(let diffID, let wasThere):
        events.withLock { $0.append("\(wasThere ? "had" : "layer") \(diffID.short)") }
      case .renamed(let name, let previous): events.withLock { $0.append("\(name.familiar) was \(previous.short)") }
      case .loaded(let name, let id): events.withLock { $0.append("\(name.familiar) is \(id.short)") }
      case .loadedUnnamed(let id): events.withLock { $0.append("unnamed \(id.short)") }
      }
    }
    return events.withLock { $0 }
  }

  /// Makes an image of a tree that a shell script fills.
  @discardableResult func make(_ name: String?, _ script: String) throws -> Digest {
    try scratch.shell(
      "rm -rf tree; mkdir tree; cd tree; \(script); cd ..; tar --sort=name --mtime=@0 --numeric-owner -cf tree.tar -C tree ."
    )
    return try images.importRoot(
      DescriptorSource(try open("\(scratch.path)/tree.tar", O_RDONLY)),
      ImageStore.ImportOptions(
        name: try name.map { name in try Reference(parsing: name) }, message: "made by a test",
        created: "2024-01-02T03:04:05Z"))
  }

  /// Writes an archive into the scratch directory.
  func save(_ names: [String], to file: String) throws {
    try images.save(
      names, to: DescriptorSink(try open("\(scratch.path)/\(file)", O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)))
  }

  /// The files of an image, as text.
  func files(of name: String) throws -> String {
    guard let chain = try images.image(name).chain, case .directory(let path, _) = try snapshots.root(of: chain) else {
      return "nothing"
    }
    return try scratch.shell(
      "cd \(path); find . -mindepth 1 -printf '%P %y %m %U:%G ' \\( -type f -exec cat {} \\; -o -printf '\\n' \\) | LC_ALL=C sort"
    )
  }

  /// How much of each kind there is, in the database and on the disk.
  func counts() throws -> String {
    let tables = try database.read { transaction in
      try ["images", "tags", "blobs", "snapshots", "leases", "lease_items"].map { table in
        "\(table) \(try transaction.row("SELECT count(*) AS n FROM \(table)")?.integer("n") ?? -1)"
      }
    }
    let root = "\(scratch.path)/root"
    let folders = try ["content/blobs/sha256", "content/ingest", "snapshots"].map { folder in
      "\(folder) \(try open("\(root)/\(folder)", O_RDONLY).entries().count)"
    }
    return (tables + folders).joined(separator: ", ")
  }

  static let nothing =
    "images 0, tags 0, blobs 0, snapshots 0, leases 0, lease_items 0, content/blobs/sha256 0, content/ingest 0, snapshots 0"
}

/// What `body` throws, as text.
func failure(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch { return "\(error)" }
}

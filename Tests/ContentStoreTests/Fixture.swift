import ContentStore
import Database
import Glibc
import Linux
import OCI
import Scratch

/// A data root of a test's own with a content store in it.
final class Fixture {
  let scratch: ScratchFolder
  private(set) var database: StateDatabase
  private(set) var store: ContentStore

  init() throws {
    scratch = try ScratchFolder()
    database = try StateDatabase.open(dataRoot: scratch.path)
    store = try ContentStore(dataRoot: scratch.path, database: database)
  }

  /// Opens the store after another process used it.
  static func listing(_ dataRoot: String) throws -> String {
    let database = try StateDatabase.open(dataRoot: dataRoot)
    let store = try ContentStore(dataRoot: dataRoot, database: database)
    return try listing(store, database, dataRoot)
  }

  func listing() throws -> String { try Self.listing(store, database, scratch.path) }

  /// Rows and files, as text: a blob that is complete is in both.
  private static func listing(_ store: ContentStore, _ database: StateDatabase, _ dataRoot: String) throws -> String {
    let rows = try database.read { try $0.rows("SELECT digest, size FROM blobs ORDER BY digest") }
    let files = try ["blobs/sha256", "ingest"].flatMap { folder in
      try entries(dataRoot, folder).map { "\(folder)/\($0.prefix(10))" }
    }
    let lines = try rows.map { "row \(try $0.text("digest").prefix(17)) \(try $0.integer("size"))" } + files
    return lines.joined(separator: "\n")
  }

  /// The names in a folder of the store.
  static func entries(_ dataRoot: String, _ folder: String) throws -> [String] {
    try open("\(dataRoot)/content/\(folder)", O_RDONLY).entries().sorted()
  }

  /// Stores `text` and returns its blob.
  @discardableResult func add(_ text: String) throws -> Blob { try Self.add(text, store, database) }

  @discardableResult static func add(_ text: String, _ store: ContentStore, _ database: StateDatabase) throws -> Blob {
    let lease = try store.takeLease()
    let ingest = try store.ingest()
    try ingest.write(Array(text.utf8))
    let blob = try ingest.commit(under: lease)
    try store.synchronize()
    try database.definitions { transaction in
      try store.record([blob], in: transaction)
      try store.drop(lease, in: transaction)
    }
    return blob
  }
}

extension ContentStore {
  /// Forgets and sweeps in one go.
  @discardableResult func collect(keeping digests: Set<Digest>, _ database: StateDatabase) throws -> Collected {
    let collected = try database.definitions { try collect(keeping: digests, in: $0) }
    try sweep(collected.blobs)
    return collected
  }
}

/// The digest of a text.
func digest(_ text: String) -> Digest { Digester.digest(of: Array(text.utf8)) }

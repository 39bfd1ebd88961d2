package import ContentStore
package import Database
import Linux
package import OCI
package import Snapshots
import Synchronization

/// Images: names, and what they name.
///
/// An image is its manifest, config and layers in the content store, the snapshot of its layers, and a row that refers
/// to them; names are rows that refer to it. All of that comes in by one transaction and goes by one, so an image is
/// complete or absent. What nothing refers to any more is collected right away.
///
/// All calls block and may come from any thread. Whether containers use an image is the caller's to know.
package final class ImageStore: Sendable {
  let database: StateDatabase
  let content: ContentStore
  let snapshots: any Snapshotter
  /// Configs that were read before: they never change.
  private let configs = Mutex<[Digest: ImageConfig]>([:])

  /// More images than a machine has; beyond, the cache begins anew.
  private static let configsMax = 4096

  /// Opens the store over those of its parts.
  package init(database: StateDatabase, content: ContentStore, snapshots: any Snapshotter) {
    self.database = database
    self.content = content
    self.snapshots = snapshots
  }

  /// All images, in the order of their IDs.
  package func list() throws(ImageError) -> [Image] {
    try inImages {
      let (rows, tags, digests) = try database.read { transaction in
        (
          try transaction.rows("SELECT * FROM images ORDER BY id"),
          try transaction.rows("SELECT * FROM tags ORDER BY repository, tag"),
          try transaction.rows("SELECT * FROM repository_digests ORDER BY repository, digest")
        )
      }
      let tagged = try Dictionary(grouping: tags) { try $0.text("image") }
      let pinned = try Dictionary(grouping: digests) { try $0.text("image") }
      return try rows.map { row in
        let id = try row.text("id")
        return try image(row, tags: tagged[id] ?? [], digests: pinned[id] ?? [])
      }
    }
  }

  /// The image that `name` means to Docker: an ID with or without algorithm, a reference, or else the beginning of an
  /// ID that no other image's begins with.
  ///
  /// - Throws: `noSuchImage`, or `invalidReference` for what is no name at all.
  package func image(_ name: String) throws(ImageError) -> Image {
    try inImages { try image(id: try database.read { try resolve(name, in: $0) }) }
  }

  /// The image with this ID.
  ///
  /// - Throws: `noSuchImage`.
  package func image(id: Digest) throws(ImageError) -> Image {
    try inImages {
      let name = id.description
      let (row, tags, digests) = try database.read { transaction in
        guard let row = try transaction.row("SELECT * FROM images WHERE id = ?", name) else {
          throw ImageError.noSuchImage(name)
        }
        return (
          row, try transaction.rows("SELECT * FROM tags WHERE image = ? ORDER BY repository, tag", name),
          try transaction.rows("SELECT * FROM repository_digests WHERE image = ? ORDER BY repository, digest", name)
        )
      }
      return try image(row, tags: tags, digests: digests)
    }
  }

  /// How the image came to be, the topmost step first.
  package func history(of name: String) throws(ImageError) -> [HistoryEntry] {
    let image = try image(name)
    return try inImages {
      let chain = ChainID.all(diffIDs: image.config.rootfs.diffIDs, sha256: Digester.digest(of:))
      var layers = chain[...]
      var entries: [HistoryEntry] = []
      for step in image.config.history {
        var size: Int64 = 0
        if !step.emptyLayer, let layer = layers.popFirst() { size = try snapshots.usage(of: layer.description).bytes }
        entries.append(
          HistoryEntry(
            id: nil, created: step.created, createdBy: step.createdBy, comment: step.comment, size: size, tags: []))
      }
      guard let top = entries.popLast() else { return [] }
      entries.append(
        HistoryEntry(
          id: image.id, created: top.created, createdBy: top.createdBy, comment: top.comment, size: top.size,
          tags: image.tags))
      return entries.reversed()
    }
  }

  /// The manifest and its bytes.
  package func manifest(of image: Image) throws(ImageError) -> (manifest: ImageManifest, bytes: [UInt8]) {
    try inImages {
      let bytes = try content.read(image.manifest, bytesMax: BoundedJSON.bytesMax)
      do throws(JSONError) {
        return (try BoundedJSON.decode(ImageManifest.self, from: bytes), bytes)
      } catch { throw ImageError.document("\(image.manifest)", error) }
    }
  }

  /// The config `id`, which every image has.
  func config(_ id: Digest) throws -> ImageConfig {
    if let known = configs.withLock({ $0[id] }) { return known }
    let bytes = try content.read(id, bytesMax: BoundedJSON.bytesMax)
    let config: ImageConfig
    do throws(JSONError) {
      config = try BoundedJSON.decode(ImageConfig.self, from: bytes)
    } catch { throw ImageError.document("\(id)", error) }
    configs.withLock { configs in
      if configs.count >= Self.configsMax { configs.removeAll() }
      configs[id] = config
    }
    return config
  }

  /// Whether the image `id` is there with all of its blobs.
  func isWhole(_ id: Digest, in transaction: Transaction) throws -> Bool {
    let items = try transaction.rows(
      """
      SELECT name, size FROM image_items LEFT JOIN blobs ON blobs.digest = image_items.name
      WHERE image = ? AND kind = 'blob'
      """, id.description)
    guard !items.isEmpty else { return false }
    return try items.allSatisfy { item in
      guard !item.isNull("size") else { return false }
      let blob = Blob(digest: try Self.digest(item, "name"), size: try item.integer("size"))
      return (try? content.openFile(of: blob)) != nil
    }
  }

  func image(_ row: Row, tags: [Row], digests: [Row]) throws -> Image {
    let id = try Self.digest(row, "id")
    return Image(
      id: id, manifest: try Self.digest(row, "manifest"), chain: row.isNull("chain") ? nil : try row.text("chain"),
      size: try row.integer("size"), added: try row.integer("added"),
      tags: try tags.map { row in try Self.reference(row, ":", try row.text("tag")) },
      digests: try digests.map { row in try Self.reference(row, "@", try row.text("digest")) }, config: try config(id))
  }

  static func digest(_ row: Row, _ column: String) throws -> Digest {
    let text = try row.text(column)
    do { return try Digest(parsing: text) } catch {
      throw DatabaseError.unexpectedValue("\(column) \"\(text)\": \(error)")
    }
  }

  static func reference(_ row: Row, _ mark: String, _ suffix: String) throws -> Reference {
    let text = "\(try row.text("repository"))\(mark)\(suffix)"
    do { return try Reference(parsing: text) } catch {
      throw DatabaseError.unexpectedValue("reference \"\(text)\": \(error)")
    }
  }
}

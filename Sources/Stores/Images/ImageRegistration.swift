package import ContentStore
import Database
import Linux
package import OCI
import Snapshots

/// Images on their way into the store, all together or none: what `load`, `import` and later `pull`, `commit` and builds
/// do once they have the blobs.
///
/// ```
/// let registration = try ImageRegistration(store)
/// let blob = try ingest.commit(under: registration.lease)
/// let id = try registration.add(manifest: …, config: …, layers: …)
/// registration.name(id, reference)
/// try registration.commit()
/// ```
///
/// What is not committed is taken back when this object goes, or by the next start. It belongs to one thread.
package final class ImageRegistration {
  /// Keeps what was received and found until it is committed.
  package let lease: Lease
  private let store: ImageStore
  private let progress: ProgressHandler
  private var images: [Pending] = []
  private var names: [(Reference, Digest)] = []
  private var unpacked: [UnpackedLayer] = []
  /// By chain ID: what the next layer goes onto.
  private var parents: [Digest: String] = [:]
  /// Everything that was put in place, wanted or not.
  private var placed: Set<Blob> = []
  private var isCommitted = false

  /// More layers than overlayfs mounts on any kernel.
  static let layersMax = 500

  private struct Pending {
    let id: Digest
    let manifest: Blob
    let chain: Digest?
    let blobs: [Blob]
    let size: Int64
  }

  /// Begins.
  package init(_ store: ImageStore, progress: @escaping ProgressHandler = { _ in }) throws(ImageError) {
    self.store = store
    self.progress = progress
    lease = try inImages { try store.content.takeLease() }
  }

  deinit {
    // After a failure these are best efforts: the next start does what they cannot.
    try? store.snapshots.discard(unpacked)
    if !isCommitted { try? store.content.discard(placed, under: lease) }
  }

  /// Counts a blob that was put in place under the lease.
  package func place(_ blob: Blob) { placed.insert(blob) }

  /// Stores a document that was made here.
  package func place(_ bytes: [UInt8]) throws(ImageError) -> Blob {
    try inImages {
      let ingest = try store.content.ingest()
      try ingest.write(bytes)
      let blob = try ingest.commit(under: lease)
      placed.insert(blob)
      return blob
    }
  }

  /// Adds an image whose blobs are all in place or stored, and unpacks the layers that are not there yet.
  ///
  /// - Parameters:
  ///   - config: what `configBlob` holds.
  ///   - layers: from the base up, as many as the config has diffIDs.
  package func add(
    manifest: Blob, config: ImageConfig, configBlob: Blob, layers: [Blob]
  ) throws(ImageError) {
    let diffIDs = config.rootfs.diffIDs
    guard layers.count == diffIDs.count else {
      throw .invalidArchive(
        "invalid manifest, layers length mismatch: expected \(diffIDs.count), got \(layers.count)")
    }
    guard layers.count <= Self.layersMax else { throw .tooLarge("the number of layers", max: Self.layersMax) }
    try inImages {
      let chain = ChainID.all(diffIDs: diffIDs, sha256: Digester.digest(of:))
      var parent: String?
      var size: Int64 = 0
      for (index, blob) in layers.enumerated() {
        parent = try unpack(blob, diffID: diffIDs[index], chainID: chain[index], onto: parent)
        size += try usage(parent)
      }
      images.append(
        Pending(
          id: configBlob.digest, manifest: manifest, chain: chain.last, blobs: [manifest, configBlob] + layers,
          size: size))
    }
  }

  /// Gives an image that was added a name, which another one loses.
  package func name(_ id: Digest, _ name: Reference) { names.append((name, id)) }

  /// Brings all files to the disk and makes the images count.
  package func commit() throws(ImageError) {
    try inImages {
      try store.content.synchronize()
      try store.snapshots.synchronize()
      try Failpoint("images.commit.synchronized").reach()
      var lost = SnapshotRemains()
      var renamed: [(Reference, Digest)] = []
      var wanted: Set<Blob> = []
      try store.database.definitions { transaction in
        lost = try store.snapshots.commit(unpacked, in: transaction)
        // An image that is there and whole keeps the blobs that it came with first, and its manifest's digest.
        for image in images where try !store.isWhole(image.id, in: transaction) {
          try insert(image, in: transaction)
          wanted.formUnion(image.blobs)
        }
        try store.content.record(wanted, in: transaction)
        for (name, id) in names {
          if let previous = try store.setTag(name, to: id, in: transaction) { renamed.append((name, previous)) }
        }
        try store.content.drop(lease, in: transaction)
      }
      unpacked = []
      isCommitted = true
      try Failpoint("images.commit.recorded").reach()
      try store.snapshots.sweep(lost)
      try store.content.sweep(placed.subtracting(wanted))
      for (name, previous) in renamed { progress(.renamed(name, previous: previous)) }
      report()
    }
  }

  private func report() {
    for image in images {
      let own = names.filter { $0.1 == image.id }
      if own.isEmpty { progress(.loadedUnnamed(image.id)) }
      for (name, id) in own { progress(.loaded(name, id)) }
    }
  }

  /// Makes sure that the layer's snapshot is there, and returns its key for the next.
  private func unpack(_ blob: Blob, diffID: Digest, chainID: Digest, onto parent: String?) throws -> String {
    if let key = parents[chainID] { return key }
    let key = chainID.description
    // The lease first: what is found under it stays.
    let isThere = try store.database.observations { transaction in
      try store.content.keep(snapshot: key, under: lease, in: transaction)
      return try store.snapshots.isCommitted(key, in: transaction)
    }
    if isThere {
      parents[chainID] = key
      progress(.layerDone(diffID: diffID, wasThere: true))
      return key
    }
    let file = try store.content.openFile(of: blob)
    let layer = LayerContent(file: file, diffID: diffID, chainID: chainID) { [progress] current in
      progress(.unpacking(diffID: diffID, current: current, total: blob.size))
    }
    let made = try store.snapshots.unpack(layer, onto: parent)
    unpacked.append(made)
    parents[chainID] = made.key
    progress(.layerDone(diffID: diffID, wasThere: false))
    return made.key
  }

  private func usage(_ key: String?) throws -> Int64 {
    guard let key else { return 0 }
    if let own = unpacked.first(where: { $0.key == key }) { return own.usage.bytes }
    return try store.snapshots.usage(of: key).bytes
  }

  private func insert(_ image: Pending, in transaction: Transaction) throws {
    let id = image.id.description
    try transaction.execute(
      """
      INSERT INTO images (id, manifest, chain, size, added) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest
      """, id, image.manifest.digest.description, image.chain?.description, image.size, wallClockNanoseconds())
    try transaction.execute("DELETE FROM image_items WHERE image = ?", id)
    let items =
      image.blobs.map { ("blob", $0.digest.description) } + (image.chain.map { [("snapshot", $0.description)] } ?? [])
    for (kind, name) in items {
      try transaction.execute("INSERT OR IGNORE INTO image_items (image, kind, name) VALUES (?, ?, ?)", id, kind, name)
    }
  }
}

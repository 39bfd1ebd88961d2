package import Images
package import Linux
package import OCI
import Snapshots

// Images, and what happens to them.
extension Engine {
  // MARK: - Looking

  /// All images, the newest first.
  package func imageList() async throws(EngineError) -> [Image] {
    try await executor.run { [images] in try images.list().sorted { $0.added > $1.added } }
  }

  /// The image that `name` means.
  ///
  /// - Throws: `notFound`, `invalid`.
  package func image(_ name: String) async throws(EngineError) -> Image {
    try await executor.run { [images] in try images.image(name) }
  }

  /// How the image came to be, the topmost step first.
  package func imageHistory(_ name: String) async throws(EngineError) -> [HistoryEntry] {
    try await executor.run { [images] in try images.history(of: name) }
  }

  /// What layers take on the disk.
  package struct LayerUsage: Equatable, Sendable {
    /// All layers of all images, each once.
    package var total: Int64 = 0
    /// By image: what it has in common with others.
    package var shared: [Digest: Int64] = [:]
  }

  /// How much of `list` is shared.
  package func layerUsage(of list: [Image]) async throws(EngineError) -> LayerUsage {
    try await executor.run { [snapshots] in
      var layers: [String: (bytes: Int64, images: [Digest])] = [:]
      for image in list {
        var next = image.chain
        while let key = next {
          let bytes = try layers[key]?.bytes ?? snapshots.usage(of: key).bytes
          layers[key] = (bytes, (layers[key]?.images ?? []) + [image.id])
          next = try snapshots.snapshot(key).parent
        }
      }
      var usage = LayerUsage(total: layers.values.reduce(0) { $0 + $1.bytes })
      for layer in layers.values where layer.images.count > 1 {
        for id in layer.images { usage.shared[id, default: 0] += layer.bytes }
      }
      return usage
    }
  }

  // MARK: - Naming and removing

  /// Gives the image `source` the name `target`.
  ///
  /// - Throws: `notFound`, `invalid`.
  package func tagImage(_ source: String, as target: Reference) async throws(EngineError) {
    try await executor.run { [images, events] in
      let (name, id, _) = try images.tag(source, as: target)
      events.publish(Self.event("tag", of: id, name: name.familiar, labels: Self.labels(try images.image(id: id))))
    }
  }

  /// Removes a name, and the image when that was its last; or an image by its ID.
  ///
  /// - Throws: `notFound`, `conflict`; nothing was removed then.
  package func removeImage(_ name: String, isForced: Bool) async throws(EngineError) -> [ImageStore.Removed] {
    try await executor.run { [images, events, containers] in
      let image = try images.image(name)
      let (removed, conflict) = try images.remove(name, isForced: isForced) { containers.users(of: $0) }
      if removed.isEmpty, let conflict { throw conflict }
      Self.tell(removed, of: image, events)
      return removed
    }
  }

  /// Removes every image that no container uses and that `isWanted` says may go.
  ///
  /// - Returns: what was removed, and the bytes that its layers had.
  package func pruneImages(
    _ isWanted: @escaping @Sendable (Image) -> Bool
  ) async throws(EngineError) -> (removed: [ImageStore.Removed], bytes: Int64) {
    try await executor.run { [images, snapshots, events, containers] in
      var all: [ImageStore.Removed] = []
      var bytes: Int64 = 0
      for image in try images.list() where isWanted(image) && containers.users(of: image.id).isEmpty {
        let sizes = try Self.layerSizes(of: image, snapshots)
        let names = (image.tags + image.digests).map(\.familiar)
        for name in names.isEmpty ? [image.id.description] : names {
          // A name that went meanwhile, or an image that got one, is no failure of the others.
          guard let (removed, _) = try? images.remove(name, users: { containers.users(of: $0) }) else { continue }
          Self.tell(removed, of: image, events)
          for case .deleted(let key) in removed { bytes += sizes[key] ?? 0 }
          all += removed
        }
      }
      events.publish(Event(.image, "prune", id: "", attributes: ["reclaimed": "\(bytes)"]))
      return (all, bytes)
    }
  }

  private static func layerSizes(of image: Image, _ snapshots: any Snapshotter) throws -> [String: Int64] {
    var sizes: [String: Int64] = [:]
    var next = image.chain
    while let key = next {
      sizes[key] = try snapshots.usage(of: key).bytes
      next = try snapshots.snapshot(key).parent
    }
    return sizes
  }

  // MARK: - Archives

  /// Loads the images of the archive that `source` gives; see `ImageStore.load`. It may wait for `source`.
  package func loadImages(
    from source: some ByteSource & Sendable, platform: Platform?, progress: @escaping ProgressHandler
  ) async throws(EngineError) {
    try await streams.run { [images, events] in
      try images.load(source, platform: platform ?? .host) { step in
        switch step {
        case .loaded(_, let id), .loadedUnnamed(let id):
          events.publish(
            Self.event("load", of: id, name: id.description, labels: Self.labels(try? images.image(id: id))))
        default: break
        }
        progress(step)
      }
    }
  }

  /// Makes an image of one layer from the tar that `source` gives; see `ImageStore.importRoot`.
  package func importImage(
    from source: some ByteSource & Sendable, _ options: ImageStore.ImportOptions
  ) async throws(EngineError) -> Digest {
    try await streams.run { [images, events] in
      let id = try images.importRoot(source, options)
      let labels = options.execution.labels
      if let name = options.name?.taggedByDefault() {
        events.publish(Self.event("tag", of: id, name: name.familiar, labels: labels))
      }
      events.publish(Self.event("import", of: id, name: id.description, labels: labels))
      return id
    }
  }

  /// Writes images as one archive into `channel`, and ends it.
  ///
  /// - Throws: what the images' store says, or `internalError` when nobody receives any more.
  package func saveImages(_ names: [String], into channel: BoundedChannel<[UInt8]>) async throws(EngineError) {
    try await streams.run { [images, events] in
      do {
        let sink = ChannelSink(channel)
        try images.save(names, to: sink)
        try sink.flush()
        channel.finish()
      } catch {
        channel.finish(isComplete: false)
        throw error
      }
      for id in Set(try names.map { try images.image($0).id }).sorted() {
        events.publish(Self.event("save", of: id, name: id.description, labels: Self.labels(try images.image(id: id))))
      }
    }
  }

  // MARK: - Events

  private static func tell(_ removed: [ImageStore.Removed], of image: Image, _ events: EventBus) {
    let id = image.id.description
    for step in removed {
      switch step {
      case .untagged: events.publish(event("untag", of: image.id, name: id, labels: labels(image)))
      // The image is gone by now, and with it what it says about itself. Layers have no events.
      case .deleted(id): events.publish(event("delete", of: image.id, name: id, labels: [:]))
      case .deleted: break
      }
    }
  }

  private static func labels(_ image: Image?) -> [String: String] { image?.config.config?.labels ?? [:] }

  private static func event(
    _ action: String, of id: Digest, name: String, labels: [String: String]
  ) -> Event {
    // Docker puts labels and its own attributes into one map, and its own win.
    Event(.image, action, id: id.description, attributes: labels.merging(["name": name]) { _, own in own })
  }
}

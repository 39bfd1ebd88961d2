import Archive
import ContentStore
package import Linux
import OCI

// Images as archives.
extension ImageStore {
  /// Writes the images `names` as one archive that is a docker-archive and an OCI layout, like Docker's since version 25:
  ///
  /// ```
  /// blobs/sha256/<hex>…  index.json  manifest.json  oci-layout  repositories
  /// ```
  ///
  /// A name gives the image that name in the archive, an ID gives it none. Layers are written as they came, compressed or
  /// not. Equal images and names give equal archives.
  ///
  /// - Throws: `noSuchImage`, or `content` for a damaged blob, both before the first byte is written.
  package func save<Sink: ByteSink>(_ names: [String], to sink: Sink) throws(ImageError) {
    try inImages {
      var contents = SavedImages()
      for name in names { try contents.add(try image(name), name: name, self) }
      // Opened now, so that what is missing is known, and stays readable while it is written.
      let files = try contents.blobs.sorted { $0.hex < $1.hex }.map { digest in try content.open(digest) }
      var writer = TarWriter(sink)
      for folder in ["blobs", "blobs/sha256"] as [RawPath] {
        try writer.begin(TarEntry(path: folder, kind: .directory, permissions: 0o755))
      }
      for (blob, file) in files {
        try writer.begin(Self.entry("blobs/sha256/\(blob.digest.hex)", blob.size))
        try Self.copy(file, of: blob, to: &writer)
      }
      for (name, bytes) in try contents.documents() {
        try writer.begin(Self.entry(name, Int64(bytes.count)))
        try bytes.span.bytes.withUnsafeBytes { bytes throws(ArchiveError) in try writer.write(bytes) }
      }
      try writer.finish()
    }
  }

  private static func entry(_ path: String, _ size: Int64) -> TarEntry {
    TarEntry(path: RawPath(path), kind: .file, permissions: 0o644, size: size)
  }

  private static func copy<Sink>(_ file: Descriptor, of blob: Blob, to writer: inout TarWriter<Sink>) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    var rest = blob.size
    while rest > 0 {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(rest, Int64(buffer.count)))])
      let count = try file.read(into: room)
      guard count > 0 else { throw ContentError.damaged(blob.digest, reason: "its file is \(rest) bytes too short") }
      try writer.write(UnsafeRawBufferPointer(rebasing: room[..<count]))
      rest -= Int64(count)
    }
  }
}

/// What goes into an archive: images in the order in which they were named first, each with its names.
private struct SavedImages {
  private var items: [Item] = []
  private(set) var blobs: Set<Digest> = []

  private struct Item {
    let image: Image
    let manifest: ImageManifest
    let descriptor: ContentDescriptor
    var names: [Reference] = []
  }

  mutating func add(_ image: Image, name: String, _ store: ImageStore) throws {
    if !items.contains(where: { $0.image.id == image.id }) {
      let (manifest, bytes) = try store.manifest(of: image)
      items.append(
        Item(
          image: image, manifest: manifest,
          descriptor: ContentDescriptor(
            mediaType: manifest.mediaType.isEmpty ? MediaType.manifest : manifest.mediaType, digest: image.manifest,
            size: Int64(bytes.count))))
      blobs.formUnion([image.manifest, image.id] + manifest.layers.map(\.digest))
    }
    guard let index = items.firstIndex(where: { $0.image.id == image.id }), !ImageStore.isPrefix(name, of: image.id),
      let reference = try? Reference(parsing: name).taggedByDefault(), reference.digest == nil,
      !items[index].names.contains(reference)
    else { return }
    items[index].names.append(reference)
  }

  /// The archive's documents, in the order of their names.
  func documents() throws(JSONError) -> [(String, [UInt8])] {
    [
      ("index.json", try BoundedJSON.encode(index)),
      ("manifest.json", try BoundedJSON.encode(items.map(manifestItem))),
      ("oci-layout", Array(#"{"imageLayoutVersion": "1.0.0"}"#.utf8)),
      ("repositories", try BoundedJSON.encode(repositories)),
    ]
  }

  private var index: ImageIndex {
    ImageIndex(
      mediaType: MediaType.index,
      manifests: items.flatMap { item in
        guard !item.names.isEmpty else { return [item.descriptor] }
        return item.names.map { name in
          var descriptor = item.descriptor
          descriptor.annotations = [
            Annotation.containerdImageName: name.description, Annotation.refName: name.tag ?? Reference.defaultTag,
          ]
          return descriptor
        }
      })
  }

  private func manifestItem(_ item: Item) -> ManifestItem {
    ManifestItem(
      config: Self.path(item.image.id), repoTags: item.names.isEmpty ? nil : item.names.map(\.familiar),
      layers: item.manifest.layers.map { Self.path($0.digest) },
      layerSources: Dictionary(
        zip(item.image.config.rootfs.diffIDs, item.manifest.layers).map { ("\($0)", $1) },
        uniquingKeysWith: { first, _ in first }))
  }

  /// By repository and tag, the topmost layer: what Docker before 1.10 reads.
  private var repositories: [String: [String: String]] {
    var found: [String: [String: String]] = [:]
    for item in items {
      guard let top = item.manifest.layers.last else { continue }
      for name in item.names { found[name.familiarName, default: [:]][name.tag ?? "latest"] = top.digest.hex }
    }
    return found
  }

  private static func path(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

  private struct ManifestItem: Encodable {
    let config: String
    let repoTags: [String]?
    let layers: [String]
    let layerSources: [String: ContentDescriptor]

    enum CodingKeys: String, CodingKey {
      case config = "Config"
      case repoTags = "RepoTags"
      case layers = "Layers"
      case layerSources = "LayerSources"
    }

    /// `RepoTags` is `null` for an image without names, and never left out.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(config, forKey: .config)
      try container.encode(repoTags, forKey: .repoTags)
      try container.encode(layers, forKey: .layers)
      try container.encode(layerSources, forKey: .layerSources)
    }
  }
}

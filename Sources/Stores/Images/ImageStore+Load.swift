import ContentStore
package import Linux
package import OCI

// Images from archives: docker-archive, as `docker save`, `podman save` and `skopeo copy` write it, and OCI layouts.
extension ImageStore {
  /// Loads all images of the archive that `source` gives, compressed or not.
  ///
  /// All of them are loaded, or none. An archive with `manifest.json` is read as a docker-archive; if it is an OCI layout
  /// as well, as those of Docker 25 and later are, images keep the manifests that this has for them. Of an index for
  /// several platforms, the best for `platform` is taken.
  ///
  /// - Parameter progress: is told what happens, from several threads.
  /// - Throws: what is wrong with the archive; nothing is left of it then.
  package func load<Source: ByteSource>(
    _ source: Source, platform: Platform = .host, progress: @escaping ProgressHandler = { _ in }
  ) throws(ImageError) {
    try inImages {
      let registration = try ImageRegistration(self, progress: progress)
      var intake = ArchiveIntake(registration, content, progress: progress)
      try intake.receive(source)
      let layout = try OCILayout(intake)
      if let document = intake.documents["manifest.json"] {
        try DockerArchive(document).register(intake, layout, registration)
      } else if let layout {
        try layout.register(platform, registration)
      } else {
        throw ImageError.unrecognizedFormat
      }
      try registration.commit()
    }
  }
}

/// What a docker-archive's `manifest.json` says.
private struct DockerArchive {
  private let items: [Item]

  private struct Item: Codable {
    let config: String
    let repoTags: [String]?
    let layers: [String]?

    enum CodingKeys: String, CodingKey {
      case config = "Config"
      case repoTags = "RepoTags"
      case layers = "Layers"
    }
  }

  init(_ document: [UInt8]) throws {
    items = try decode([Item].self, document, "manifest.json")
  }

  func register(_ intake: ArchiveIntake, _ layout: OCILayout?, _ registration: ImageRegistration) throws {
    for item in items {
      let configBlob = try intake.blob(item.config)
      let config = try decode(ImageConfig.self, try intake.read(configBlob, item.config), item.config)
      let layers = try (item.layers ?? []).map(intake.blob)
      let manifest =
        try layout?.manifest(config: configBlob.digest, layers: layers.map(\.digest))
        ?? registration.placeManifest(config: configBlob, layers: layers, intake)
      try registration.add(manifest: manifest, config: config, configBlob: configBlob, layers: layers)
      for tag in item.repoTags ?? [] {
        registration.name(configBlob.digest, try Reference(parsing: tag).taggedByDefault())
      }
    }
  }
}

/// What an OCI layout's `index.json` says: image-spec, image-layout.md.
private struct OCILayout {
  private let intake: ArchiveIntake
  private let index: ImageIndex

  /// An index of an index of an index is more than anybody writes.
  private static let depthMax = 3

  /// Nil if the archive is none.
  init?(_ intake: ArchiveIntake) throws {
    guard let document = intake.documents["index.json"] else { return nil }
    self.intake = intake
    index = try decode(ImageIndex.self, document, "index.json")
  }

  /// Registers one image for each entry that has one for `platform`.
  func register(_ platform: Platform, _ registration: ImageRegistration) throws {
    guard !index.manifests.isEmpty else { throw ImageError.invalidArchive("index.json names no manifest") }
    var added: Set<Digest> = []
    for descriptor in index.manifests where descriptor.annotations[Annotation.dockerReferenceType] == nil {
      guard let (blob, manifest) = try find(descriptor, platform, depth: 0) else { continue }
      let id = manifest.config.digest
      if added.insert(id).inserted {
        let configBlob = try intake.blob(id)
        let config = try decode(ImageConfig.self, try intake.read(configBlob, "\(id)"), "\(id)")
        let layers = try manifest.layers.map { layer in try intake.blob(layer.digest) }
        try registration.add(manifest: blob, config: config, configBlob: configBlob, layers: layers)
      }
      if let name = try Self.name(descriptor) { registration.name(id, name) }
    }
    guard !added.isEmpty else { throw ImageError.noMatchingPlatform(platform) }
  }

  /// The layout's own manifest of an image, if it has one with exactly this content.
  func manifest(config: Digest, layers: [Digest]) throws -> Blob? {
    for descriptor in index.manifests {
      guard let blob = try? intake.blob(descriptor.digest),
        case .manifest(let manifest) = try document(blob, descriptor), manifest.config.digest == config,
        manifest.layers.map(\.digest) == layers
      else { continue }
      return blob
    }
    return nil
  }

  private func find(
    _ descriptor: ContentDescriptor, _ platform: Platform, depth: Int
  ) throws -> (Blob, ImageManifest)? {
    guard depth < Self.depthMax else { throw ImageError.tooLarge("the depth of indexes", max: Self.depthMax) }
    let blob = try intake.blob(descriptor.digest)
    switch try document(blob, descriptor) {
    case .manifest(let manifest): return (blob, manifest)
    case .index(let index):
      for candidate in index.candidates(for: platform) {
        // Archives leave out the platforms that nobody asked for.
        do { return try find(candidate, platform, depth: depth + 1) } catch ImageError.missingMember { continue }
      }
      return nil
    }
  }

  private func document(_ blob: Blob, _ descriptor: ContentDescriptor) throws -> ImageDocument {
    let name = "\(descriptor.digest)"
    let bytes = try intake.read(blob, name)
    do throws(JSONError) {
      return try ImageDocument.decode(bytes, mediaType: descriptor.mediaType)
    } catch { throw ImageError.document(name, error) }
  }

  /// containerd and BuildKit write the whole name; others only what stands behind the colon, or a whole name there.
  private static func name(_ descriptor: ContentDescriptor) throws -> Reference? {
    let names = [
      descriptor.annotations[Annotation.containerdImageName], descriptor.annotations[Annotation.refName],
    ].compactMap(\.self)
    for name in names where name.contains("/") || name.contains(":") {
      let reference = try Reference(parsing: name)
      return reference.digest == nil ? reference.taggedByDefault() : nil
    }
    return nil
  }
}

extension ImageRegistration {
  /// Makes the manifest that an archive does not have.
  fileprivate func placeManifest(config: Blob, layers: [Blob], _ intake: ArchiveIntake) throws -> Blob {
    try placeManifest(
      config: config, layers: try layers.map { blob in (blob, try intake.compression(of: blob)) })
  }
}

/// Reads a document of an archive.
private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ name: String) throws -> Value {
  do throws(JSONError) {
    return try BoundedJSON.decode(type, from: bytes)
  } catch { throw ImageError.document(name, error) }
}

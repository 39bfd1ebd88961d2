/// Points to content: image-spec, descriptor.md. (`Descriptor` is a file's, in `Linux`.)
package struct ContentDescriptor: Codable, Equatable, Sendable {
  package var mediaType: String
  package var digest: Digest
  /// In bytes; never negative.
  package var size: Int64
  /// Where else the content may be fetched.
  @OmitEmpty package var urls: [String]
  @OmitEmpty package var annotations: [String: String]
  /// In an index: what the manifest is for.
  package var platform: Platform?
  /// The content itself in base64, for small things.
  @OmitEmpty package var data: String
  @OmitEmpty package var artifactType: String

  /// Reads a descriptor; a negative size is an error, since sizes are added and allocated.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    mediaType = try container.decode(String.self, forKey: .mediaType)
    digest = try container.decode(Digest.self, forKey: .digest)
    size = try container.decode(Int64.self, forKey: .size)
    guard size >= 0 else {
      throw DecodingError.dataCorruptedError(forKey: .size, in: container, debugDescription: "it is negative")
    }
    urls = try container.decodeIfPresent([String].self, forKey: .urls) ?? []
    annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
    platform = try container.decodeIfPresent(Platform.self, forKey: .platform)
    data = try container.decodeIfPresent(String.self, forKey: .data) ?? ""
    artifactType = try container.decodeIfPresent(String.self, forKey: .artifactType) ?? ""
  }

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    mediaType: String, digest: Digest, size: Int64, urls: [String] = [], annotations: [String: String] = [:],
    platform: Platform? = nil, data: String = "", artifactType: String = ""
  ) {
    self.mediaType = mediaType
    self.digest = digest
    self.size = size
    self.urls = urls
    self.annotations = annotations
    self.platform = platform
    self.data = data
    self.artifactType = artifactType
  }
}

/// One image: image-spec, manifest.md, and Docker's schema 2, which has the same shape.
package struct ImageManifest: Codable, Equatable, Sendable {
  package var schemaVersion: Int
  @OmitEmpty package var mediaType: String
  @OmitEmpty package var artifactType: String
  package var config: ContentDescriptor
  /// From the base up.
  @NullIsEmpty package var layers: [ContentDescriptor]
  package var subject: ContentDescriptor?
  @OmitEmpty package var annotations: [String: String]

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    schemaVersion: Int = 2, mediaType: String = "", artifactType: String = "", config: ContentDescriptor,
    layers: [ContentDescriptor] = [], subject: ContentDescriptor? = nil, annotations: [String: String] = [:]
  ) {
    self.schemaVersion = schemaVersion
    self.mediaType = mediaType
    self.artifactType = artifactType
    self.config = config
    self.layers = layers
    self.subject = subject
    self.annotations = annotations
  }
}

/// Images of several platforms under one name: image-spec, image-index.md, and Docker's manifest list.
package struct ImageIndex: Codable, Equatable, Sendable {
  package var schemaVersion: Int
  @OmitEmpty package var mediaType: String
  @OmitEmpty package var artifactType: String
  @NullIsEmpty package var manifests: [ContentDescriptor]
  package var subject: ContentDescriptor?
  @OmitEmpty package var annotations: [String: String]

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    schemaVersion: Int = 2, mediaType: String = "", artifactType: String = "",
    manifests: [ContentDescriptor] = [], subject: ContentDescriptor? = nil, annotations: [String: String] = [:]
  ) {
    self.schemaVersion = schemaVersion
    self.mediaType = mediaType
    self.artifactType = artifactType
    self.manifests = manifests
    self.subject = subject
    self.annotations = annotations
  }
}

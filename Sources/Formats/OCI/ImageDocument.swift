/// What a reference resolves to: one image or an index of images.
package enum ImageDocument: Equatable, Sendable {
  case manifest(ImageManifest)
  case index(ImageIndex)

  /// Reads `bytes`, which were served as `mediaType`; nil where nobody said, as in an old OCI layout.
  ///
  /// A document that could be read as both is refused, and so is one whose own media type contradicts the given one:
  /// two clients must not see two images behind one digest (CVE-2021-41190).
  package static func decode(_ bytes: [UInt8], mediaType: String? = nil) throws(JSONError) -> ImageDocument {
    let shape = try BoundedJSON.decode(Shape.self, from: bytes)
    let own = shape.mediaType ?? ""
    if let mediaType, !own.isEmpty, mediaType != own {
      throw .invalid(path: "mediaType", reason: "\"\(own)\" was served as \"\(mediaType)\"")
    }
    let said = own.isEmpty ? mediaType ?? "" : own
    let isIndex: Bool
    switch said {
    case MediaType.index, MediaType.dockerIndex: isIndex = true
    case MediaType.manifest, MediaType.dockerManifest: isIndex = false
    case "": isIndex = shape.manifests != nil
    default: throw .invalid(path: "mediaType", reason: "\"\(said)\" is neither an image manifest nor an index")
    }
    guard shape.schemaVersion == 2 else { throw .invalid(path: "schemaVersion", reason: "it is not 2") }
    if isIndex, shape.config != nil || shape.layers != nil {
      throw .invalid(path: "", reason: "an index has no \"config\" and no \"layers\"")
    }
    if !isIndex, shape.manifests != nil { throw .invalid(path: "", reason: "a manifest has no \"manifests\"") }
    return isIndex
      ? .index(try BoundedJSON.decode(ImageIndex.self, from: bytes))
      : .manifest(try BoundedJSON.decode(ImageManifest.self, from: bytes))
  }

  /// The members that tell the documents apart.
  private struct Shape: Decodable {
    var schemaVersion: Int
    var mediaType: String?
    var config: Anything?
    var layers: Anything?
    var manifests: Anything?
  }

  private struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }
}

extension ImageIndex {
  /// The entries that run on `platform`, best first; attestations and entries without platform are left out.
  package func candidates(for platform: Platform) -> [ContentDescriptor] {
    manifests.enumerated().compactMap { index, descriptor -> (rank: Int, index: Int, descriptor: ContentDescriptor)? in
      guard descriptor.annotations[Annotation.dockerReferenceType] == nil, let own = descriptor.platform,
        let rank = platform.rank(of: own)
      else { return nil }
      return (rank, index, descriptor)
    }
    .sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
    .map(\.descriptor)
  }
}

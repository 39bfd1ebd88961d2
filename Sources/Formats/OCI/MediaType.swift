/// The media types of images: image-spec, media-types.md, and Docker's image manifest version 2, schema 2.
package enum MediaType {
  package static let manifest = "application/vnd.oci.image.manifest.v1+json"
  package static let index = "application/vnd.oci.image.index.v1+json"
  package static let config = "application/vnd.oci.image.config.v1+json"
  package static let layer = "application/vnd.oci.image.layer.v1.tar"
  package static let layerGzip = "application/vnd.oci.image.layer.v1.tar+gzip"
  package static let layerZstd = "application/vnd.oci.image.layer.v1.tar+zstd"
  package static let layerForeign = "application/vnd.oci.image.layer.nondistributable.v1.tar"
  package static let layerForeignGzip = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
  package static let layerForeignZstd = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
  /// The config of an artifact that has none.
  package static let empty = "application/vnd.oci.empty.v1+json"

  // Docker's names for the same things.

  /// An image's manifest, schema 2.
  package static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
  package static let dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json"
  package static let dockerConfig = "application/vnd.docker.container.image.v1+json"
  package static let dockerLayer = "application/vnd.docker.image.rootfs.diff.tar"
  package static let dockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip"
  package static let dockerLayerZstd = "application/vnd.docker.image.rootfs.diff.tar.zstd"
  package static let dockerLayerForeign = "application/vnd.docker.image.rootfs.foreign.diff.tar"
  package static let dockerLayerForeignGzip = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
  /// Schema 1, which Docker dropped: recognised for the error alone.
  package static let dockerSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"

  /// What a registry is asked for, in the order of preference.
  package static let manifests = [index, dockerIndex, manifest, dockerManifest]

  /// How a layer's tar is compressed.
  package enum Compression: Sendable {
    case none, gzip, zstd
  }

  /// The compression that a layer's media type names; nil if it is not a layer's. The bytes themselves have the last
  /// word: images exist whose gzip layers are typed as plain tar.
  package static func compression(ofLayer type: String) -> Compression? {
    switch type {
    case layer, layerForeign, dockerLayer, dockerLayerForeign: .some(.none)
    case layerGzip, layerForeignGzip, dockerLayerGzip, dockerLayerForeignGzip: .gzip
    case layerZstd, layerForeignZstd, dockerLayerZstd: .zstd
    default: nil
    }
  }

  /// Whether a layer is fetched from its descriptor's URLs and never pushed.
  package static func isForeign(_ type: String) -> Bool {
    [layerForeign, layerForeignGzip, layerForeignZstd, dockerLayerForeign, dockerLayerForeignGzip].contains(type)
  }
}

/// The annotation keys that we read or write: image-spec, annotations.md, and containerd's.
package enum Annotation {
  package static let created = "org.opencontainers.image.created"
  package static let refName = "org.opencontainers.image.ref.name"
  package static let title = "org.opencontainers.image.title"
  package static let version = "org.opencontainers.image.version"
  package static let revision = "org.opencontainers.image.revision"
  package static let source = "org.opencontainers.image.source"
  package static let url = "org.opencontainers.image.url"
  package static let vendor = "org.opencontainers.image.vendor"
  package static let licenses = "org.opencontainers.image.licenses"
  package static let description = "org.opencontainers.image.description"
  package static let authors = "org.opencontainers.image.authors"
  package static let documentation = "org.opencontainers.image.documentation"
  package static let baseName = "org.opencontainers.image.base.name"
  package static let baseDigest = "org.opencontainers.image.base.digest"
  /// The whole reference in an OCI layout's index, as containerd and BuildKit write it.
  package static let containerdImageName = "io.containerd.image.name"
  /// `attestation-manifest` on the index entries that are not images.
  package static let dockerReferenceType = "vnd.docker.reference.type"
  package static let dockerReferenceDigest = "vnd.docker.reference.digest"
}

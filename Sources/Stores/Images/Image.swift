package import OCI

/// An image of the store.
package struct Image: Equatable, Sendable {
  /// The digest of its config: what Docker calls its ID.
  package let id: Digest
  package let manifest: Digest
  /// The key of its topmost layer's snapshot; nil if it has no layers.
  package let chain: String?
  /// The sizes of all files in all layers, in bytes.
  package let size: Int64
  /// When it came into the store, in nanoseconds since 1970.
  package let added: Int64
  /// Names with tags, in order.
  package let tags: [Reference]
  /// Names with manifests' digests, in order.
  package let digests: [Reference]
  package let config: ImageConfig

  /// Whether no tag names it.
  package var isDangling: Bool { tags.isEmpty }
}

/// One line of an image's history.
package struct HistoryEntry: Equatable, Sendable {
  /// The image itself for the topmost entry; what it is made of has no IDs of its own.
  package let id: Digest?
  /// RFC 3339, as the image has it.
  package let created: String
  package let createdBy: String
  package let comment: String
  /// The size of the step's layer, 0 if it made none.
  package let size: Int64
  package let tags: [Reference]
}

/// What happens while images are loaded or imported. Counts are bytes.
package enum ImageProgress: Equatable, Sendable {
  /// A file of the archive is received; its size is known as soon as it begins.
  case receiving(name: String, current: Int64, total: Int64)
  /// A layer is unpacked; `total` is what its file has.
  case unpacking(diffID: Digest, current: Int64, total: Int64)
  /// A layer is there, now or already before.
  case layerDone(diffID: Digest, wasThere: Bool)
  /// A tag was taken from another image, which may be without name now.
  case renamed(Reference, previous: Digest)
  case loaded(Reference, Digest)
  /// An image that the archive gives no name.
  case loadedUnnamed(Digest)
}

/// Receives progress, from any thread.
package typealias ProgressHandler = @Sendable (ImageProgress) -> Void

import Codecs
import ContentStore
package import Linux
package import OCI

// An image from the tar of a root file system.
extension ImageStore {
  /// What an import is told besides the tar.
  package struct ImportOptions: Sendable {
    /// What the image is called; nil leaves it without name.
    package var name: Reference?
    package var message: String
    package var platform: Platform
    /// The defaults of its containers.
    package var execution: ImageConfig.Execution
    /// RFC 3339.
    package var created: String

    /// Creates it from its members.
    package init(
      name: Reference? = nil, message: String, platform: Platform = .host,
      execution: ImageConfig.Execution = ImageConfig.Execution(), created: String
    ) {
      self.name = name
      self.message = message
      self.platform = platform
      self.execution = execution
      self.created = created
    }
  }

  /// Makes an image of one layer from the tar that `source` gives, compressed or not.
  ///
  /// - Returns: its ID.
  /// - Throws: what is wrong with the tar; nothing is left of it then.
  package func importRoot<Source: ByteSource>(
    _ source: Source, _ options: ImportOptions, progress: @escaping ProgressHandler = { _ in }
  ) throws(ImageError) -> Digest {
    if options.name?.digest != nil { throw .digestInTag }
    return try inImages {
      let registration = try ImageRegistration(self, progress: progress)
      let layer = try receive(source, registration, progress)
      let config = ImageConfig(
        architecture: options.platform.architecture, os: options.platform.os, variant: options.platform.variant,
        created: options.created, comment: options.message, config: options.execution,
        rootfs: ImageConfig.RootFS(diffIDs: [layer.digest]),
        history: [ImageConfig.History(created: options.created, comment: options.message)])
      let configBlob = try registration.place(try BoundedJSON.encode(config))
      let manifest = try registration.placeManifest(config: configBlob, layers: [(layer, .none)])
      try registration.add(manifest: manifest, config: config, configBlob: configBlob, layers: [layer])
      if let name = options.name { registration.name(configBlob.digest, name.taggedByDefault()) }
      try registration.commit()
      return configBlob.digest
    }
  }

  /// Stores the tar uncompressed, so that its digest is its diffID.
  private func receive<Source: ByteSource>(
    _ source: Source, _ registration: ImageRegistration, _ progress: ProgressHandler
  ) throws -> Blob {
    let stream = try Decompressor(detecting: source)
    let ingest = try content.ingest()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try stream.read(into: buffer)
      if count == 0 { break }
      try ingest.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      try ArchiveIntake.checkRatio(stream.bytesIn, stream.bytesOut)
      progress(.receiving(name: "", current: stream.bytesIn, total: 0))
    }
    // Docker refuses nothing at all as well; an empty tar has at least its end.
    guard ingest.offset > 0 else { throw ImageError.codec(.truncated) }
    let blob = try ingest.commit(under: registration.lease)
    registration.place(blob)
    return blob
  }
}

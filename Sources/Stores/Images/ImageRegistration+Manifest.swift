import Codecs
import ContentStore
import Linux
import OCI

extension ImageRegistration {
  /// Makes and stores the manifest of an image whose config and layers are in place.
  func placeManifest(config: Blob, layers: [(blob: Blob, compression: Compression)]) throws -> Blob {
    let manifest = ImageManifest(
      mediaType: MediaType.manifest,
      config: ContentDescriptor(mediaType: MediaType.config, digest: config.digest, size: config.size),
      layers: layers.map { layer in
        let type =
          switch layer.compression {
          case .none: MediaType.layer
          case .gzip: MediaType.layerGzip
          case .zstd: MediaType.layerZstd
          }
        return ContentDescriptor(mediaType: type, digest: layer.blob.digest, size: layer.blob.size)
      })
    return try place(try BoundedJSON.encode(manifest))
  }
}

extension ArchiveIntake {
  /// How a layer is compressed, which no docker-archive says.
  func compression(of blob: Blob) throws -> Compression {
    let file = try content.openFile(of: blob)
    var start = [UInt8](repeating: 0, count: Compression.magicBytes)
    let count = try start.withUnsafeMutableBytes { buffer in try file.read(into: buffer, at: 0) }
    return try Compression(of: start[..<count])
  }
}

import Archive
import Codecs
import ContentStore
import Linux
import OCI

/// Receives the members of an image archive as they come, since it may come through a pipe and its table of contents
/// stands at the end.
///
/// The few documents that say what is what are kept in memory; every other file becomes a blob. Nothing is written under
/// a name of the archive's: its paths are only keys.
struct ArchiveIntake {
  /// What `manifest.json`, `index.json` and the like say.
  private(set) var documents: [String: [UInt8]] = [:]
  private(set) var blobs: [String: Blob] = [:]
  /// Names that stand for others: old archives link layers that several images have.
  private var links: [String: String] = [:]
  private let registration: ImageRegistration
  let content: ContentStore
  private let progress: ProgressHandler
  private var entries = 0

  /// More files than the largest `docker save` of a registry's worth of images; each costs a row while we work.
  static let entriesMax = 100_000
  static let linksMax = 16
  private static let documentNames: Set = ["manifest.json", "index.json", "oci-layout", "repositories"]
  /// What only Docker before 1.10 reads.
  private static let ignoredNames: Set = ["VERSION", "json"]

  init(_ registration: ImageRegistration, _ content: ContentStore, progress: @escaping ProgressHandler) {
    self.registration = registration
    self.content = content
    self.progress = progress
  }

  /// Receives all members of `source`, compressed or not.
  mutating func receive<Source: ByteSource>(_ source: Source) throws {
    let stream = try Decompressor(detecting: source)
    var reader = TarReader(stream)
    while let entry = try reader.next() {
      entries += 1
      guard entries <= Self.entriesMax else {
        throw ImageError.tooLarge("the number of files in the archive", max: Self.entriesMax)
      }
      try Self.checkRatio(stream.bytesIn, stream.bytesOut)
      guard let name = Self.clean(entry.path) else { continue }
      switch entry.kind {
      case .file: try receive(name, entry.size, &reader) { try Self.checkRatio(stream.bytesIn, stream.bytesOut) }
      case .symlink(let target): links[name] = Self.resolve(target, from: name)
      case .hardLink(let target): links[name] = Self.clean(target)
      default: continue
      }
    }
  }

  /// The blob that the archive has under `name`.
  func blob(_ name: String) throws -> Blob {
    var current = Self.clean(RawPath(name)) ?? ""
    for _ in 0...Self.linksMax {
      if let blob = blobs[current] { return blob }
      guard let next = links[current] else { break }
      current = next
    }
    throw ImageError.missingMember(name)
  }

  /// The blob that an OCI layout has under `digest`.
  func blob(_ digest: Digest) throws -> Blob {
    let blob = try blob("blobs/\(digest.algorithm.rawValue)/\(digest.hex)")
    guard blob.digest == digest else { throw ImageError.invalidArchive("\"\(digest)\" holds \(blob.digest)") }
    return blob
  }

  /// The bytes of a small blob.
  func read(_ blob: Blob, _ name: String) throws -> [UInt8] {
    guard blob.size <= BoundedJSON.bytesMax else { throw ImageError.tooLarge("\"\(name)\"", max: BoundedJSON.bytesMax) }
    return try content.openFile(of: blob).readAll(limit: BoundedJSON.bytesMax)
  }

  private mutating func receive<Source: ByteSource>(
    _ name: String, _ size: Int64, _ reader: inout TarReader<Source>, check: () throws -> Void
  ) throws {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    if Self.documentNames.contains(name) {
      guard size <= BoundedJSON.bytesMax else { throw ImageError.tooLarge("\"\(name)\"", max: BoundedJSON.bytesMax) }
      documents[name] = try reader.readAll(limit: BoundedJSON.bytesMax)
    } else if !Self.ignoredNames.contains(last) {
      let ingest = try content.ingest()
      try copy(&reader, to: ingest, name, size, check)
      let blob = try ingest.commit(digest: Self.digest(inPath: name), under: registration.lease)
      registration.place(blob)
      blobs[name] = blob
      links[name] = nil
    }
  }

  private func copy<Source: ByteSource>(
    _ reader: inout TarReader<Source>, to ingest: Ingest, _ name: String, _ size: Int64, _ check: () throws -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try reader.read(into: buffer)
      if count == 0 { return }
      try ingest.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      try check()
      progress(.receiving(name: name, current: ingest.offset, total: size))
    }
  }

  private static let bufferBytes = 512 << 10

  /// As with layers: beyond this the archive was made to fill disks. Its layers are mostly compressed already.
  static func checkRatio(_ bytesIn: Int64, _ bytesOut: Int64) throws {
    guard bytesOut > ratioFreeBytes, bytesOut / ratioMax > bytesIn else { return }
    throw ImageError.invalidArchive("the archive decompresses to more than \(ratioMax) times its size")
  }

  static let ratioMax: Int64 = 1100
  static let ratioFreeBytes: Int64 = 64 << 20

  /// The digest that an OCI layout says a file has.
  private static func digest(inPath name: String) -> Digest? {
    let parts = name.split(separator: "/")
    guard parts.count == 3, parts[0] == "blobs" else { return nil }
    return try? Digest(ofContent: "\(parts[1]):\(parts[2])")
  }

  /// A path without `.` and empty parts; nil for one that climbs.
  private static func clean(_ path: RawPath) -> String? {
    var parts: [Substring] = []
    for part in path.description.split(separator: "/") where part != "." {
      if part != ".." { parts.append(part) } else if parts.popLast() == nil { return nil }
    }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }

  private static func resolve(_ target: RawPath, from name: String) -> String? {
    clean(RawPath(name.split(separator: "/").dropLast().joined(separator: "/") + "/" + target.description))
  }
}

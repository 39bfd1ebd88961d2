import Glibc
package import Linux

/// Why a file is no exit record.
package enum ExitRecordError: Error, Equatable, CustomStringConvertible {
  case system(SyscallError)
  /// Something else: the first bytes are not ours.
  case foreign
  /// Of a version whose file we do not know.
  case unknownVersion(UInt16)
  /// The beginning or more than the whole of one.
  case torn(bytes: Int)
  case malformed(RecordError)

  package var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .foreign: "the file is no exit record"
    case .unknownVersion(let version): "the exit record has the unknown version \(version)"
    case .torn(let bytes): "the exit record is torn: it has \(bytes) bytes"
    case .malformed(let error): "the exit record is malformed: \(error)"
    }
  }
}

/// The file form:
///
///     0        6         8        12
///     ┌────────┬─────────┬────────┬──────────┐
///     │ SKEXIT │ version │ length │ record … │   u16, u32, little endian
///     └────────┴─────────┴────────┴──────────┘
extension ExitRecord {
  /// A record's longest text is 8 KiB; what later versions may add has room too.
  package static let fileBytesMax = 64 << 10
  private static let magic = Array("SKEXIT".utf8)
  private static let version: UInt16 = 1
  private static let headerBytes = 12

  /// Puts it into the file `name` of `directory`, which then is there whole or not at all. It is not synced: task
  /// directories do not outlive a boot.
  package func write(to name: String, in directory: Descriptor) throws(ExitRecordError) {
    let bytes = try fileBytes()
    do { try replaceFile(name, at: .directory(directory), bytes) } catch { throw .system(error) }
  }

  /// Reads the file `name` of `directory`, without following a link.
  ///
  /// - Throws: `system` with `noSuchFile` while there is none.
  package static func read(_ name: String, in directory: Descriptor) throws(ExitRecordError) -> ExitRecord {
    let bytes: [UInt8]
    do {
      let file = try open(name, at: .directory(directory), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      bytes = try file.readAll(limit: fileBytesMax)
    } catch { throw .system(error) }
    return try ExitRecord(fileBytes: bytes)
  }

  /// The content of the file.
  func fileBytes() throws(ExitRecordError) -> [UInt8] {
    var writer = RecordWriter()
    do { try write(into: &writer) } catch { throw .malformed(error) }
    var header = RecordWriter(after: ExitRecord.magic)
    header.append(ExitRecord.version)
    header.append(UInt32(writer.bytes.count))
    return header.bytes + writer.bytes
  }

  /// Reads the content of a file.
  init(fileBytes bytes: [UInt8]) throws(ExitRecordError) {
    guard bytes.starts(with: ExitRecord.magic.prefix(bytes.count)) else { throw .foreign }
    guard bytes.count >= ExitRecord.headerBytes else { throw .torn(bytes: bytes.count) }
    let version = UInt16(bytes[6]) | UInt16(bytes[7]) << 8
    guard version == ExitRecord.version else { throw .unknownVersion(version) }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    guard bytes.count - ExitRecord.headerBytes == length else { throw .torn(bytes: bytes.count) }
    do { try self.init(field: bytes[ExitRecord.headerBytes...]) } catch { throw .malformed(error) }
  }
}

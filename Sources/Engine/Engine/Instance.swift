import Glibc
import Linux

/// Which engine this is, among those of a machine: a UUID that is kept in the data root.
package struct Instance: Equatable, Sendable {
  /// As `docker info` shows it.
  package let uuid: String
  /// What names of the kernel's begin with: bridge, firewall table, cgroups. `skiff` for the default data root.
  package let name: String

  private static let fileName = "instance"

  /// The first 8 hexadecimal digits of the UUID.
  package var id: String { String(uuid.prefix(8)) }

  /// Reads the instance of `dataRoot`, or gives it one.
  static func open(dataRoot: String) throws -> Instance {
    let directory = try Linux.open(dataRoot, O_RDONLY | O_DIRECTORY)
    var uuid: String
    do {
      uuid = try readText(fileName, at: .directory(directory), limit: 64)
      while uuid.last == "\n" { uuid.removeLast() }
      guard isUUID(uuid) else {
        throw EngineError(
          .internalError, "\"\(dataRoot)/\(fileName)\" is no UUID",
          hint: "restore it, or remove it if no container of this data root runs")
      }
    } catch let error as SyscallError where error.errno == .noSuchFile {
      uuid = try newUUID()
      try replaceFile(fileName, at: .directory(directory), Array("\(uuid)\n".utf8), mode: 0o644, isDurable: true)
      try directory.synchronize()
    }
    let isDefault = dataRoot == EngineConfiguration.defaultDataRoot
    return Instance(uuid: uuid, name: isDefault ? "skiff" : "skiff-\(uuid.prefix(8))")
  }

  /// RFC 9562, version 4.
  private static func newUUID() throws(SyscallError) -> String {
    var bytes = try randomBytes(16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isUUID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && parts.joined().utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }
}

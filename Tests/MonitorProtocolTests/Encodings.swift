import Linux

@testable import MonitorProtocol

extension Record {
  /// The record's bytes.
  func encodedRecord() throws -> [UInt8] {
    var writer = RecordWriter()
    try write(into: &writer)
    return writer.bytes
  }
}

extension MonitorMessage {
  /// The frame of the message, as a peer cuts it out.
  func frame() throws -> Frame? {
    var decoder = FrameDecoder()
    decoder.append(try encoded())
    return try decoder.next()
  }
}

/// A field with these bytes.
func field(_ tag: UInt16, _ value: [UInt8]) -> [UInt8] {
  var writer = RecordWriter()
  writer.append(tag)
  writer.append(UInt32(value.count))
  return writer.bytes + value
}

/// Bytes as lines of hex, 32 on each.
func hexLines(_ bytes: [UInt8]) -> String {
  stride(from: 0, to: bytes.count, by: 32).map { start in
    bytes[start..<min(start + 32, bytes.count)].map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined() + "\n"
  }.joined()
}

/// The bytes of lines of hex.
func bytes(hexLines text: String) -> [UInt8] {
  let digits = Array(text.utf8.filter { $0 != UInt8(ascii: "\n") })
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
    UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
  }
}

/// The text of a golden file.
func fixture(_ name: String) throws -> String {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  return try readText("/\(folder)/Fixtures/\(name)")
}

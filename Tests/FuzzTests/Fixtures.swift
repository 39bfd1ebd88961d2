import Linux

/// A golden file of another suite.
func golden(_ path: String) throws -> [UInt8] {
  let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  return try readFile("/\(tests)/\(path)", limit: 1 << 20)
}

/// The bytes that lines of hex say, one input for each comment line or one in all.
func goldenHex(_ path: String) throws -> [[UInt8]] {
  String(decoding: try golden(path), as: UTF8.self).split(separator: "#").map { part in
    let lines = part.split(separator: "\n").filter { $0.allSatisfy(\.isHexDigit) }
    let digits = Array(lines.joined().utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
      UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
    }
  }
}

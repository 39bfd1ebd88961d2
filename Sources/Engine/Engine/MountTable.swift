import Linux

/// The mounts that this process sees, as far as one asks how they propagate: `/proc/self/mountinfo`, proc(5).
struct MountTable {
  private let mounts: [(point: String, isShared: Bool, isSlave: Bool)]

  /// More than any host has mounts.
  private static let bytesMax = 16 << 20

  /// Reads the table.
  init() throws(SyscallError) { self.init(text: try readText("/proc/self/mountinfo", limit: Self.bytesMax)) }

  /// Reads lines `36 35 98:0 /root /point options [shared:1] [master:2] - type source options`.
  init(text: String) {
    mounts = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 6, let end = fields.firstIndex(of: "-") else { return nil }
      let tags = fields[6..<max(6, end)]
      return (
        Self.unescaped(fields[4]), tags.contains { $0.hasPrefix("shared:") },
        tags.contains { $0.hasPrefix("master:") }
      )
    }
  }

  /// The mount that `path`, absolute and without links, is on: of several at one point the last is on top.
  func mount(of path: String) -> (point: String, isShared: Bool, isSlave: Bool)? {
    let holders = mounts.filter { $0.point == "/" || path == $0.point || path.hasPrefix("\($0.point)/") }
    let depth = holders.map(\.point.utf8.count).max()
    return holders.last { $0.point.utf8.count == depth }
  }

  /// Spaces and their like are written in octal: `\\040`.
  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

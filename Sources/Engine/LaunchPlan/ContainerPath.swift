/// Paths in a container, as text: nothing here looks at a file system.
package enum ContainerPath {
  /// Go's `filepath.Clean` of an absolute path: without `.`, `..`, doubled or trailing slashes. Empty stays empty.
  package static func clean(_ path: String) -> String {
    guard !path.isEmpty else { return "" }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// How deep a clean path is: `/` and `/a` are 1.
  static func depth(_ path: String) -> Int { clean(path).utf8.count { $0 == UInt8(ascii: "/") } }
}

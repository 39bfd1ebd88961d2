import EngineClient
import Glibc

/// What is mounted in the container.
struct StorageOptions {
  var volumes: [String] = []
  var mounts: [JSONValue] = []
  var temporary: [String] = []
  var volumesFrom: [String] = []
  var driver = ""

  static var flags: [Flag<StorageOptions>] {
    [
      .values("mount", nil, \.mounts, "mount", "Mount, as type=bind|volume|tmpfs,source=…,target=…,…") {
        (text) throws(FlagValueError) in try MountFlag(text).document
      },
      .list("tmpfs", nil, \.temporary, "Directory in memory, as PATH[:OPTIONS]"),
      .list("volume", "v", \.volumes, "Mount, as [SOURCE:]PATH[:OPTIONS]: a volume's name or a directory of the host"),
      .text("volume-driver", nil, \.driver, "Driver of the volumes"),
      .list("volumes-from", nil, \.volumesFrom, "Container whose mounts this one gets, as NAME[:ro]"),
    ]
  }

  /// The volumes with a source, as the API's `Binds`, and the paths that get an anonymous volume.
  ///
  /// - Parameter directory: what a source that begins with a dot is relative to.
  func parsedVolumes(_ directory: String) -> (binds: [String], anonymous: [String]) {
    var binds: [String] = []
    var anonymous: [String] = []
    for volume in volumes {
      let parts = volume.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      // A single letter before the colon is a drive in Docker's eyes, and the whole a path.
      guard parts.count == 2, parts[0].count > 1 || parts[0].first == "/" || parts[0].first == "." else {
        anonymous.append(volume)
        continue
      }
      let source = parts[0].hasPrefix(".") ? Self.absolute(parts[0], directory) : parts[0]
      binds.append("\(source):\(parts[1])")
    }
    return (binds, anonymous)
  }

  /// `path` below `directory` without `.` and `..`.
  private static func absolute(_ path: String, _ directory: String) -> String {
    var parts: [Substring] = []
    for part in "\(directory)/\(path)".split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// `Tmpfs`: path to options; nil when there is none.
  var temporaryDirectories: JSONValue? {
    if temporary.isEmpty { return nil }
    var result: [String: String] = [:]
    for text in temporary {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      result[parts[0]] = parts.count == 2 ? parts[1] : ""
    }
    return JSONValue(result)
  }
}

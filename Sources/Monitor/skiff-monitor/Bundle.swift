import Glibc
import Linux
import OCI
import Runtime

/// An OCI bundle: a directory with a `config.json`.
struct Bundle {
  /// Its absolute path.
  let path: String
  /// Its `config.json` as it is, and what that says.
  let configuration: [UInt8]
  let spec: RuntimeSpec

  /// Reads the bundle at `path`.
  init(_ path: String) throws(RuntimeError) {
    self.path = try Bundle.absolute(path)
    do {
      configuration = try readFile("\(self.path)/config.json")
      spec = try BoundedJSON.decode(RuntimeSpec.self, from: configuration)
    } catch {
      throw RuntimeError(.invalid, "cannot read the bundle's config.json: \(error)")
    }
    guard spec.ociVersion.hasPrefix("1.") else {
      throw RuntimeError(.unsupported, "config.json: ociVersion \"\(spec.ociVersion)\" is not supported: this is 1.x")
    }
  }

  /// The root of the spec, relative to the bundle.
  func rootSource() throws(RuntimeError) -> RootSource {
    guard let root = spec.root, !root.path.isEmpty else { throw RuntimeError(.invalid, "config.json has no root.path") }
    return .directory(root.path.hasPrefix("/") ? root.path : "\(path)/\(root.path)")
  }

  /// The cgroup's path: as the spec says, or below `/skiff-monitor`.
  func cgroupPath(id: String) throws(RuntimeError) -> String {
    let asked = spec.linux?.cgroupsPath ?? ""
    if asked.contains(":") {
      throw RuntimeError(.unsupported, "linux.cgroupsPath \"\(asked)\": the systemd cgroup driver is not supported yet")
    }
    if asked.isEmpty { return "/skiff-monitor/\(id)" }
    return asked.hasPrefix("/") ? asked : "/skiff-monitor/\(asked)"
  }

  private static func absolute(_ path: String) throws(RuntimeError) -> String {
    guard let resolved = realpath(path, nil) else {
      throw RuntimeError(.invalid, "cannot use \"\(path)\" as a bundle: \(Errno.current)")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

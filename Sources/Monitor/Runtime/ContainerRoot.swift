import Glibc
package import Linux

/// Where a container's root file system comes from.
package enum RootSource: Equatable, Sendable {
  /// A directory of the host: the OCI bundle's `rootfs`.
  case directory(String)
  /// Layers of an image below one writable directory.
  case overlay(OverlayRoot)
}

/// An overlay: read-only layers, and a writable directory on top.
package struct OverlayRoot: Equatable, Sendable {
  /// Absolute paths of the layers' directories, the topmost first.
  package var lowers: [String]
  /// Absolute paths of the writable layer and of overlayfs's scratch directory beside it; nil for a read-only view.
  package var upper: (path: String, work: String)?

  /// Creates it from its members.
  package init(lowers: [String], upper: (path: String, work: String)?) {
    self.lowers = lowers
    self.upper = upper
  }

  package static func == (left: OverlayRoot, right: OverlayRoot) -> Bool {
    left.lowers == right.lowers && left.upper?.path == right.upper?.path && left.upper?.work == right.upper?.work
  }
}

extension RootSource {
  /// Makes a detached mount of the root. Nothing is mounted on the host, before or after.
  package func detachedMount() throws(RuntimeError) -> Descriptor {
    switch self {
    case .directory(let path):
      try during("use \"\(path)\" as the root file system") { try cloneMount(path) }
    case .overlay(let overlay):
      try during("assemble the root file system") { try overlay.detachedMount() }
    }
  }
}

extension OverlayRoot {
  /// Makes the overlay. Each lower goes in by a call of its own (`lowerdir+`, Linux 6.5), since one fsconfig string
  /// ends at 255 bytes; an older kernel gets one short list relative to the layers' common directory.
  package func detachedMount() throws(SyscallError) -> Descriptor {
    if lowers.count == 1, upper == nil, let only = lowers.first { return try cloneMount(only, isRecursive: false) }
    do { return try mountLayerByLayer() } catch {
      guard error.errno == .invalidArgument else { throw error }
      return try mountWithRelativeNames()
    }
  }

  private func mountLayerByLayer() throws(SyscallError) -> Descriptor {
    let context = try FileSystemContext("overlay")
    for lower in lowers { try context.set("lowerdir+", lower) }
    try setUpper(of: context)
    return try context.mount()
  }

  private func mountWithRelativeNames() throws(SyscallError) -> Descriptor {
    let (directory, names) = OverlayRoot.relative(lowers)
    let previous = try open(".", O_PATH | O_DIRECTORY)
    _ = try syscall("chdir", directory) { chdir(directory) }
    defer { fchdir(previous.raw) }
    let context = try FileSystemContext("overlay")
    try context.set("lowerdir", names.joined(separator: ":"))
    try setUpper(of: context)
    return try context.mount()
  }

  private func setUpper(of context: FileSystemContext) throws(SyscallError) {
    guard let upper else { return }
    try context.set("upperdir", upper.path)
    try context.set("workdir", upper.work)
  }

  /// Splits absolute paths into the longest directory that all share and what is below it.
  static func relative(_ paths: [String]) -> (directory: String, names: [String]) {
    var common = paths.first.map { Array($0.split(separator: "/").dropLast()) } ?? []
    for path in paths {
      let parts = path.split(separator: "/").dropLast()
      common = zip(common, parts).prefix { $0 == $1 }.map(\.0)
    }
    let directory = "/" + common.joined(separator: "/")
    return (directory, paths.map { $0.split(separator: "/").dropFirst(common.count).joined(separator: "/") })
  }
}

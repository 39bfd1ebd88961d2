import Glibc
import Linux
import OCI

/// Makes the device nodes and links of a container's `/dev`. Runs in the child, before the root becomes `/`.
struct DeviceSetup {
  let root: ContainerRootDirectory

  /// Makes the default nodes, those of the spec, and the usual links.
  ///
  /// OCI runtime-spec, config-linux.md "Default Devices".
  func run(_ devices: [RuntimeSpec.Device]) throws(RuntimeError) {
    for (name, device) in DeviceSetup.defaults {
      try during("make \"/dev/\(name)\"") {
        try node("/dev/\(name)", type: S_IFCHR, device, permissions: 0o666, owner: 0, group: 0)
      }
    }
    for device in devices { try make(device) }
    try during("make the links of /dev") { () throws(SyscallError) in
      let directory = try root.open("/dev", O_PATH | O_DIRECTORY)
      for (link, target) in DeviceSetup.links {
        // Kernels without /proc/kcore have no core either, as runc has it.
        if link == "core", (try? status(of: target)) == nil { continue }
        do throws(SyscallError) { try symlink(target, link, at: .directory(directory)) } catch {
          if error.errno != .exists { throw error }
        }
      }
    }
  }

  private func make(_ device: RuntimeSpec.Device) throws(RuntimeError) {
    let type: UInt32
    switch device.type {
    case .block: type = S_IFBLK
    case .character, .unbuffered: type = S_IFCHR
    case .fifo: type = S_IFIFO
    case .all: throw RuntimeError(.invalid, "device \"\(device.path)\": type \"a\" is only for rules")
    }
    let number = DeviceNumber(UInt32(clamping: device.major ?? 0), UInt32(clamping: device.minor ?? 0))
    try during("make the device \"\(device.path)\"") {
      try node(
        device.path, type: type, number, permissions: (device.fileMode ?? 0o666) & 0o7777, owner: device.uid ?? 0,
        group: device.gid ?? 0)
    }
  }

  private func node(
    _ path: String, type: UInt32, _ device: DeviceNumber, permissions: UInt32, owner: UInt32, group: UInt32
  ) throws(SyscallError) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let parent = try root.mountTarget(String(path[..<slash]), isDirectory: true)
    let name = String(path[path.index(after: slash)...])
    do { try makeNode(name, at: .directory(parent), mode: type | permissions, device: device) } catch {
      // The spec names it again, or the host's /dev is bound here, whose nodes are not ours to change.
      if error.errno == .exists { return }
      throw error
    }
    try setOwner(name, at: .directory(parent), owner: owner, group: group)
    // mknod(2) obeys the umask; this does not.
    try setPermissions(name, at: parent, permissions)
  }

  private static let defaults: [(String, DeviceNumber)] = [
    ("null", DeviceNumber(1, 3)), ("zero", DeviceNumber(1, 5)), ("full", DeviceNumber(1, 7)),
    ("random", DeviceNumber(1, 8)), ("urandom", DeviceNumber(1, 9)), ("tty", DeviceNumber(5, 0)),
  ]

  private static let links = [
    ("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"), ("core", "/proc/kcore"),
  ]
}

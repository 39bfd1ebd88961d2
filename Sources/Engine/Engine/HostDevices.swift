import Glibc
import LaunchPlan
import Linux
import OCI

/// The host's device nodes, as launches ask for them.
struct HostDevices {
  /// How deep directories are searched; `/dev` has four floors.
  private static let depthMax = 8

  /// The device at each path that `spec` maps into the container, or those in the directory there; and the block
  /// devices whose use it limits.
  ///
  /// - Throws: with Docker's texts for a path to map that is no device.
  func named(by spec: ContainerSpec) throws(EngineError) -> [String: [HostDevice]] {
    var devices: [String: [HostDevice]] = [:]
    for mapping in spec.devices.mappings { devices[mapping.pathOnHost] = try found(mapping.pathOnHost) }
    // What is missing here, the plan misses.
    for path in spec.resources.blockIO.devicePaths { devices[path] = HostDevice(at: path).map { [$0] } }
    return devices
  }

  private func found(_ path: String) throws(EngineError) -> [HostDevice] {
    let gathering = "error gathering device information while adding custom device \"\(path)\": "
    let status: FileStatus
    do { status = try Linux.status(of: path) } catch {
      throw EngineError(
        .internalError, gathering + (error.errno == .noSuchFile ? "no such file or directory" : "\(error)"))
    }
    let devices = status.isDirectory ? below(path) : HostDevice(at: path).map { [$0] } ?? []
    guard !devices.isEmpty else { throw EngineError(.internalError, gathering + "not a device node") }
    return devices
  }

  /// All devices of the host but its terminals, for privileged containers.
  func all() -> [HostDevice] { below("/dev") }

  private func below(_ path: String, depth: Int = 0) -> [HostDevice] {
    guard depth < Self.depthMax, let names = try? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).entries() else {
      return []
    }
    var devices: [HostDevice] = []
    for name in names.sorted() {
      let place = "\(path)/\(name)"
      guard let status = try? Linux.status(of: place, followLinks: false) else { continue }
      if status.isDirectory {
        if !Self.skippedDirectories.contains(name) { devices += below(place, depth: depth + 1) }
      } else if name != "console", let device = HostDevice(at: place, status) {
        devices.append(device)
      }
    }
    return devices
  }

  /// What each container has of its own, and other programs' rooms.
  private static let skippedDirectories: Set = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"]
}

extension HostDevice {
  /// The device node at `path`; nil if there is none.
  fileprivate init?(at path: String) {
    guard let status = try? Linux.status(of: path) else { return nil }
    self.init(at: path, status)
  }

  fileprivate init?(at path: String, _ status: FileStatus) {
    let kind: RuntimeSpec.DeviceKind
    switch status.mode & S_IFMT {
    case S_IFCHR: kind = .character
    case S_IFBLK: kind = .block
    default: return nil
    }
    self.init(
      path, kind, Int64(status.device.major), Int64(status.device.minor), mode: status.permissions, uid: status.owner,
      gid: status.group)
  }
}

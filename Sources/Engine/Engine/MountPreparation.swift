import Glibc
import LaunchPlan
import Linux
import MonitorProtocol
import Volumes

/// What the mounts of a container need of the host before each launch.
struct MountPreparation {
  let spec: ContainerSpec
  let volumes: VolumeStore

  /// What is mounted where, in the plan's words.
  struct Prepared {
    /// The host's directory of each volume, by its destination.
    var paths: [String: String] = [:]
    /// Parts of volumes, found inside them.
    var sources: [(role: LaunchRecord.DescriptorRole, descriptor: Descriptor)] = []
  }

  /// Makes missing sources of `-v`, and finds the volumes.
  ///
  /// - Throws: with Docker's texts.
  func run() throws -> Prepared {
    var prepared = Prepared()
    for mount in spec.mounts {
      switch mount.kind {
      case .tmpfs: continue
      case .bind(let bind): try prepare(bind)
      case .volume(let volume): try prepare(volume, at: mount.destination, &prepared)
      }
    }
    return prepared
  }

  private func prepare(_ bind: MountSpec.Bind) throws {
    if bind.createsSource, (try? status(of: bind.source)) == nil { try makeDirectories(bind.source) }
    guard let propagation = bind.propagation, propagation.reachesHost else { return }
    // What does not leave the host's mount cannot reach the container, and the other way round: nobody asks for that.
    let path = try realPath(bind.source)
    guard let mount = try MountTable().mount(of: path) else { return }
    let sends = propagation == .shared || propagation == .recursiveShared
    guard !mount.isShared, sends || !mount.isSlave else { return }
    throw EngineError(
      .internalError,
      "path \(bind.source) is mounted on \(mount.point) but it is not a \(sends ? "shared" : "shared or slave") mount")
  }

  /// `path` without links.
  private func realPath(_ path: String) throws -> String {
    guard let resolved = realpath(path, nil) else { throw SyscallError("realpath", path, errno: Errno(errno)) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private func prepare(_ volume: MountSpec.Volume, at destination: String, _ prepared: inout Prepared) throws {
    let directory = try directory(of: volume)
    guard volume.subpath.isEmpty else {
      let part = try part(volume.subpath, of: directory)
      prepared.paths[destination] = "\(directory)/\(volume.subpath)"
      prepared.sources.append((.mountSource(destination: ContainerPath.clean(destination)), part))
      return
    }
    prepared.paths[destination] = directory
  }

  private func directory(of volume: MountSpec.Volume) throws -> String {
    let stored = try volumes.volume(volume.name)
    switch stored.backing {
    case .directory: return volumes.mountpoint(of: volume.name)
    case .bind(let source, let options):
      if let option = options.first(where: { $0 != "rbind" }) {
        throw EngineError(.unsupported, "volume \"\(volume.name)\": option \"o=\(option)\" is not supported yet")
      }
      return source
    case .tmpfs, .fileSystem:
      throw EngineError(
        .unsupported, "volume \"\(volume.name)\": type \"\(stored.options["type"] ?? "")\" is not supported yet")
    }
  }

  /// A file or directory of a volume, found so that no link of the volume leads out of it.
  private func part(_ path: String, of directory: String) throws -> Descriptor {
    let volume = try open(directory, O_PATH | O_DIRECTORY)
    do { return try open(path, below: volume, O_PATH, [.beneath, .noMagicLinks]) } catch {
      guard error.errno == .noSuchFile else {
        throw EngineError(
          .invalid, "path concatenation escapes the base directory, base: \(directory), subpath: \(path)")
      }
      throw EngineError(
        .notFound,
        "cannot access path \(directory)/\(path): lstat \(directory)/\(path): no such file or directory")
    }
  }
}

extension MountSpec.Propagation {
  /// Whether mounts are to travel between the host and the container.
  fileprivate var reachesHost: Bool {
    switch self {
    case .shared, .slave, .recursiveShared, .recursiveSlave: true
    case .private, .recursivePrivate: false
    }
  }
}

extension ContainerSpec {
  /// Refuses a `--mount` of what the host does not have: only `-v` makes it.
  func checkBindSources() throws(EngineError) {
    for mount in mounts {
      guard case .bind(let bind) = mount.kind, !bind.createsSource, (try? status(of: bind.source)) == nil else {
        continue
      }
      throw EngineError(
        .invalid, "invalid mount config for type \"bind\": bind source path does not exist: \(bind.source)")
    }
  }
}

/// One mount of a container's definition.
package struct MountSpec: Codable, Equatable, Sendable {
  /// The absolute path in the container.
  package var destination: String
  package var kind: Kind
  package var isReadOnly: Bool
  package var origin: Origin

  /// Creates a mount.
  package init(_ destination: String, _ kind: Kind, isReadOnly: Bool = false, origin: Origin) {
    self.destination = destination
    self.kind = kind
    self.isReadOnly = isReadOnly
    self.origin = origin
  }

  /// What is mounted.
  package enum Kind: Codable, Equatable, Sendable {
    case bind(Bind)
    case volume(Volume)
    case tmpfs(Tmpfs)
  }

  /// Who asked for the mount, so that it can be told again in the same words.
  package enum Origin: Codable, Equatable, Sendable {
    /// `-v`, with the mode that it ended with, or without any.
    case volumeFlag(mode: String)
    /// `--mount`.
    case mountFlag
    /// `--tmpfs`.
    case tmpfsFlag
    /// The image's, or the create request's list of volumes.
    case image
    /// `--volumes-from`, copied when the container was created.
    case container(id: String)
  }

  /// A file or directory of the host.
  package struct Bind: Codable, Equatable, Sendable {
    /// The absolute path on the host.
    package var source: String
    /// nil was not said, and is `rprivate`.
    package var propagation: Propagation?
    /// Whether mounts below the source stay behind.
    package var isNonRecursive = false
    package var readOnlyReach = ReadOnlyReach.allIfPossible
    /// Whether a missing source is made, a directory, as `-v` does.
    package var createsSource = false

    /// Creates Docker's default kind of bind mount.
    package init(source: String) { self.source = source }
  }

  /// How mounts that happen below one end of a bind mount reach the other, in mount(8)'s words.
  package enum Propagation: String, Codable, Sendable {
    case shared, slave
    case `private`
    case recursiveShared = "rshared"
    case recursiveSlave = "rslave"
    case recursivePrivate = "rprivate"
  }

  /// What of a read-only bind mount cannot be written.
  package enum ReadOnlyReach: String, Codable, Sendable {
    /// Also the mounts below it, on kernels that can (5.12).
    case allIfPossible
    /// Also the mounts below it, or the launch fails.
    case all
    /// Not the mounts below it.
    case topOnly
  }

  /// A volume of ours.
  package struct Volume: Codable, Equatable, Sendable {
    package var name: String
    /// Whether it goes with its container when asked to.
    package var isAnonymous: Bool
    /// Whether a new volume is filled with what the image has at the destination.
    package var copiesFromImage = true
    /// The directory in the volume that is mounted; empty is the whole.
    package var subpath = ""
    /// What the volume gets if it is made for this mount.
    package var labels: [String: String] = [:]
    package var options: [String: String] = [:]

    /// Creates a use of the volume `name`.
    package init(name: String, isAnonymous: Bool = false) {
      self.name = name
      self.isAnonymous = isAnonymous
    }
  }

  /// A file system in memory.
  package struct Tmpfs: Codable, Equatable, Sendable {
    /// As `--tmpfs` takes them, after Docker's own.
    package var options: [String] = []
    /// 0 is the kernel's default, half of the memory.
    package var sizeBytes: Int64 = 0
    /// Permission bits; 0 is the kernel's default, 1777.
    package var mode: UInt32 = 0

    /// Creates one with the kernel's defaults.
    package init() {}
  }
}

/// `--volumes-from`: a container whose mounts are added when this one is created.
package struct VolumesFrom: Codable, Equatable, Sendable {
  /// As the user named it.
  package var container: String
  /// As the user wrote it: empty, `ro`, `rw`, `z`, ….
  package var mode: String
  package var isReadOnly: Bool

  /// Creates it from its members.
  package init(container: String, mode: String, isReadOnly: Bool) {
    self.container = container
    self.mode = mode
    self.isReadOnly = isReadOnly
  }

  /// What of `mounts`, those of that container, is added: everything but memory, which nobody can share.
  package func copies(of mounts: [MountSpec], owner id: String) -> [MountSpec] {
    mounts.compactMap { mount in
      var copy = mount
      copy.isReadOnly = mount.isReadOnly || isReadOnly
      copy.origin = .container(id: id)
      switch mount.kind {
      case .tmpfs: return nil
      case .bind: break
      case .volume(var volume):
        // It has been filled, or was not to be.
        volume.copiesFromImage = false
        copy.kind = .volume(volume)
      }
      return copy
    }
  }
}

extension ContainerSpec {
  /// Adds the mounts of another container, wherever nothing of this container's own is mounted. Of several, the later
  /// wins.
  package mutating func addMounts(_ copies: [MountSpec]) {
    let destinations = Set(copies.map { ContainerPath.clean($0.destination) })
    mounts.removeAll { mount in
      if case .container = mount.origin { destinations.contains(ContainerPath.clean(mount.destination)) } else { false }
    }
    let own = Set(mounts.map { ContainerPath.clean($0.destination) })
    mounts += copies.filter { !own.contains(ContainerPath.clean($0.destination)) }
  }
}

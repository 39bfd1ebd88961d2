import Glibc
import Linux
import OCI

/// One mount of the spec, with everything that must be fetched from the host's namespaces already in hand.
struct PreparedMount {
  /// What is mounted.
  enum Source {
    /// A clone of a tree of the host. `isDirectory` decides what a missing target becomes.
    case tree(Descriptor, isDirectory: Bool)
    /// A new file system, made inside the container's namespaces: proc, sysfs and mqueue show those of their maker.
    /// `name` is what the mount table shows as its source.
    case fileSystem(String, name: String)
    /// The container's own cgroups.
    case cgroup
    /// A file system that the parent made, because it needs something inside it: the terminal's devpts.
    case detached(Descriptor)
  }

  let source: Source
  let destination: String
  let options: MountOptions
}

extension PreparedMount {
  /// Whether the container's `/dev` is one of the host's.
  var isBoundDeviceDirectory: Bool {
    if case .tree = source { ContainerRootDirectory.clean(destination) == ["dev"] } else { false }
  }

  /// Prepares `mounts` in the host's namespaces.
  ///
  /// - Parameter sources: detached trees that are mounted in place of what the mounts to these destinations name.
  /// - Parameter terminalMount: the devpts instance that holds the container's terminal; it becomes `/dev/pts`.
  static func prepare(
    _ mounts: [RuntimeSpec.Mount], bundle: String, sources: [String: Descriptor], terminalMount: Descriptor?
  ) throws(RuntimeError) -> [PreparedMount] {
    var prepared: [PreparedMount] = []
    for mount in mounts {
      prepared.append(
        try prepare(mount, bundle: bundle, given: sources[mount.destination], terminalMount: terminalMount))
    }
    return prepared
  }

  private static func prepare(
    _ mount: RuntimeSpec.Mount, bundle: String, given: Descriptor?, terminalMount: Descriptor?
  ) throws(RuntimeError) -> PreparedMount {
    let options = try MountOptions(mount.options, destination: mount.destination)
    guard mount.uidMappings.isEmpty, mount.gidMappings.isEmpty else {
      throw RuntimeError(.unsupported, "mount \"\(mount.destination)\": id mappings are not supported yet")
    }
    let source: Source
    if options.isBind || mount.type == "bind" {
      source = try bindSource(mount, options, bundle: bundle, given: given)
    } else if mount.type == "cgroup" || mount.type == "cgroup2" {
      source = .cgroup
    } else if mount.type == "devpts", let terminalMount {
      source = .detached(terminalMount)
    } else {
      source = .fileSystem(mount.type, name: mount.source)
    }
    return PreparedMount(source: source, destination: mount.destination, options: options)
  }

  private static func bindSource(
    _ mount: RuntimeSpec.Mount, _ options: MountOptions, bundle: String, given: Descriptor?
  ) throws(RuntimeError) -> Source {
    let path = mount.source.hasPrefix("/") ? mount.source : "\(bundle)/\(mount.source)"
    do {
      // Docker says rbind itself; the specification's plain "bind" type with no option means one mount.
      let tree = if let given { given } else { try cloneMount(path, isRecursive: options.isBindRecursive) }
      let isDirectory = try tree.status().isDirectory
      return .tree(tree, isDirectory: isDirectory)
    } catch  where error.errno == .noSuchFile {
      throw RuntimeError(.invalid, "bind source path does not exist: \(path)")
    } catch {
      throw RuntimeError(.system, "cannot bind \"\(path)\" to \"\(mount.destination)\": \(error)")
    }
  }
}

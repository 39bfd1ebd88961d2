import DockerWire
import LaunchPlan

extension MountSpec {
  /// `-v`'s text, for the mounts that came by it.
  var bindText: String? {
    guard case .volumeFlag(let mode) = origin else { return nil }
    let suffix = mode.isEmpty ? "" : ":\(mode)"
    return switch kind {
    case .bind(let bind): "\(bind.source):\(destination)\(suffix)"
    case .volume(let volume): volume.isAnonymous ? destination : "\(volume.name):\(destination)\(suffix)"
    case .tmpfs: nil
    }
  }
}

extension VolumesFrom {
  /// The request's text.
  var wireText: String { mode.isEmpty ? container : "\(container):\(mode)" }
}

extension MountRequest {
  /// `--mount`'s words, for the mounts that came by it.
  init?(_ mount: MountSpec) {
    guard mount.origin == .mountFlag else { return nil }
    self.init()
    target = mount.destination
    readOnly = mount.isReadOnly
    switch mount.kind {
    case .bind(let bind):
      (type, source) = ("bind", bind.source)
      var options = MountBindOptions()
      options.propagation = bind.propagation?.rawValue ?? ""
      options.nonRecursive = bind.isNonRecursive
      options.createMountpoint = bind.createsSource
      options.readOnlyNonRecursive = bind.readOnlyReach == .topOnly
      options.readOnlyForceRecursive = bind.readOnlyReach == .all
      if options != MountBindOptions() { bindOptions = options }
    case .volume(let volume):
      type = "volume"
      source = volume.isAnonymous ? "" : volume.name
      var options = MountVolumeOptions()
      options.noCopy = !volume.copiesFromImage
      options.labels = volume.labels
      options.subpath = volume.subpath
      options.driverConfig = MountVolumeDriver()
      options.driverConfig?.options = volume.options
      if !volume.copiesFromImage || !volume.labels.isEmpty || !volume.subpath.isEmpty || !volume.options.isEmpty {
        volumeOptions = options
      }
    case .tmpfs(let tmpfs):
      type = "tmpfs"
      var options = MountTmpfsOptions()
      options.sizeBytes = Int(tmpfs.sizeBytes)
      options.mode = tmpfs.mode
      options.options = tmpfs.options.map { [$0] }
      if tmpfs.sizeBytes != 0 || tmpfs.mode != 0 || !tmpfs.options.isEmpty { tmpfsOptions = options }
    }
  }
}

extension MountPoint {
  /// What is mounted; of `--tmpfs`, as with Docker, nothing is told.
  ///
  /// - Parameter volumePath: the host's path of a volume, by its name.
  init?(_ mount: MountSpec, volumePath: (String) -> String) {
    guard mount.origin != .tmpfsFlag else { return nil }
    self.init()
    destination = mount.destination
    isWritable = !mount.isReadOnly
    if case .volumeFlag(let text) = mount.origin { mode = text }
    switch mount.kind {
    case .bind(let bind):
      (type, source) = ("bind", bind.source)
      propagation = (bind.propagation ?? .recursivePrivate).rawValue
    case .volume(let volume):
      (type, name, driver) = ("volume", volume.name, "local")
      source = volumePath(volume.name)
      // How Docker's parser leaves the mode of a volume that was asked for by name or by `--mount`.
      let isAskedFor = mount.origin == .mountFlag || (mount.origin == .volumeFlag(mode: "") && !volume.isAnonymous)
      if isAskedFor { mode = "z" }
    case .tmpfs: type = "tmpfs"
    }
  }
}

/// A mount that a container asks for.
package struct MountRequest: WireStruct {
  package var type = ""
  package var source = ""
  package var target = ""
  package var readOnly = false
  package var consistency = ""
  package var bindOptions: MountBindOptions?
  package var volumeOptions: MountVolumeOptions?
  package var imageOptions: MountImageOptions?
  package var tmpfsOptions: MountTmpfsOptions?
  package var clusterOptions: JSONValue = .null

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountRequest>] = [
    WireField("Type", \.type, .omitEmpty),
    WireField("Source", \.source, .omitEmpty),
    WireField("Target", \.target, .omitEmpty),
    WireField("ReadOnly", \.readOnly, .omitEmpty),
    WireField("Consistency", \.consistency, .omitEmpty),
    WireField("BindOptions", \.bindOptions, .omitEmpty),
    WireField("VolumeOptions", \.volumeOptions, .omitEmpty),
    WireField("ImageOptions", \.imageOptions, .omitEmpty),
    WireField("TmpfsOptions", \.tmpfsOptions, .omitEmpty),
    WireField("ClusterOptions", \.clusterOptions, .omitEmpty),
  ]
}

/// How a directory of the host is mounted.
package struct MountBindOptions: WireStruct {
  package var propagation = ""
  package var nonRecursive = false
  package var createMountpoint = false
  package var readOnlyNonRecursive = false
  package var readOnlyForceRecursive = false

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountBindOptions>] = [
    WireField("Propagation", \.propagation, .omitEmpty),
    WireField("NonRecursive", \.nonRecursive, .omitEmpty),
    WireField("CreateMountpoint", \.createMountpoint, .omitEmpty),
    WireField("ReadOnlyNonRecursive", \.readOnlyNonRecursive, .omitEmpty),
    WireField("ReadOnlyForceRecursive", \.readOnlyForceRecursive, .omitEmpty),
  ]
}

/// How a volume is made and mounted.
package struct MountVolumeOptions: WireStruct {
  package var noCopy = false
  package var labels: [String: String]?
  package var subpath = ""
  package var driverConfig: MountVolumeDriver?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountVolumeOptions>] = [
    WireField("NoCopy", \.noCopy, .omitEmpty),
    WireField("Labels", \.labels, .omitEmpty),
    WireField("Subpath", \.subpath, .omitEmpty),
    WireField("DriverConfig", \.driverConfig, .omitEmpty),
  ]
}

/// The driver of a volume that a mount makes.
package struct MountVolumeDriver: WireStruct {
  package var name = ""
  package var options: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountVolumeDriver>] = [
    WireField("Name", \.name, .omitEmpty),
    WireField("Options", \.options, .omitEmpty),
  ]
}

/// What of an image is mounted.
package struct MountImageOptions: WireStruct {
  package var subpath = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountImageOptions>] = [
    WireField("Subpath", \.subpath, .omitEmpty)
  ]
}

/// A file system in memory.
package struct MountTmpfsOptions: WireStruct {
  package var sizeBytes = 0
  package var mode: UInt32 = 0
  package var options: [[String]]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountTmpfsOptions>] = [
    WireField("SizeBytes", \.sizeBytes, .omitEmpty),
    WireField("Mode", \.mode, .omitEmpty),
    WireField("Options", \.options, .omitEmpty),
  ]
}

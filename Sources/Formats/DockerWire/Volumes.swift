/// A volume as every answer shows it.
package struct Volume: WireStruct {
  package var clusterVolume: JSONValue = .null
  package var createdAt = ""
  package var driver = ""
  package var labels: [String: String]?
  package var mountpoint = ""
  package var name = ""
  package var options: [String: String]?
  package var scope = ""
  package var status: [String: JSONValue]?
  package var usageData: VolumeUsage?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Volume>] = [
    WireField("ClusterVolume", \.clusterVolume, .omitEmpty),
    WireField("CreatedAt", \.createdAt, .omitEmpty),
    WireField("Driver", \.driver),
    WireField("Labels", \.labels),
    WireField("Mountpoint", \.mountpoint),
    WireField("Name", \.name),
    WireField("Options", \.options),
    WireField("Scope", \.scope),
    WireField("Status", \.status, .omitEmpty),
    WireField("UsageData", \.usageData, .omitEmpty),
  ]
}

/// What `docker system df` shows of a volume; -1 where it is not known.
package struct VolumeUsage: WireStruct {
  package var refCount = 0
  package var size = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<VolumeUsage>] = [
    WireField("RefCount", \.refCount),
    WireField("Size", \.size),
  ]
}

/// The answer to `GET /volumes`.
package struct VolumesList: WireStruct {
  package var volumes: [Volume]?
  package var warnings: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<VolumesList>] = [
    WireField("Volumes", \.volumes),
    WireField("Warnings", \.warnings),
  ]
}

/// The body of `POST /volumes/create`.
package struct VolumeCreateRequest: WireStruct {
  package var clusterVolumeSpec: JSONValue = .null
  package var driver = ""
  package var driverOpts: [String: String]?
  package var labels: [String: String]?
  package var name = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<VolumeCreateRequest>] = [
    WireField("ClusterVolumeSpec", \.clusterVolumeSpec, .omitEmpty),
    WireField("Driver", \.driver, .omitEmpty),
    WireField("DriverOpts", \.driverOpts, .omitEmpty),
    WireField("Labels", \.labels, .omitEmpty),
    WireField("Name", \.name, .omitEmpty),
  ]
}

/// The answer to `POST /volumes/prune`.
package struct VolumesPruneReport: WireStruct {
  package var volumesDeleted: [String]?
  package var spaceReclaimed: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<VolumesPruneReport>] = [
    WireField("VolumesDeleted", \.volumesDeleted),
    WireField("SpaceReclaimed", \.spaceReclaimed),
  ]
}

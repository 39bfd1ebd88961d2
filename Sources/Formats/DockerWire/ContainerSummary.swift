/// One line of `GET /containers/json`.
package struct ContainerSummary: WireStruct {
  package var id = ""
  package var names: [String]?
  package var image = ""
  package var imageID = ""
  package var imageManifestDescriptor: JSONValue = .null
  package var command = ""
  package var created = 0
  package var ports: [PortSummary]?
  package var sizeRw = 0
  package var sizeRootFs = 0
  package var labels: [String: String]?
  package var state = ""
  package var status = ""
  package var hostConfig = ContainerSummaryHostConfig()
  package var networkSettings: ContainerSummaryNetworks?
  package var mounts: [MountPoint]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerSummary>] = [
    WireField("Id", \.id),
    WireField("Names", \.names),
    WireField("Image", \.image),
    WireField("ImageID", \.imageID),
    WireField("ImageManifestDescriptor", \.imageManifestDescriptor, .omitEmpty),
    WireField("Command", \.command),
    WireField("Created", \.created),
    WireField("Ports", \.ports),
    WireField("SizeRw", \.sizeRw, .omitEmpty),
    WireField("SizeRootFs", \.sizeRootFs, .omitEmpty),
    WireField("Labels", \.labels),
    WireField("State", \.state),
    WireField("Status", \.status),
    WireField("HostConfig", \.hostConfig),
    WireField("NetworkSettings", \.networkSettings),
    WireField("Mounts", \.mounts),
  ]
}

/// What a list shows of a container's `HostConfig`.
package struct ContainerSummaryHostConfig: WireStruct {
  package var networkMode = ""
  package var annotations: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerSummaryHostConfig>] = [
    WireField("NetworkMode", \.networkMode, .omitEmpty),
    WireField("Annotations", \.annotations, .omitEmpty),
  ]
}

/// What a list shows of a container's networks.
package struct ContainerSummaryNetworks: WireStruct {
  package var networks: [String: EndpointSettings]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerSummaryNetworks>] = [
    WireField("Networks", \.networks)
  ]
}

/// A port of a container, and where it is reached.
package struct PortSummary: WireStruct {
  package var ip = ""
  package var privatePort: UInt16 = 0
  package var publicPort: UInt16 = 0
  package var type = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<PortSummary>] = [
    WireField("IP", \.ip, .omitEmpty),
    WireField("PrivatePort", \.privatePort),
    WireField("PublicPort", \.publicPort, .omitEmpty),
    WireField("Type", \.type),
  ]
}

/// A mount that a container has.
package struct MountPoint: WireStruct {
  package var type = ""
  package var name = ""
  package var source = ""
  package var destination = ""
  package var driver = ""
  package var mode = ""
  package var isWritable = false
  package var propagation = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MountPoint>] = [
    WireField("Type", \.type, .omitEmpty),
    WireField("Name", \.name, .omitEmpty),
    WireField("Source", \.source),
    WireField("Destination", \.destination),
    WireField("Driver", \.driver, .omitEmpty),
    WireField("Mode", \.mode),
    WireField("RW", \.isWritable),
    WireField("Propagation", \.propagation),
  ]
}

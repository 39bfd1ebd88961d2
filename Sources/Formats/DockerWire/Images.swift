/// One line of `GET /images/json`.
package struct ImageSummary: WireStruct {
  package var containers = 0
  package var created = 0
  package var id = ""
  package var labels: [String: String]?
  package var parentId = ""
  package var repoDigests: [String]?
  package var repoTags: [String]?
  package var sharedSize = 0
  package var size = 0
  /// What `size` was called until API 1.43.
  package var virtualSize = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageSummary>] = [
    WireField("Containers", \.containers),
    WireField("Created", \.created),
    WireField("Id", \.id),
    WireField("Labels", \.labels),
    WireField("ParentId", \.parentId),
    WireField("RepoDigests", \.repoDigests),
    WireField("RepoTags", \.repoTags),
    WireField("SharedSize", \.sharedSize),
    WireField("Size", \.size),
    WireField("VirtualSize", \.virtualSize, .omitEmpty),
  ]
}

/// The answer to `GET /images/{name}/json`.
package struct ImageInspect: WireStruct {
  package var id = ""
  package var repoTags: [String]?
  package var repoDigests: [String]?
  package var parent = ""
  package var comment = ""
  package var created = ""
  package var dockerVersion = ""
  package var author = ""
  package var architecture = ""
  package var variant = ""
  package var os = ""
  package var osVersion = ""
  package var size = 0
  /// What `size` was called until API 1.43.
  package var virtualSize = 0
  package var graphDriver: StorageInfo?
  package var rootFS = RootFS()
  package var metadata = ImageMetadata()
  package var config: ImageConfig?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageInspect>] = [
    WireField("Id", \.id),
    WireField("RepoTags", \.repoTags),
    WireField("RepoDigests", \.repoDigests),
    WireField("Parent", \.parent),
    WireField("Comment", \.comment),
    WireField("Created", \.created, .omitEmpty),
    WireField("DockerVersion", \.dockerVersion),
    WireField("Author", \.author),
    WireField("Architecture", \.architecture),
    WireField("Variant", \.variant, .omitEmpty),
    WireField("Os", \.os),
    WireField("OsVersion", \.osVersion, .omitEmpty),
    WireField("Size", \.size),
    WireField("VirtualSize", \.virtualSize, .omitEmpty),
    WireField("GraphDriver", \.graphDriver),
    WireField("RootFS", \.rootFS),
    WireField("Metadata", \.metadata),
    WireField("Config", \.config),
  ]
}

/// What an image says about the containers made from it. The engine writes it in alphabetical order.
package struct ImageConfig: WireStruct {
  package var argsEscaped = false
  package var cmd: CommandWords?
  package var entrypoint: CommandWords?
  package var env: [String]?
  package var exposedPorts: WireSet?
  package var healthcheck: Alphabetical<HealthConfig>?
  package var labels: [String: String]?
  package var onBuild: [String]?
  package var shell: CommandWords?
  package var stopSignal = ""
  package var user = ""
  package var volumes: WireSet?
  package var workingDir = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageConfig>] = [
    WireField("ArgsEscaped", \.argsEscaped, .omitEmpty),
    WireField("Cmd", \.cmd),
    WireField("Entrypoint", \.entrypoint),
    WireField("Env", \.env),
    WireField("ExposedPorts", \.exposedPorts, .omitEmpty),
    WireField("Healthcheck", \.healthcheck, .omitEmpty),
    WireField("Labels", \.labels),
    WireField("OnBuild", \.onBuild),
    WireField("Shell", \.shell, .omitEmpty),
    WireField("StopSignal", \.stopSignal, .omitEmpty),
    WireField("User", \.user),
    WireField("Volumes", \.volumes),
    WireField("WorkingDir", \.workingDir),
  ]
}

/// The driver that keeps a file system, and where.
package struct StorageInfo: WireStruct {
  package var data: [String: String]?
  package var name = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<StorageInfo>] = [
    WireField("Data", \.data),
    WireField("Name", \.name),
  ]
}

/// The layers of an image, by the digests of their uncompressed contents.
package struct RootFS: WireStruct {
  package var type = ""
  package var layers: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<RootFS>] = [
    WireField("Type", \.type),
    WireField("Layers", \.layers, .omitEmpty),
  ]
}

/// What an engine knows of an image and the image does not.
package struct ImageMetadata: WireStruct {
  package var lastTagTime = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageMetadata>] = [
    WireField("LastTagTime", \.lastTagTime)
  ]
}

/// One element of `GET /images/{name}/history`, newest first.
package struct ImageHistoryItem: WireStruct {
  package var comment = ""
  package var created = 0
  package var createdBy = ""
  package var id = ""
  package var size = 0
  package var tags: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageHistoryItem>] = [
    WireField("Comment", \.comment),
    WireField("Created", \.created),
    WireField("CreatedBy", \.createdBy),
    WireField("Id", \.id),
    WireField("Size", \.size),
    WireField("Tags", \.tags),
  ]
}

/// One element of the answer to `DELETE /images/{name}`: a name that is gone, or an image.
package struct ImageDeleteItem: WireStruct {
  package var untagged = ""
  package var deleted = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImageDeleteItem>] = [
    WireField("Untagged", \.untagged, .omitEmpty),
    WireField("Deleted", \.deleted, .omitEmpty),
  ]
}

/// The answer to `POST /images/prune`.
package struct ImagesPruneReport: WireStruct {
  package var imagesDeleted: [ImageDeleteItem]?
  package var spaceReclaimed: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ImagesPruneReport>] = [
    WireField("ImagesDeleted", \.imagesDeleted),
    WireField("SpaceReclaimed", \.spaceReclaimed),
  ]
}

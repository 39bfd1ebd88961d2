/// The answer to `GET /containers/{id}/top`.
package struct ContainerTop: WireStruct {
  package var processes: [[String]]?
  package var titles: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerTop>] = [
    WireField("Processes", \.processes),
    WireField("Titles", \.titles),
  ]
}

/// The answer to `POST /containers/{id}/wait`.
package struct ContainerWait: WireStruct {
  package var error: ContainerWaitError?
  package var statusCode = 0
  /// Ours: whether the kernel killed a process of it for want of memory. With `--rm` there is nobody to ask later.
  package var oomKilled = false

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerWait>] = [
    WireField("Error", \.error, .omitEmpty),
    WireField("OOMKilled", \.oomKilled, .omitEmpty),
    WireField("StatusCode", \.statusCode),
  ]
}

/// Why the end of a container could not be awaited.
package struct ContainerWaitError: WireStruct {
  package var message = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerWaitError>] = [
    WireField("Message", \.message, .omitEmpty)
  ]
}

/// One element of `GET /containers/{id}/changes`: 0 modified, 1 added, 2 deleted.
package struct ContainerChange: WireStruct {
  package var path = ""
  package var kind = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerChange>] = [
    WireField("Path", \.path),
    WireField("Kind", \.kind),
  ]
}

/// The body of `POST /containers/{id}/update`.
package struct ContainerUpdateRequest: WireStruct {
  package var resources = Resources()
  package var restartPolicy = RestartPolicy()

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerUpdateRequest>] =
    WireField.embedded(\.resources) + [
      WireField("RestartPolicy", \.restartPolicy)
    ]
}

/// The answer to `POST /containers/{id}/update`.
package struct ContainerUpdateResponse: WireStruct {
  package var warnings: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerUpdateResponse>] = [
    WireField("Warnings", \.warnings)
  ]
}

/// The answer to `POST /containers/prune`.
package struct ContainersPruneReport: WireStruct {
  package var containersDeleted: [String]?
  package var spaceReclaimed: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainersPruneReport>] = [
    WireField("ContainersDeleted", \.containersDeleted),
    WireField("SpaceReclaimed", \.spaceReclaimed),
  ]
}

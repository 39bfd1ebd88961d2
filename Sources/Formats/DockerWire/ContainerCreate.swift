/// The body of `POST /containers/create`.
package struct ContainerCreateRequest: WireStruct {
  package var config = ContainerConfig()
  package var hostConfig: HostConfig?
  package var networkingConfig: NetworkingConfig?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerCreateRequest>] =
    WireField.embedded(\.config) + [
      WireField("HostConfig", \.hostConfig),
      WireField("NetworkingConfig", \.networkingConfig, .omitEmpty),
    ]
}

/// The answer to `POST /containers/create`.
package struct ContainerCreateResponse: WireStruct {
  package var id = ""
  package var warnings: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerCreateResponse>] = [
    WireField("Id", \.id),
    WireField("Warnings", \.warnings),
  ]
}

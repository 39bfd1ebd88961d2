/// What an image contains and how it runs: image-spec, config.md, with Docker's additions.
package struct ImageConfig: Codable, Equatable, Sendable {
  package var architecture: String
  package var os: String
  @OmitEmpty package var variant: String
  @OmitEmpty package var osVersion: String
  @OmitEmpty package var osFeatures: [String]
  /// RFC 3339, with nanoseconds as Go writes them.
  @OmitEmpty package var created: String
  @OmitEmpty package var author: String
  /// Docker's; newer images keep comments in their history.
  @OmitEmpty package var comment: String
  @OmitEmpty package var dockerVersion: String
  package var config: Execution?
  package var rootfs: RootFS
  /// From the base up; entries without layer count as well.
  @OmitEmpty package var history: [History]

  private enum CodingKeys: String, CodingKey {
    case architecture, os, variant, created, author, comment, config, rootfs, history
    case osVersion = "os.version"
    case osFeatures = "os.features"
    case dockerVersion = "docker_version"
  }

  /// Creates it from its members; what is left out stays out of the JSON.
  package init(
    architecture: String = "", os: String = "", variant: String = "", osVersion: String = "",
    osFeatures: [String] = [], created: String = "", author: String = "", comment: String = "",
    dockerVersion: String = "", config: Execution? = nil, rootfs: RootFS, history: [History] = []
  ) {
    self.architecture = architecture
    self.os = os
    self.variant = variant
    self.osVersion = osVersion
    self.osFeatures = osFeatures
    self.created = created
    self.author = author
    self.comment = comment
    self.dockerVersion = dockerVersion
    self.config = config
    self.rootfs = rootfs
    self.history = history
  }
}

extension ImageConfig {
  /// The layers as uncompressed tars.
  package struct RootFS: Codable, Equatable, Sendable {
    package var type: String
    /// From the base up.
    @NullIsEmpty package var diffIDs: [Digest]

    private enum CodingKeys: String, CodingKey {
      case type
      case diffIDs = "diff_ids"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(type: String = "layers", diffIDs: [Digest]) {
      self.type = type
      self.diffIDs = diffIDs
    }
  }

  /// How one step of the image came to be.
  package struct History: Codable, Equatable, Sendable {
    @OmitEmpty package var created: String
    @OmitEmpty package var createdBy: String
    @OmitEmpty package var author: String
    @OmitEmpty package var comment: String
    /// Whether the step made no layer.
    @OmitEmpty package var emptyLayer: Bool

    private enum CodingKeys: String, CodingKey {
      case created, author, comment
      case createdBy = "created_by"
      case emptyLayer = "empty_layer"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      created: String = "", createdBy: String = "", author: String = "", comment: String = "",
      emptyLayer: Bool = false
    ) {
      self.created = created
      self.createdBy = createdBy
      self.author = author
      self.comment = comment
      self.emptyLayer = emptyLayer
    }
  }

  /// The platform that the image was made for.
  package var platform: Platform {
    Platform(os: os, architecture: architecture, variant: variant, osVersion: osVersion, osFeatures: osFeatures)
  }
}

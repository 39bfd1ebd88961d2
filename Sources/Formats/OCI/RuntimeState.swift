/// A container's state, as `state` prints it and hooks read it: the OCI runtime-spec's runtime.md "State".
package struct RuntimeState: Codable, Equatable, Sendable {
  package var ociVersion: String
  package var id: String
  package var status: Status
  /// The init process as the host sees it; absent once it has stopped.
  package var pid: Int32?
  /// The absolute path of the bundle.
  package var bundle: String
  @OmitEmpty package var annotations: [String: String]

  /// Where a container is in its life.
  package enum Status: String, ClosedSet {
    case creating, created, running, stopped
    /// Beside the specification, as runc and crun say it of a frozen cgroup.
    case paused

    package static let meaning = "container status"
  }

  /// Creates it from its members.
  package init(
    ociVersion: String = RuntimeSpec.version, id: String, status: Status, pid: Int32? = nil, bundle: String,
    annotations: [String: String] = [:]
  ) {
    self.ociVersion = ociVersion
    self.id = id
    self.status = status
    self.pid = pid
    self.bundle = bundle
    self.annotations = annotations
  }
}

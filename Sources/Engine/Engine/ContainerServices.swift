import Cgroups
package import Database
package import Images
package import LaunchPlan
package import Seccomp
package import Snapshots
package import Tasks
package import Volumes

/// What containers stand on: the stores, the launcher of monitors, and what is known of the host.
///
/// A value of references; every container has a copy.
package struct ContainerServices: Sendable {
  package let database: StateDatabase
  package let images: ImageStore
  package let snapshots: any Snapshotter
  package let volumes: VolumeStore
  package let tasks: Tasks
  package let seccomp: SeccompCache
  package let host: HostFacts
  /// `containers` in the data root: a directory for each container, with its log and its files for `/etc`.
  package let folder: ContainerFolder
  /// The cgroup below which each container has its own: `/skiff`, or `/skiff-<instance>`.
  package let cgroupParent: String
  package let executor: BlockingExecutor
  /// Who follows the containers' logs.
  package let followers = LogFollowers()
  /// Tells what happened to whoever listens.
  package let publish: @Sendable (ContainerNews) -> Void

  /// Creates it from its members.
  package init(
    database: StateDatabase, images: ImageStore, snapshots: any Snapshotter, volumes: VolumeStore, tasks: Tasks,
    seccomp: SeccompCache, host: HostFacts, folder: ContainerFolder, cgroupParent: String, executor: BlockingExecutor,
    publish: @escaping @Sendable (ContainerNews) -> Void
  ) {
    self.database = database
    self.images = images
    self.snapshots = snapshots
    self.volumes = volumes
    self.tasks = tasks
    self.seccomp = seccomp
    self.host = host
    self.folder = folder
    self.cgroupParent = cgroupParent
    self.executor = executor
    self.publish = publish
  }
}

/// Something that happened to a container, with what `events` tells of it.
package struct ContainerNews: Sendable {
  package let event: ContainerEvent
  package let spec: ContainerSpec
  package let time: Timestamp
  /// How long the process ran that has ended.
  package var life = Duration.zero
}

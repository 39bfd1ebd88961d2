import ContentStore
package import Database
package import Images
import LaunchPlan
import Seccomp
package import Snapshots
package import Tasks
package import Volumes

/// The engine: everything below it, put together over one data root and one exec root.
///
/// ```
/// data root                              exec root
///   daemon.lock  instance  skiff.db        daemon.lock  boot-id
///   content/ snapshots/ volumes/           tasks/<12 hex>/<launch>/
/// ```
///
/// It is what the API's handlers, and nobody else, talk to. Its methods may be called from any task; what blocks runs on
/// `executor`, and what waits for a client besides that on `streams`.
package final class Engine: Sendable {
  package let configuration: EngineConfiguration
  package let database: StateDatabase
  package let snapshots: SnapshotStore
  package let images: ImageStore
  package let volumes: VolumeStore
  package let tasks: Tasks
  package let containers: Containers
  package let events: EventBus
  /// For work whose end only the disk decides.
  package let executor: BlockingExecutor
  /// For work that moves at a client's pace, so that slow clients are in nobody's way but their own.
  package let streams: BlockingExecutor
  private let roots: Roots

  /// Which engine of the machine this is.
  package var instance: Instance { roots.instance }
  /// Whether tasks of an earlier engine may still run.
  package var isSameBoot: Bool { roots.isSameBoot }

  /// The version of all of Skiff.
  package static let version = "0.1.0"

  /// More do not make a disk faster, and SQLite has one writer.
  private static let threadsMax = 8
  /// Archives that are received or sent at once; more wait for their turn.
  private static let streamsMax = 32

  /// Opens the engine over the roots of `configuration`, which are made if they are not there, and finishes or sweeps
  /// what an earlier one left unfinished. It blocks, and is called once in the life of a process and root.
  ///
  /// - Throws: `conflict` when another daemon has one of the roots; `internalError` for what only people can decide.
  package init(_ configuration: EngineConfiguration) throws(EngineError) {
    self.configuration = configuration
    do {
      // The locks first: nothing of another daemon's is touched.
      roots = try Roots(configuration)
      database = try StateDatabase.open(dataRoot: configuration.dataRoot)
      let content = try ContentStore(dataRoot: configuration.dataRoot, database: database)
      snapshots = try SnapshotStore(dataRoot: configuration.dataRoot, database: database)
      images = ImageStore(database: database, content: content, snapshots: snapshots)
      volumes = try VolumeStore(dataRoot: configuration.dataRoot, database: database)
      try images.collectGarbage()
      tasks = try Tasks(program: try MonitorProgram(path: configuration.monitorPath), directory: roots.tasks)
      let bus = EventBus()
      events = bus
      executor = BlockingExecutor(threadsMax: Self.threadsMax)
      streams = BlockingExecutor(threadsMax: Self.streamsMax)
      containers = try Containers(
        ContainerServices(
          database: database, images: images, snapshots: snapshots, volumes: volumes, tasks: tasks,
          seccomp: SeccompCache(directory: roots.seccomp), host: try HostFacts.detect(),
          folder: try ContainerFolder(path: "\(configuration.dataRoot)/containers"),
          cgroupParent: "/\(roots.instance.name)", executor: executor, publish: { bus.publish(Event($0)) }))
    } catch { throw EngineError(error) }
  }
}

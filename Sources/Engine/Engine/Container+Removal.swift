import Database
import LaunchPlan
import Linux
import Snapshots
import Volumes

extension Container {
  /// What is gone with the container: its row, its anonymous volumes, and then its files.
  ///
  /// Nobody waits for the files (architecture, rule 10): deleting them takes longer than all else, and its id is never
  /// given again. Rows before deletes: what the daemon's death leaves of them is swept by the next start.
  func removeEverything() async throws {
    let (spec, services) = (row.spec, services)
    var volumes: [String] = []
    if removesVolumes || spec.lifecycle.isRemovedAtEnd {
      // One that another container still uses stays.
      for volume in spec.volumes where volume.isAnonymous {
        if !neighbours.usesVolume(volume.name) { volumes.append(volume.name) }
      }
    }
    let remains = try await services.executor.run { [volumes] in try services.unstore(spec.id, volumes: volumes) }
    neighbours.removed(id)
    tell(.destroy)
    wake(
      ContainerEnd(
        exitCode: row.machine.finished?.exitCode ?? 0, error: nil, wasOutOfMemory: wasOutOfMemory)
    ) { _ in true }
    Task { try? await services.executor.run { try services.sweep(remains, of: spec.id) } }
  }

  /// Removes it.
  ///
  /// - Parameter withVolumes: its anonymous volumes too.
  package func remove(force: Bool, withVolumes: Bool) async throws {
    await recovered()
    if !force, case .running(let running) = row.machine.state, running.isPaused {
      throw EngineError(.conflict, "container is paused and must be unpaused first")
    }
    removesVolumes = withVolumes
    try await handle(.remove(force: force))
    // By force, it goes when its process has gone.
    if snapshot.isRunning || connection != nil { _ = try? await wait(.removed) }
  }
}

extension ContainerServices {
  /// Forgets a container with its snapshot and `volumes` in one transaction.
  func unstore(_ id: String, volumes names: [String]) throws -> SnapshotRemains {
    let remains = try volumes.remove(names) { transaction in
      try ContainerRow.delete(id, transaction)
      return try snapshots.remove(id, in: transaction)
    }
    try Failpoint("containers.remove.unrecorded").reach()
    return remains
  }

  /// Deletes the files of the container `id`, which is forgotten.
  func sweep(_ remains: SnapshotRemains, of id: String) throws {
    try snapshots.sweep(remains)
    try Failpoint("containers.remove.swept").reach()
    try folder.remove(id)
    try Failpoint("containers.remove.deleted").reach()
  }
}

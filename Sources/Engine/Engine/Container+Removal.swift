import Database
import LaunchPlan
import Snapshots
import Volumes

extension Container {
  /// What is gone with the container: its row, its anonymous volumes, and then its files.
  ///
  /// Nobody waits for the files (architecture, rule 10): deleting them takes longer than all else, and its id is never
  /// given again. Rows before deletes: what the daemon's death leaves of them is swept by the next start.
  func removeEverything() async throws {
    let (spec, services) = (row.spec, services)
    let withVolumes = removesVolumes || spec.lifecycle.isRemovedAtEnd
    let remains = try await services.executor.run {
      try services.database.definitions { transaction in
        try ContainerRow.delete(spec.id, transaction)
        return try services.snapshots.remove(spec.id, in: transaction)
      }
    }
    await removed(id)
    if withVolumes { await removeAnonymousVolumes() }
    tell(.destroy)
    wake(
      ContainerEnd(
        exitCode: row.machine.finished?.exitCode ?? 0, error: nil, wasOutOfMemory: wasOutOfMemory)
    ) { _ in true }
    Task { try? await services.executor.run { try services.sweep(remains, of: spec.id) } }
  }

  private func removeAnonymousVolumes() async {
    for mount in row.spec.mounts {
      guard case .volume(let volume) = mount.kind, volume.isAnonymous else { continue }
      let volumes = services.volumes
      // One that another container still uses stays; a failure leaves a volume that prune finds.
      guard !(await isVolumeUsed(volume.name)) else { continue }
      _ = try? await services.executor.run { try volumes.remove(volume.name) }
    }
  }

  /// Removes it.
  ///
  /// - Parameter withVolumes: its anonymous volumes too.
  package func remove(force: Bool, withVolumes: Bool) async throws {
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
  /// Deletes the files of the container `id`, which is forgotten.
  fileprivate func sweep(_ remains: SnapshotRemains, of id: String) throws {
    try snapshots.sweep(remains)
    try folder.remove(id)
  }
}

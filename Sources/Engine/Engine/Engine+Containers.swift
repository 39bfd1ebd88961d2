import LaunchPlan
import Linux
import Snapshots

// What is done with many containers at once.
extension Engine {
  /// What a container's files take.
  package struct ContainerSize: Equatable, Sendable {
    /// What it wrote itself.
    package let ownBytes: Int64
    /// That, and its image.
    package let rootBytes: Int64
  }

  /// Measures the containers `ids`. One that is gone is left out.
  package func containerSizes(_ ids: [String]) async throws(EngineError) -> [String: ContainerSize] {
    try await executor.run { [snapshots] in
      var layers: [String: Int64] = [:]
      var sizes: [String: ContainerSize] = [:]
      for id in ids {
        do {
          let own = try snapshots.usage(of: id).bytes
          var root = own
          var next = try snapshots.snapshot(id).parent
          while let key = next {
            let bytes = try layers[key] ?? snapshots.usage(of: key).bytes
            layers[key] = bytes
            root += bytes
            next = try snapshots.snapshot(key).parent
          }
          sizes[id] = ContainerSize(ownBytes: own, rootBytes: root)
        } catch SnapshotError.notFound { continue }
      }
      return sizes
    }
  }

  /// Removes every container that has no process, is not about to have one, and that `isWanted` says may go. Their
  /// volumes stay.
  ///
  /// - Returns: the ids of those that are gone, and the bytes that they had written.
  package func pruneContainers(
    _ isWanted: @Sendable (ContainerSnapshot) -> Bool
  ) async throws(EngineError) -> (ids: [String], bytes: Int64) {
    let found = containers.snapshots.filter { !$0.isRunning && isWanted($0) }.map(\.spec.id)
    let sizes = try await containerSizes(found)
    var ids: [String] = []
    var bytes: Int64 = 0
    for id in found {
      // One that was started or removed meanwhile is no failure of the others.
      do { try await containers.container(id).remove(force: false, withVolumes: false) } catch { continue }
      ids.append(id)
      bytes += sizes[id]?.ownBytes ?? 0
    }
    events.publish(Event(.container, "prune", id: "", attributes: ["reclaimed": "\(bytes)"]))
    return (ids, bytes)
  }
}

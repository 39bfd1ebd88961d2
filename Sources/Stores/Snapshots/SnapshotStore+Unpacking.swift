import Archive
package import Database
import Linux
import OCI

// From a layer's bytes to a committed snapshot.
extension SnapshotStore {
  /// Unpacks a layer, verifying its diffID: see `Snapshotter`.
  package func unpack(_ layer: LayerContent, onto parent: String?) throws(SnapshotError) -> UnpackedLayer {
    try inSnapshots {
      let key = Self.unpackPrefix + (try randomName(byteCount: 8))
      let row = try database.observations {
        try make(key, .active, parent: parent, mustBeCommitted: false, in: $0)
      }
      do {
        try Failpoint("snapshots.unpack.prepared").reach()
        let pipeline = LayerPipeline(layer)
        let unpacker = LayerUnpacker(into: try files(of: row.id), whiteouts: whiteouts, lowers: try lowers(of: row))
        let (summary, diffID) = try pipeline.run(unpacker)
        guard diffID == layer.diffID else {
          throw SnapshotError.diffIDMismatch(expected: layer.diffID, actual: diffID)
        }
        try Failpoint("snapshots.unpack.unpacked").reach()
        return UnpackedLayer(
          id: row.id, key: key, name: layer.chainID.description,
          usage: TreeUsage(bytes: summary.bytes, inodes: Int64(summary.entries)),
          attributesLost: summary.attributesLost)
      } catch {
        try? discard(id: row.id)
        throw error
      }
    }
  }

  /// Commits what was unpacked: see `Snapshotter`.
  package func commit(_ layers: [UnpackedLayer], in transaction: Transaction) throws(SnapshotError) -> SnapshotRemains {
    try inSnapshots {
      var remains = SnapshotRemains()
      for layer in layers {
        if let winner = try transaction.row("SELECT id FROM snapshots WHERE key = ?", layer.name) {
          // Equal chain IDs are equal files, so what was unpacked on top of ours stands as well on the other.
          try transaction.execute(
            "UPDATE snapshots SET parent = ? WHERE parent = ?", try winner.integer("id"), layer.id)
          try transaction.execute("DELETE FROM snapshots WHERE id = ?", layer.id)
          remains.add(SnapshotRemains(ids: [layer.id]))
        } else {
          try transaction.execute(
            "UPDATE snapshots SET key = ?, kind = 'committed', bytes = ?, inodes = ? WHERE id = ? AND kind = 'active'",
            layer.name, layer.usage.bytes, layer.usage.inodes, layer.id)
          guard transaction.changesCount == 1 else { throw SnapshotError.notFound(layer.key) }
        }
      }
      return remains
    }
  }

  /// Takes unpacked layers back: see `Snapshotter`.
  package func discard(_ layers: [UnpackedLayer]) throws(SnapshotError) {
    try inSnapshots { for layer in layers.reversed() { try discard(id: layer.id) } }
  }

  private func discard(id: Int64) throws {
    // The files first: on a full disk there is no room for the transaction before. A row without files is swept by the
    // next start.
    try removeTree("\(id)", at: .directory(folder))
    try database.observations { try $0.execute("DELETE FROM snapshots WHERE id = ? AND kind = 'active'", id) }
  }

  private var whiteouts: LayerUnpacker.Whiteouts {
    switch backend {
    case .overlay(let namespace): .overlay(namespace: namespace)
    case .copy: .delete
    }
  }

  /// The layers below, for the attributes of directories that a layer needs and does not mention. A copy has them.
  private func lowers(of row: SnapshotRow) throws -> [Descriptor] {
    guard case .overlay = backend else { return [] }
    return try database.read { try ancestors(of: row, in: $0) }.map { id in try files(of: id) }
  }
}

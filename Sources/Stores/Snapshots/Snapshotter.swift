package import Database
package import Linux
package import OCI

/// Keeps root file systems as layers on top of each other.
///
/// A *snapshot* has a key. It is *active*, writable by whoever prepared it, or *committed*, immutable and fit to be a
/// parent. The words and the life are containerd's:
///
/// ```
///             prepare(key, parent)              commit(key, as: name)
///   parent ──────────────────────► active key ─────────────────────► committed name
///                                      │ remove(key)                        │ collect(keeping:)
///                                      ▼                                    ▼
///                                    gone                                 gone
/// ```
///
/// Committed snapshots are named by the chain ID of their layers (OCI image-spec, config.md "Layer ChainID"), active ones
/// by what they are for, as a container's ID. To unpack an image of two layers and run it:
///
/// ```
/// let base = try snapshots.unpack(first, onto: nil)                 // active, not to be seen by others
/// let top = try snapshots.unpack(second, onto: base.key)
/// try snapshots.synchronize()                                       // files before rows
/// try database.definitions { try snapshots.commit([base, top], in: $0) }
/// let root = try database.definitions { try snapshots.prepare("c1", parent: top.name, in: $0) }
/// …                                                                 // root tells what to mount
/// let remains = try database.definitions { try snapshots.remove("c1", in: $0) }
/// try snapshots.sweep(remains)                                      // rows before deletes
/// ```
///
/// What is prepared within a transaction exists once that is committed; if it is not, the files are swept by the next
/// start or when the number is given again. Whoever removes a snapshot makes sure that it is not mounted. A snapshot with
/// children is never removed. All calls block and may come from any thread.
package protocol Snapshotter: Sendable {
  /// Makes the active snapshot `key` on top of the committed `parent`, or of nothing.
  ///
  /// - Throws: `exists`; `notFound` or `notCommitted` of the parent; `diskFull`.
  func prepare(
    _ key: String, parent: String?, in transaction: Transaction
  ) throws(SnapshotError) -> SnapshotRoot

  /// Makes `key` a read-only look at the committed `parent`. It is removed like an active one.
  ///
  /// - Throws: as `prepare`.
  func view(_ key: String, parent: String, in transaction: Transaction) throws(SnapshotError) -> SnapshotRoot

  /// What to mount for the active snapshot or the view `key`; of a committed one, a read-only look.
  ///
  /// - Throws: `notFound`.
  func root(of key: String) throws(SnapshotError) -> SnapshotRoot

  /// What is known of `key`.
  ///
  /// - Throws: `notFound`.
  func snapshot(_ key: String) throws(SnapshotError) -> Snapshot

  /// Whether there is a committed snapshot `name`.
  func isCommitted(_ name: String, in transaction: Transaction) throws(SnapshotError) -> Bool

  /// Commits the active snapshot `key` under `name`. Its files are brought to the disk before.
  ///
  /// After this `key` is gone and `name` is immutable. Committing a name that exists removes `key` and succeeds: two
  /// pulls of one layer may race.
  ///
  /// - Parameter name: the chain ID.
  /// - Throws: `notFound` if `key` is not active; `diskFull`, leaving `key` as it was.
  func commit(_ key: String, as name: String) throws(SnapshotError)

  /// Unpacks a layer into a new active snapshot, which `commit(_:in:)` makes a committed one.
  ///
  /// - Parameter parent: a committed snapshot, or the `key` of what was unpacked just before.
  /// - Throws: `diffIDMismatch`, `bomb`, `archive`, `codec`, `diskFull`; nothing is left of it then.
  func unpack(_ layer: LayerContent, onto parent: String?) throws(SnapshotError) -> UnpackedLayer

  /// Commits what was unpacked, the lowest first, once `synchronize` has brought it to the disk. A chain ID that
  /// somebody else committed meanwhile stays his.
  ///
  /// - Returns: what lost such a race, to be swept once the transaction is committed.
  func commit(_ layers: [UnpackedLayer], in transaction: Transaction) throws(SnapshotError) -> SnapshotRemains

  /// Takes an unpacked layer back that will not be committed.
  func discard(_ layers: [UnpackedLayer]) throws(SnapshotError)

  /// Brings all files of all snapshots to the disk.
  func synchronize() throws(SnapshotError)

  /// Forgets the active snapshot or view `key`.
  ///
  /// - Returns: its files, to be swept once the transaction is committed.
  /// - Throws: `notFound`, `hasChildren`.
  func remove(_ key: String, in transaction: Transaction) throws(SnapshotError) -> SnapshotRemains

  /// Forgets every committed snapshot that is neither kept nor below another snapshot.
  ///
  /// - Returns: their files, to be swept once the transaction is committed.
  func collect(keeping names: Set<String>, in transaction: Transaction) throws(SnapshotError) -> SnapshotRemains

  /// Deletes the files of what was forgotten. What fails is done by the next start.
  func sweep(_ remains: SnapshotRemains) throws(SnapshotError)

  /// What `key` itself takes, without its parents: measured for an active one, known for a committed one.
  func usage(of key: String) throws(SnapshotError) -> TreeUsage
}

/// What is known of a snapshot.
package struct Snapshot: Equatable, Sendable {
  package let key: String
  package let kind: Kind
  package let parent: String?
  /// Nanoseconds since 1970.
  package let created: Int64

  /// Where it stands in its life.
  package enum Kind: String, Sendable {
    case active, view, committed
  }
}

/// What to mount as a root file system. Paths are absolute.
package enum SnapshotRoot: Equatable, Sendable {
  /// One directory, bound.
  case directory(String, isReadOnly: Bool)
  /// An overlay: layers, the topmost first, below a writable one; without that, read-only.
  case overlay(lowers: [String], upper: Upper?)

  /// The writable layer, and overlayfs's scratch directory beside it.
  package struct Upper: Equatable, Sendable {
    package let path: String
    package let work: String
  }
}

/// The folders of snapshots that were forgotten.
package struct SnapshotRemains: Equatable, Sendable {
  var ids: [Int64] = []
  /// The chain IDs of those that were committed, the topmost first.
  package internal(set) var names: [String] = []
  /// How many snapshots were forgotten.
  package var count: Int { ids.count }
  /// What the database knew of their size.
  package internal(set) var bytes: Int64 = 0

  /// Nothing.
  package init() {}

  init(ids: [Int64], names: [String] = [], bytes: Int64 = 0) {
    self.ids = ids
    self.names = names
    self.bytes = bytes
  }

  /// Both together.
  package mutating func add(_ other: SnapshotRemains) {
    ids += other.ids
    names += other.names
    bytes += other.bytes
  }
}

/// A layer that was unpacked and is not committed.
package struct UnpackedLayer: Equatable, Sendable {
  let id: Int64
  /// For the layer that is unpacked on top of it.
  package let key: String
  /// The chain ID that it will have.
  package let name: String
  package let usage: TreeUsage
  /// Extended attributes that the file system did not take.
  package let attributesLost: Int
}

/// The bytes of a layer.
package struct LayerContent: Sendable {
  /// Open at the beginning of the tar, compressed or not.
  package let file: Descriptor
  package let diffID: Digest
  package let chainID: Digest
  /// Is told how many bytes of the file were used so far, from another thread.
  package let progress: @Sendable (Int64) -> Void

  /// Creates it from its members.
  package init(
    file: Descriptor, diffID: Digest, chainID: Digest, progress: @escaping @Sendable (Int64) -> Void = { _ in }
  ) {
    self.file = file
    self.diffID = diffID
    self.chainID = chainID
    self.progress = progress
  }
}

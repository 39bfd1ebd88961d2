package import ContentStore
import Database
import Linux
package import OCI
package import Snapshots

// Untagging and deleting, as Docker's rmi does it.
extension ImageStore {
  /// A container that was made from an image.
  package struct User: Equatable, Sendable {
    package let containerID: String
    package let isRunning: Bool

    /// Names a container.
    package init(containerID: String, isRunning: Bool) {
      self.containerID = containerID
      self.isRunning = isRunning
    }
  }

  /// What a removal did, in its order.
  package enum Removed: Equatable, Sendable {
    case untagged(Reference)
    /// An image or a layer, by its ID or chain ID.
    case deleted(String)
  }

  /// Removes the name `name`, and the image once it has no other; by its ID, an image with all names of one repository.
  ///
  /// - Parameters:
  ///   - isForced: also takes names of several repositories, and what stopped containers use.
  ///   - users: the containers made from an image. No other may be made from it meanwhile.
  /// - Returns: what was removed and, if the name could go but the image could not, why.
  /// - Throws: `noSuchImage`, `conflict`; nothing was removed then.
  package func remove(
    _ name: String, isForced: Bool = false, users: (Digest) -> [User]
  ) throws(ImageError) -> (removed: [Removed], conflict: ImageError?) {
    try inImages {
      var garbage = Garbage()
      let result = try database.definitions { transaction in
        var removal = Removal(store: self, transaction: transaction, isForced: isForced)
        let id = try resolve(name, in: transaction)
        let conflict = try removal.run(name, id, users(id))
        if removal.isImageGone { garbage = try collect(in: transaction) }
        removal.removed += garbage.snapshots.names.map { .deleted($0) }
        return (removal.removed, conflict)
      }
      try sweep(garbage)
      return result
    }
  }

  /// What was forgotten and is still on the disk.
  package struct Garbage: Sendable {
    package var content = ContentStore.Collected()
    package var snapshots = SnapshotRemains()
    /// What sweeping it gives back.
    package var bytes: Int64 { content.bytes + snapshots.bytes }
  }

  /// Forgets every blob and snapshot that no image and no lease refers to.
  func collect(in transaction: Transaction) throws -> Garbage {
    let items = try transaction.rows("SELECT DISTINCT kind, name FROM image_items")
    var blobs: Set<Digest> = []
    var chains = try content.leasedSnapshots(in: transaction)
    for item in items {
      if try item.text("kind") == "blob" {
        blobs.insert(try Self.digest(item, "name"))
      } else {
        chains.insert(try item.text("name"))
      }
    }
    return Garbage(
      content: try content.collect(keeping: blobs, in: transaction),
      snapshots: try snapshots.collect(keeping: chains, in: transaction))
  }

  func sweep(_ garbage: Garbage) throws {
    try Failpoint("images.remove.unrecorded").reach()
    try content.sweep(garbage.content.blobs)
    try snapshots.sweep(garbage.snapshots)
  }

  /// Collects what interrupted operations left once their leases are over.
  ///
  /// - Returns: the bytes that were given back.
  @discardableResult package func collectGarbage() throws(ImageError) -> Int64 {
    try inImages {
      let garbage = try database.definitions { try collect(in: $0) }
      try sweep(garbage)
      return garbage.bytes
    }
  }
}

/// One removal, within one transaction.
private struct Removal {
  let store: ImageStore
  let transaction: Transaction
  let isForced: Bool
  var removed: [ImageStore.Removed] = []
  var isImageGone = false

  /// Does what can be done, and returns why the rest cannot.
  mutating func run(_ name: String, _ id: Digest, _ users: [ImageStore.User]) throws -> ImageError? {
    var names = try references(to: id)
    if ImageStore.isPrefix(name, of: id) {
      if Self.isOneRepository(names) {
        // Its names are no obstacle here: they all go.
        if let conflict = conflict(id, names: [], users) { throw conflict }
        for name in names { try untag(name) }
        names = []
      }
      if let conflict = conflict(id, names: names, users) { throw conflict }
    } else {
      let reference = try Reference(parsing: name).taggedByDefault()
      if !isForced, Self.isOneRepository(names), let user = users.first {
        throw ImageError.conflict(
          "unable to remove repository reference \"\(name)\" (must force) - container "
            + "\(user.containerID.prefix(12)) is using its referenced image \(id.short)")
      }
      try untag(reference)
      names = try references(to: id)
      if reference.digest == nil, !names.contains(where: { $0.digest == nil && $0.name == reference.name }) {
        for pinned in names where pinned.name == reference.name { try untag(pinned) }
        names.removeAll { $0.name == reference.name }
      }
      if !names.isEmpty { return nil }
      if let conflict = conflict(id, names: [], users) { return conflict }
    }
    for name in names { try untag(name) }
    try transaction.execute("DELETE FROM images WHERE id = ?", id.description)
    removed.append(.deleted(id.description))
    isImageGone = true
    return nil
  }

  /// Tags first, then digests.
  private func references(to id: Digest) throws -> [Reference] {
    try transaction.rows("SELECT * FROM tags WHERE image = ? ORDER BY repository, tag", id.description).map { row in
      try ImageStore.reference(row, ":", try row.text("tag"))
    }
      + transaction.rows(
        "SELECT * FROM repository_digests WHERE image = ? ORDER BY repository, digest", id.description
      ).map { row in try ImageStore.reference(row, "@", try row.text("digest")) }
  }

  private mutating func untag(_ name: Reference) throws {
    if let digest = name.digest {
      try transaction.execute(
        "DELETE FROM repository_digests WHERE repository = ? AND digest = ?", name.name, digest.description)
    } else {
      try transaction.execute(
        "DELETE FROM tags WHERE repository = ? AND tag = ?", name.name, name.tag ?? Reference.defaultTag)
    }
    removed.append(.untagged(name))
  }

  /// At most one tag, and everything else in the repository of that.
  private static func isOneRepository(_ names: [Reference]) -> Bool {
    names.filter { $0.digest == nil }.count <= 1 && Set(names.map(\.name)).count <= 1
  }

  private func conflict(_ id: Digest, names: [Reference], _ users: [ImageStore.User]) -> ImageError? {
    func refuse(_ force: String, _ reason: String) -> ImageError {
      .conflict("unable to delete \(id.short) (\(force)) - \(reason)")
    }
    if let running = users.first(where: \.isRunning) {
      return refuse("cannot be forced", "image is being used by running container \(running.containerID.prefix(12))")
    }
    if isForced { return nil }
    if !names.isEmpty { return refuse("must be forced", "image is referenced in multiple repositories") }
    if let stopped = users.first {
      return refuse("must be forced", "image is being used by stopped container \(stopped.containerID.prefix(12))")
    }
    return nil
  }
}

import Database
import Glibc
import Linux
import OCI
import Scratch
import Snapshots
import Testing

@Suite("snapshots: crashes") struct SnapshotsCrashTests {
  private static let overlay = SnapshotStore.Backend.overlay(namespace: "trusted")

  private static func open(_ path: String) throws -> (StateDatabase, SnapshotStore) {
    let database = try StateDatabase.open(dataRoot: path)
    return (database, try SnapshotStore(dataRoot: path, database: database))
  }

  /// What the next start finds.
  private func listing(_ scratch: ScratchFolder) throws -> String {
    let (database, _) = try Self.open(scratch.path)
    return try Fixture.listing(database, scratch)
  }

  @Test(
    "prepare: a crash leaves the snapshot whole or absent",
    arguments: [
      ("snapshots.prepare.made", "folders: "),
      ("database.definitions.committed", "1 active c1 on nothing\nfolders: 1"),
    ])
  func preparing(failpoint: String, expected: String) async throws {
    let scratch = try ScratchFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let (database, store) = try Self.open(path)
      Failpoint.die(at: failpoint)
      try database.definitions { _ = try store.prepare("c1", parent: nil, in: $0) }
    }
    #expect(try listing(scratch) == expected)
  }

  @Test(
    "unpack: a crash before the commit leaves nothing, one after it the whole layer",
    arguments: [
      ("snapshots.unpack.prepared", "folders: "), ("snapshots.unpack.unpacked", "folders: "),
      ("snapshots.files.synchronized", "folders: "),
      ("database.definitions.committed", "1 committed sha256:LAYER on nothing\nfolders: 1"),
    ])
  func unpacking(failpoint: String, expected: String) async throws {
    let scratch = try ScratchFolder()
    try scratch.shell("mkdir src; echo 1 > src/a; tar -cf layer.tar -C src .; cp layer.tar layer.layer")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let (database, store) = try Self.open(path)
      let layer = try layerContent(path)
      Failpoint.die(at: failpoint)
      try Fixture.install([layer], store, database)
    }
    let name = try layerContent(scratch.path).chainID.description
    #expect(try listing(scratch).replacing(name.prefix(14), with: "sha256:LAYER") == expected)
  }

  @Test("commit: a crash after it leaves it committed")
  func committing() async throws {
    let scratch = try ScratchFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let (database, store) = try Self.open(path)
      try database.definitions { _ = try store.prepare("c1", parent: nil, in: $0) }
      Failpoint.die(at: "snapshots.commit.recorded")
      try store.commit("c1", as: "sha256:x")
    }
    #expect(try listing(scratch) == "1 committed sha256:x on nothing\nfolders: 1")
  }

  @Test("remove: a crash between row and files is finished by the next start")
  func removing() async throws {
    let scratch = try ScratchFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let (database, store) = try Self.open(path)
      try database.definitions { _ = try store.prepare("c1", parent: nil, in: $0) }
      Failpoint.die(at: "snapshots.sweep.unrecorded")
      try store.sweep(try database.definitions { try store.remove("c1", in: $0) })
    }
    #expect(try listing(scratch) == "folders: ")
  }

  @Test("open: folders that a power failure took from an active snapshot are made again")
  func restored() throws {
    let scratch = try ScratchFolder()
    do {
      let (database, store) = try Self.open(scratch.path)
      try database.definitions { _ = try store.prepare("c1", parent: nil, in: $0) }
    }
    try scratch.shell("rm -r snapshots/1; mkdir snapshots/stray; touch snapshots/file")
    #expect(try listing(scratch) == "1 active c1 on nothing\nfolders: 1")
    #expect(try scratch.shell("stat -c %n:%a snapshots/1/*") == "snapshots/1/fs:755\nsnapshots/1/work:711\n")
  }
}

/// The layer that a test left in a directory.
private func layerContent(_ path: String) throws -> LayerContent {
  try Fixture.content("layer", in: path)
}

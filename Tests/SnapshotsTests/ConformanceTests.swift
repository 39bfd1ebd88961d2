import Database
import Glibc
import Linux
import OCI
import Scratch
import Snapshots
import Synchronization
import Testing

/// What every backend of `Snapshotter` does alike.
@Suite("snapshots: every backend") struct ConformanceTests {
  private static let backends: [SnapshotStore.Backend] = [.overlay(namespace: "trusted"), .copy]

  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test("prepare: without parent it is empty and writable, with a parent it shows that", arguments: backends)
  func prepare(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    let base = try fixture.prepare("base", parent: nil)
    #expect(
      try fixture.look(base, "echo one > file; chmod 640 file; mkdir -m 1777 tmp")
        == "file f 640 0:0 one\ntmp d 1777 0:0 \n")
    try fixture.store.commit("base", as: "sha256:b")
    let root = try fixture.prepare("c1", parent: "sha256:b")
    #expect(try fixture.look(root, "echo two >> file; rmdir tmp") == "file f 640 0:0 one\ntwo\n")
    let other = try fixture.prepare("c2", parent: "sha256:b")
    #expect(try fixture.look(other) == "file f 640 0:0 one\ntmp d 1777 0:0 \n")
  }

  @Test("prepare: the root directory's owner and mode are the parent's", arguments: backends)
  func rootAttributes(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    _ = try fixture.look(try fixture.prepare("base", parent: nil), "chmod 2751 .; chown 7:8 .")
    try fixture.store.commit("base", as: "sha256:b")
    let root = try fixture.prepare("c1", parent: "sha256:b")
    _ = try fixture.look(root, "stat -c '%a %u:%g' . > stat")
    #expect(try fixture.look(root).hasSuffix("stat f 644 0:8 2751 7:8\n"))
  }

  @Test("keys: each is used once, and parents must be committed", arguments: backends)
  func keys(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    _ = try fixture.prepare("c1", parent: nil)
    #expect(failure { _ = try fixture.prepare("c1", parent: nil) } == "snapshot \"c1\": already exists")
    #expect(failure { _ = try fixture.prepare("c2", parent: "nope") } == "snapshot \"nope\": not found")
    #expect(
      failure { _ = try fixture.prepare("c2", parent: "c1") }
        == "snapshot \"c1\" cannot be a parent: it is not committed")
    #expect(failure { try fixture.remove("c2") } == "snapshot \"c2\": not found")
    #expect(try fixture.listing() == "1 active c1 on nothing\nfolders: 1")
  }

  @Test("prepare: a transaction that fails leaves no snapshot", arguments: backends)
  func rolledBack(backend: SnapshotStore.Backend) throws {
    struct Stop: Error {}
    let fixture = try Fixture(backend)
    #expect(throws: Stop.self) {
      try fixture.database.definitions { transaction in
        _ = try fixture.store.prepare("c1", parent: nil, in: transaction)
        throw Stop()
      }
    }
    #expect(failure { _ = try fixture.store.root(of: "c1") } == "snapshot \"c1\": not found")
    _ = try fixture.prepare("c1", parent: nil)
  }

  @Test("unpack: layers lie on each other, with whiteouts and opaque directories", arguments: backends)
  func unpack(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    let first = try fixture.layer("first", "mkdir -p etc/old keep; echo 1 > etc/old/a; echo 2 > keep/b; echo 3 > gone")
    let second = try fixture.layer(
      "second", "mkdir -p etc/old; : > .wh.gone; : > etc/old/.wh..wh..opq; echo 4 > etc/old/c", pipe: "gzip")
    let third = try fixture.layer("third", "mkdir keep; echo 5 > keep/d; ln keep/d keep/e", pipe: "zstd -q")
    let names = try fixture.install([first, second, third])
    let expected = """
      etc d 755 0:0 \netc/old d 755 0:0 \netc/old/c f 644 0:0 4
      keep d 755 0:0 \nkeep/b f 644 0:0 2\nkeep/d f 644 0:0 5\nkeep/e f 644 0:0 5\n
      """
    #expect(try fixture.look(fixture.store.root(of: names[2])) == expected)
    #expect(try fixture.look(fixture.prepare("c1", parent: names[2])) == expected)
    let view = try fixture.database.definitions { try fixture.store.view("v", parent: names[0], in: $0) }
    #expect(try fixture.look(view).contains("gone f 644 0:0 3"))
    #expect(try fixture.store.usage(of: names[1]).bytes == 2)
  }

  @Test("unpack: what does not match its diffID leaves nothing", arguments: backends)
  func wrongDiffID(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    _ = try fixture.layer("lie", "echo 1 > a")
    let zeros = try Digest(parsing: "sha256:" + String(repeating: "0", count: 64))
    #expect(
      failure { _ = try fixture.store.unpack(fixture.content("lie", diffID: zeros), onto: nil) }
        .hasPrefix("the layer does not match its diffID: it is sha256:"))
    #expect(try fixture.listing() == "folders: ")
  }

  @Test(
    "unpack: layers that are cut, climb or are no tar leave nothing", arguments: backends,
    ["head -c 5000", "gzip | head -c 300", "sed s,etc/hello,../../hello,", "tr a b"])
  func hostile(backend: SnapshotStore.Backend, pipe: String) throws {
    let fixture = try Fixture(backend)
    let layer = try fixture.layer("bad", "mkdir etc; seq 9999 > etc/hello", pipe: pipe)
    #expect(failure { _ = try fixture.store.unpack(layer, onto: nil) }.hasPrefix("cannot unpack the layer: "))
    #expect(try fixture.listing() == "folders: ")
  }

  @Test("unpack: a stream that grows beyond all proportion is stopped")
  func bomb() throws {
    let fixture = try Fixture(.overlay(namespace: "trusted"))
    let layer = try fixture.layer("bomb", "truncate -s 100M zeros", pipe: "zstd -q -19")
    #expect(failure { _ = try fixture.store.unpack(layer, onto: nil) }.contains("1100 times as much"))
    #expect(try fixture.listing() == "folders: ")
  }

  @Test("commit: of two that unpacked one layer, the second takes the first one's", arguments: backends)
  func race(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    let bottom = try fixture.layer("bottom", "echo 1 > a")
    let top = try fixture.layer("top", "echo 2 > b")
    let slow = [try fixture.store.unpack(bottom, onto: nil)]
    let above = try fixture.store.unpack(top, onto: slow[0].key)
    try fixture.install([try fixture.content("bottom")])
    let lost = try fixture.database.definitions { try fixture.store.commit(slow + [above], in: $0) }
    try fixture.store.sweep(lost)
    #expect(lost.count == 1)
    #expect(try fixture.look(fixture.store.root(of: above.name)) == "a f 644 0:0 1\nb f 644 0:0 2\n")
  }

  @Test("collect: what nobody keeps goes, topmost first; parents of what stays stay", arguments: backends)
  func collect(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    let names = try fixture.install([
      try fixture.layer("l1", "echo 1 > a"), try fixture.layer("l2", "echo 2 > b"),
      try fixture.layer("l3", "echo 3 > c"),
    ])
    _ = try fixture.prepare("c1", parent: names[1])
    let first = try fixture.database.definitions { try fixture.store.collect(keeping: [], in: $0) }
    try fixture.store.sweep(first)
    #expect(first.names == [names[2]] && first.bytes == 2)
    try fixture.remove("c1")
    let rest = try fixture.database.definitions { try fixture.store.collect(keeping: [names[0]], in: $0) }
    try fixture.store.sweep(rest)
    #expect(rest.names == [names[1]])
    #expect(try fixture.listing() == "1 committed \(names[0].prefix(14)) on nothing\nfolders: 1")
  }

  @Test("prepare: many threads prepare side by side", arguments: backends)
  func concurrent(backend: SnapshotStore.Backend) throws {
    let fixture = try Fixture(backend)
    let failures = Mutex<[String]>([])
    onThreads(8) { number in
      for index in 0..<5 {
        do {
          _ = try fixture.prepare("c\(number).\(index)", parent: nil)
          if index % 2 == 0 { try fixture.remove("c\(number).\(index)") }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try open("\(fixture.scratch.path)/snapshots", O_RDONLY).entries().count == 16)
  }
}

import Database
import Glibc
import Linux
import Scratch
import Testing
import Volumes

@Suite("volumes: crashes and what others left") struct VolumesCrashTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private static func open(_ path: String) throws -> VolumeStore {
    try VolumeStore(dataRoot: path, database: try StateDatabase.open(dataRoot: path))
  }

  /// Lets `body` run into `failpoint` in a process of its own; returns what the next start finds, as text.
  private func listing() throws -> String {
    let store = try Self.open(scratch.path)
    let rows = try store.list().map { "\($0.name) \($0.labels) \(try store.open($0.name).entries().sorted())" }
    let folders = try scratch.shell("cd volumes && find . -mindepth 1 -maxdepth 2 | LC_ALL=C sort | tr '\\n' ' '")
    return (rows + [folders]).joined(separator: "\n")
  }

  private static let nothing = "./.creating ./.removing "
  private static let data = "./.creating ./.removing ./data ./data/_data "

  @Test(
    "create: a crash leaves the volume with its labels, or nothing",
    arguments: [
      ("volumes.create.made", nothing),
      ("database.definitions.committed", "data [\"a\": \"b\"] []\n" + data),
      ("volumes.create.recorded", "data [\"a\": \"b\"] []\n" + data),
    ])
  func creating(failpoint: String, expected: String) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let store = try Self.open(path)
      Failpoint.die(at: failpoint)
      _ = try store.create("data", labels: ["a": "b"])
    }
    #expect(try listing() == expected)
  }

  @Test(
    "remove: a crash leaves the volume with its data, or nothing",
    arguments: [
      ("volumes.remove.renamed", "data [\"a\": \"b\"] [\"file\"]\n" + data),
      ("volumes.remove.unrecorded", nothing),
    ])
  func removing(failpoint: String, expected: String) async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let store = try Self.open(path)
      _ = try store.create("data", labels: ["a": "b"])
      try replaceFile("\(store.mountpoint(of: "data"))/file", [1])
      Failpoint.die(at: failpoint)
      try store.remove("data")
    }
    #expect(try listing() == expected)
  }

  @Test(
    "fill: a crash leaves the volume empty or whole",
    arguments: [("volumes.fill.copied", "[]"), ("volumes.fill.renamed", #"["file"]"#)])
  func filling(failpoint: String, expected: String) async throws {
    try scratch.shell("mkdir src; echo x > src/file")
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let store = try Self.open(path)
      _ = try store.create("data")
      Failpoint.die(at: failpoint)
      _ = try store.fill("data", from: Linux.open("\(path)/src", O_RDONLY | O_DIRECTORY))
    }
    let store = try Self.open(scratch.path)
    #expect("\(try store.open("data").entries())" == expected)
    // What the crash left aside is not in the way.
    _ = try store.fill("data", from: Linux.open("\(scratch.path)/src", O_RDONLY | O_DIRECTORY))
    #expect(try store.open("data").entries() == ["file"])
  }

  @Test("open: a directory without row is adopted, never swept; what cannot be a volume is reported")
  func adopts() throws {
    _ = try Self.open(scratch.path)
    try scratch.shell(
      "mkdir -p volumes/old/_data volumes/half volumes/'with space'/_data; echo x > volumes/old/_data/file; ln -s / volumes/link"
    )
    let store = try Self.open(scratch.path)
    #expect(store.adopted == ["old"])
    #expect(store.foreign == ["half", "link", "with space"])
    #expect(try store.volume("old").isAnonymous == false)
    #expect(try store.open("old").entries() == ["file"])
  }
}

import Database
import Glibc
import Linux
import Scratch
import Testing
import Volumes

@Suite("volumes: making and removing") struct VolumeStoreTests {
  private let scratch: ScratchFolder
  private let database: StateDatabase
  private let store: VolumeStore

  init() throws {
    scratch = try ScratchFolder()
    database = try StateDatabase.open(dataRoot: scratch.path)
    store = try VolumeStore(dataRoot: scratch.path, database: database)
  }

  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test("create: labels and options come back, and the directory is there for everybody")
  func create() throws {
    let options = ["type": "tmpfs", "device": "tmpfs", "o": "size=10m,uid=1000"]
    let made = try store.create("data", labels: ["a": "b"], options: options)
    let found = try store.volume("data")
    #expect(found == made)
    #expect(found.labels == ["a": "b"] && found.options == options && !found.isAnonymous)
    #expect(found.backing == .tmpfs(options: ["size=10m", "uid=1000"]))
    #expect(store.mountpoint(of: "data") == "\(scratch.path)/volumes/data/_data")
    #expect(try store.open("data").status().permissions == 0o755)
  }

  @Test("create: a name that is taken gives the volume that has it")
  func again() throws {
    let first = try store.create("data", labels: ["a": "b"])
    #expect(try store.create("data", labels: ["c": "d"]) == first)
  }

  @Test("create: without a name it is anonymous, under 64 hexadecimal digits")
  func anonymous() throws {
    let made = try store.create(nil)
    #expect(made.isAnonymous && made.name.utf8.count == 64)
    #expect(try store.list() == [made])
  }

  @Test(
    "create: names and options are refused with Docker's texts",
    arguments: [
      ("a", [:], "volume name is too short, names should be at least two alphanumeric characters"),
      (
        "a/b", [:],
        #""a/b" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. "#
          + "If you intended to pass a host directory, use absolute path"
      ),
      (
        "..", [:],
        #"".." includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. "#
          + "If you intended to pass a host directory, use absolute path"
      ),
      ("bar", ["foo": "1"], #"invalid option: "foo""#),
      ("bar", ["type": "tmpfs"], #"missing required option: "device""#),
      ("bar", ["o": "x"], #"missing required option: "device""#),
      ("bar", ["device": "x"], #"missing required option: "type""#),
      ("bar", ["size": "10m"], "quota size requested but no quota support"),
      ("bar", ["type": "nfs", "device": ":/x", "o": "addr=h"], #"volumes of type "nfs" are not supported yet"#),
      ("bar", ["type": "none", "device": "x", "o": "bind"], #"device "x" is not an absolute path"#),
    ] as [(String, [String: String], String)])
  func refused(name: String, options: [String: String], text: String) throws {
    #expect(failure { _ = try store.create(name, options: options) } == text)
    #expect(try store.list() == [])
  }

  @Test("create: the longest name works, one more does not")
  func longest() throws {
    _ = try store.create(String(repeating: "x", count: 255))
    try store.remove(String(repeating: "x", count: 255))
    #expect(failure { _ = try store.create(String(repeating: "x", count: 256)) }.contains("at most 255 characters"))
  }

  @Test("remove: row and data are gone, and the name is free")
  func remove() throws {
    _ = try store.create("data")
    try makeDirectories("\(store.mountpoint(of: "data"))/deep/er")
    try store.remove("data")
    #expect(failure { _ = try store.volume("data") } == "no such volume")
    #expect(failure { try store.remove("data") } == "no such volume")
    #expect(try open("\(scratch.path)/volumes", O_RDONLY).entries().sorted() == [".creating", ".removing"])
    #expect(try store.create("data").labels == [:])
  }

  @Test("open: a directory that somebody took away is reported, and the volume can be removed")
  func missing() throws {
    _ = try store.create("data")
    try removeTree("\(scratch.path)/volumes/data")
    #expect(failure { _ = try store.open("data") }.hasPrefix("the directory of volume \"data\" is missing\nhint: "))
    try store.remove("data")
    #expect(try store.list() == [])
  }

  @Test("create: many threads make one volume of one name")
  func concurrent() throws {
    onThreads(8) { [store] _ in _ = try? store.create("data") }
    #expect(try store.list().map(\.name) == ["data"])
  }
}

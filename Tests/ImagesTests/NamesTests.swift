import Images
import OCI
import Testing

@Suite("images: names, removal, history") struct NamesTests {
  private let fixture: Fixture
  private var images: ImageStore { fixture.images }

  init() throws { fixture = try Fixture() }

  /// What a removal did, as Docker prints it.
  private func remove(_ name: String, isForced: Bool = false, users: [ImageStore.User] = []) -> [String] {
    do {
      let (removed, conflict) = try images.remove(name, isForced: isForced) { _ in users }
      let lines = removed.map { item in
        switch item {
        case .untagged(let name): "Untagged: \(name.familiar)"
        case .deleted(let id): "Deleted: \(id)"
        }
      }
      return lines + (conflict.map { ["\($0)"] } ?? [])
    } catch { return ["\(error)"] }
  }

  @Test("resolve: by name, whole ID, and the beginning of an ID that is one image's only")
  func resolves() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    for name in ["a:1", "docker.io/library/a:1", id.description, id.hex, id.short, "sha256:\(id.short)"] {
      #expect(try images.image(name).id == id)
    }
    #expect(failure { _ = try images.image("a") } == "No such image: a:latest")
    #expect(failure { _ = try images.image("") } == "invalid reference format")
    #expect(
      failure { _ = try images.image("A") } == "invalid reference format: repository name (library/A) must be lowercase"
    )
    let none = String(repeating: "0", count: 64)
    #expect(failure { _ = try images.image("sha256:\(none)") } == "No such image: sha256:\(none)")
  }

  @Test("tag: moves a name from one image to another")
  func tags() throws {
    let first = try fixture.make("a:1", "echo 1 > file")
    let second = try fixture.make("b", "echo 2 > file")
    let tagged = try images.tag("b", as: try Reference(parsing: "a:1"))
    #expect(tagged.image == second && tagged.previous == first && tagged.name.familiar == "a:1")
    #expect(try images.image("a:1").tags.map(\.familiar) == ["a:1", "b:latest"])
    #expect(try images.image(id: first).isDangling)
    #expect(failure { _ = try images.tag("nosuch", as: try Reference(parsing: "x")) } == "No such image: nosuch:latest")
  }

  @Test("rmi: a name of several is untagged; with the last one image and layers go")
  func removes() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    _ = try images.tag("a:1", as: try Reference(parsing: "b:2"))
    let chain = try #require(try images.image(id: id).chain)
    #expect(remove("a:1") == ["Untagged: a:1"])
    #expect(remove("b:2") == ["Untagged: b:2", "Deleted: \(id)", "Deleted: \(chain)"])
    #expect(remove("b:2") == ["No such image: b:2"])
    #expect(try fixture.counts() == Fixture.nothing)
  }

  @Test("rmi: by ID all names go, unless they are of several repositories")
  func removesByID() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    _ = try images.tag("a:1", as: try Reference(parsing: "b:2"))
    #expect(
      remove(id.short) == [
        "conflict: unable to delete \(id.short) (must be forced) - image is referenced in multiple repositories"
      ])
    #expect(remove(id.short, isForced: true).prefix(3) == ["Untagged: a:1", "Untagged: b:2", "Deleted: \(id)"])
  }

  @Test("rmi: what containers use stays, with Docker's texts")
  func used() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    let stopped = ImageStore.User(containerID: String(repeating: "c", count: 64), isRunning: false)
    let running = ImageStore.User(containerID: String(repeating: "d", count: 64), isRunning: true)
    #expect(
      remove("a:1", users: [stopped]) == [
        #"conflict: unable to remove repository reference "a:1" (must force) - container cccccccccccc is using its referenced image "#
          + id.short
      ])
    #expect(
      remove(id.short, users: [stopped]) == [
        "conflict: unable to delete \(id.short) (must be forced) - image is being used by stopped container cccccccccccc"
      ])
    #expect(
      remove("a:1", isForced: true, users: [running]) == [
        "Untagged: a:1",
        "conflict: unable to delete \(id.short) (cannot be forced) - image is being used by running container dddddddddddd",
      ])
    #expect(remove(id.short, isForced: true, users: [stopped]).first == "Deleted: \(id)")
  }

  @Test("rmi: layers that another image needs stay")
  func shared() throws {
    try fixture.load(fixture: "docker-28.5-save.tar.gz")
    #expect(remove("skiff-fixture:base").count == 2)
    #expect(try fixture.files(of: "skiff-fixture:two").contains("etc/hi f 640 0:0 hi"))
    #expect(remove("skiff-fixture:two").count == 4)
    #expect(try fixture.counts() == Fixture.nothing)
  }

  @Test("history: the topmost step first, with the sizes of its layers")
  func history() throws {
    try fixture.load(fixture: "docker-28.5-save.tar.gz")
    let lines = try images.history(of: "skiff-fixture:two").map { entry in
      "\(entry.id?.short ?? "<missing>") \(entry.size) \(entry.createdBy) \(entry.comment) \(entry.tags.map(\.familiar))"
    }
    #expect(lines.first?.hasPrefix("c9af05b67ec1 0 /bin/sh -c #(nop)  CMD [\"/two\"]") == true)
    #expect(lines.map { $0.split(separator: " ")[1] } == ["0", "0", "2", "20"])
    #expect(lines.last == "<missing> 20  Imported from - []")
  }

  @Test("import: an image of one layer, with its config and a name")
  func imports() throws {
    let id = try fixture.make("made", "echo 1 > file; chown 5:6 file; chmod 4711 file")
    let image = try images.image("made:latest")
    #expect(image.id == id && image.size == 2 && image.config.history.count == 1)
    #expect(image.config.created == "2024-01-02T03:04:05Z" && image.config.comment == "made by a test")
    #expect(try fixture.files(of: "made") == "file f 4711 5:6 1\n")
  }

  @Test("list: all images with their names")
  func list() throws {
    #expect(try images.list() == [])
    let named = try fixture.make("a:1", "echo 1 > file")
    let unnamed = try fixture.make(nil, "echo 2 > file")
    let list = try images.list().map { "\($0.id.short) \($0.tags.map(\.familiar))" }
    #expect(Set(list) == ["\(named.short) [\"a:1\"]", "\(unnamed.short) []"])
  }
}

import ContentStore
import Glibc
import Images
import Linux
import OCI
import Scratch
import Testing

@Suite("images: loading") struct LoadTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private static let files = """
    etc d 755 0:0 \netc/hi f 640 0:0 hi\netc/passwd f 644 0:0 root:x:0:0::/:/x\ntwo f 644 0:0 2\n
    """

  @Test("load: what Docker 28.5 saved is what Docker had: IDs, names, layers, files")
  func docker() throws {
    let events = try fixture.load(fixture: "docker-28.5-save.tar.gz")
    #expect(
      events == [
        "layer 2b0338a22cb7", "layer 0372807ce6ee", "skiff-fixture:two is c9af05b67ec1",
        "skiff-fixture:base is faf09de0f4c5",
      ])
    #expect(try fixture.files(of: "skiff-fixture:two") == Self.files)
    let image = try fixture.images.image("c9af05b67ec1")
    #expect(image.tags.map(\.familiar) == ["skiff-fixture:two"])
    #expect(image.size == 22)
    #expect(image.config.config?.env.first == "A=b")
    #expect("\(image.manifest)" == "sha256:604512750698cfaed7751126cd3098ab1a739a7b2f188f76df6a1f8c868db74d")
    #expect(
      try fixture.counts()
        == "images 2, tags 2, blobs 6, snapshots 2, leases 0, lease_items 0, content/blobs/sha256 6, content/ingest 0, snapshots 2"
    )
  }

  @Test(
    "load: archives of podman and skopeo, docker-archive and OCI layout, compressed or not",
    arguments: [
      ("podman-5.8-docker-archive.tar.gz", "localhost/skiff-fixture:two is c9af05b67ec1"),
      ("podman-5.8-oci-archive.tar.zst", "localhost/skiff-fixture:two is cd1edbf3899c"),
      ("skopeo-oci-archive.tar.zst", "skiff-fixture:two is cd1edbf3899c"),
    ])
  func others(archive: String, loaded: String) throws {
    let events = try fixture.load(fixture: archive)
    #expect(events == ["layer 2b0338a22cb7", "layer 0372807ce6ee", loaded])
    #expect(try fixture.files(of: String(loaded.prefix { $0 != " " })) == Self.files)
  }

  @Test("load: a second time everything is there already")
  func again() throws {
    try fixture.load(fixture: "podman-5.8-docker-archive.tar.gz")
    let before = try fixture.counts()
    let events = try fixture.load(fixture: "podman-5.8-docker-archive.tar.gz")
    #expect(events == ["had 2b0338a22cb7", "had 0372807ce6ee", "localhost/skiff-fixture:two is c9af05b67ec1"])
    #expect(try fixture.counts() == before)
  }

  @Test("load: an image with a damaged blob is whole again after it was loaded once more")
  func heals() throws {
    try fixture.load(fixture: "podman-5.8-docker-archive.tar.gz")
    let before = try fixture.counts()
    try fixture.scratch.shell("truncate -s 5 root/content/blobs/sha256/2b0338a22cb7*")
    try fixture.load(fixture: "podman-5.8-docker-archive.tar.gz")
    #expect(try fixture.counts() == before)
    #expect(try fixture.content.damaged().map { $0.reason } == [])
    try fixture.save(["localhost/skiff-fixture:two"], to: "whole.tar")
  }

  @Test("load: a name that another image had is taken from it")
  func renames() throws {
    let old = try fixture.make("localhost/skiff-fixture:two", "echo old > file")
    let events = try fixture.load(fixture: "podman-5.8-docker-archive.tar.gz")
    #expect(events.contains("localhost/skiff-fixture:two was \(old.short)"))
    #expect(try fixture.images.image(id: old).isDangling)
  }

  @Test("load: an image from a pipe loads while it comes")
  func pipe() throws {
    try fixture.make("a:1", "echo 1 > file")
    try fixture.save(["a:1"], to: "a.tar")
    let other = try Fixture()
    try fixture.scratch.shell("mkfifo pipe; cat a.tar > pipe &")
    try other.images.load(DescriptorSource(try open("\(fixture.scratch.path)/pipe", O_RDONLY)))
    #expect(try other.files(of: "a:1") == "file f 644 0:0 1\n")
  }

  @Test(
    "load: archives that lie, are cut or are none fail with a clear error and leave nothing",
    arguments: [
      ("head -c 5000 good.tar > bad", "archive entry"),
      ("head -c 300 /dev/urandom > bad", "archive entry 1"),
      ("tar -cf bad -C good blobs", "the archive holds no image"),
      ("echo '[]' > good/index.json; rm good/manifest.json; tar -cf bad -C good .", "\"index.json\": invalid JSON"),
      ("rm good/blobs/sha256/$LAYER; tar -cf bad -C good .", "the archive is incomplete: \"blobs/sha256/"),
      ("echo x >> good/blobs/sha256/$LAYER; tar -cf bad -C good .", "content does not match its digest"),
      (
        "sed -i 's/\"Layers\":\\[[^]]*\\]/\"Layers\":[]/' good/manifest.json; tar -cf bad -C good .",
        "length mismatch: expected 1, got 0"
      ),
      (
        "echo '[{\"Config\":\"../../etc/passwd\"}]' > good/manifest.json; tar -cf bad -C good .",
        "\"../../etc/passwd\" is missing"
      ),
      ("printf '[%.0s' $(seq 100000) > good/manifest.json; tar -cf bad -C good .", "nested deeper than 64"),
      (
        "echo '[{\"Config\":\"a\"}]' > good/manifest.json; ln -s b good/a; ln -s a good/b; tar -cf bad -C good .",
        "\"a\" is missing"
      ),
      ("head -c 5000000 /dev/zero > good/manifest.json; tar -cf bad -C good .", "\"manifest.json\" is larger than"),
      ("head -c 200000000 /dev/zero | zstd -q -19 > bad", "archive"),
    ])
  func hostile(script: String, text: String) throws {
    let other = try Fixture()
    try other.make("a:1", "seq 9999 > file")
    try other.save(["a:1"], to: "good.tar")
    try other.scratch.shell(
      "mkdir good; tar -xf good.tar -C good; LAYER=$(ls -S good/blobs/sha256 | head -n 1); \(script); cp bad \(fixture.scratch.path)/bad"
    )
    #expect(failure { try fixture.load("bad") }.contains(text))
    #expect(try fixture.counts() == Fixture.nothing)
  }

  @Test("load: a full disk is an error and leaves nothing")
  func fullDisk() throws {
    let other = try Fixture()
    try other.make("a:1", "head -c 3000000 /dev/urandom > file")
    try other.save(["a:1"], to: "a.tar")
    let scratch = try ScratchFolder()
    #expect(mount("tmpfs", scratch.path, "tmpfs", 0, "size=5m") == 0)
    defer { umount2(scratch.path, Int32(MNT_DETACH)) }
    let small = try Fixture(in: scratch)
    #expect(
      failure { try small.images.load(DescriptorSource(try open("\(other.scratch.path)/a.tar", O_RDONLY))) }
        .hasSuffix("no space left on device"))
    #expect(try small.counts() == Fixture.nothing)
  }
}

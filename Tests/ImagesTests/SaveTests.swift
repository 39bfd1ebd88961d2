import Glibc
import Images
import Linux
import OCI
import Scratch
import Testing

@Suite("images: saving") struct SaveTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("save: the archive has Docker's layout, byte for byte the same each time")
  func layout() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    _ = try fixture.images.tag("a:1", as: try Reference(parsing: "localhost:5000/b:2"))
    try fixture.save(["a:1", "localhost:5000/b:2", id.short], to: "1.tar")
    try fixture.save(["a:1", "localhost:5000/b:2", id.short], to: "2.tar")
    let image = try fixture.images.image(id: id)
    let layer = image.config.rootfs.diffIDs[0]
    let (_, manifest) = try fixture.images.manifest(of: image)
    let entry =
      #"{"annotations":{"io.containerd.image.name":"NAME","org.opencontainers.image.ref.name":"TAG"},"#
      + #""digest":"\#(image.manifest)","mediaType":"application/vnd.oci.image.manifest.v1+json","size":\#(manifest.count)}"#
    let entries = [("docker.io/library/a:1", "1"), ("localhost:5000/b:2", "2")].map { name, tag in
      entry.replacing("NAME", with: name).replacing("TAG", with: tag)
    }
    let text = try fixture.scratch.shell(
      "cmp 1.tar 2.tar; tar -tf 1.tar | grep -v blobs/sha256/.; for f in index.json manifest.json oci-layout repositories; do tar -xOf 1.tar $f; echo; done"
    )
    #expect(
      text == """
        blobs/
        blobs/sha256/
        index.json
        manifest.json
        oci-layout
        repositories
        {"manifests":[\(entries.joined(separator: ","))],"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2}
        [{"Config":"blobs/sha256/\(id.hex)","LayerSources":{"\(layer)":{"digest":"\(layer)","mediaType":"application/vnd.oci.image.layer.v1.tar","size":10240}},"Layers":["blobs/sha256/\(layer.hex)"],"RepoTags":["a:1","localhost:5000/b:2"]}]
        {"imageLayoutVersion": "1.0.0"}
        {"a":{"1":"\(layer.hex)"},"localhost:5000/b":{"2":"\(layer.hex)"}}

        """)
  }

  @Test("save: what is saved loads as the same image elsewhere, also by ID without a name")
  func roundTrip() throws {
    try fixture.load(fixture: "skopeo-oci-archive.tar.zst")
    let image = try fixture.images.image("skiff-fixture:two")
    try fixture.save([image.id.short], to: "all.tar")
    let other = try Fixture()
    try fixture.scratch.shell("cp all.tar \(other.scratch.path)/")
    #expect(try other.load("all.tar").last == "unnamed \(image.id.short)")
    #expect(try other.images.image(id: image.id).manifest == image.manifest)
    #expect(try other.files(of: image.id.short) == fixture.files(of: image.id.short))
  }

  @Test("save: a name that is not there, or a damaged blob, is known before the first byte")
  func missing() throws {
    let id = try fixture.make("a:1", "echo 1 > file")
    #expect(failure { try fixture.save(["a:1", "nosuch"], to: "x.tar") } == "No such image: nosuch:latest")
    let layer = try fixture.images.image(id: id).config.rootfs.diffIDs[0]
    try fixture.scratch.shell("truncate -s 5 root/content/blobs/sha256/\(layer.hex)")
    #expect(failure { try fixture.save(["a:1"], to: "x.tar") }.hasPrefix("content \(layer) is damaged: "))
    #expect(try status(of: "\(fixture.scratch.path)/x.tar").size == 0)
  }
}

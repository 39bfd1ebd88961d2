import Glibc
import Images
import Linux
import OCI
import Scratch
import Testing

/// Debian's skopeo and podman read what we save, and we read what they make of it.
@Suite("images: other tools") struct InteropTests {
  private let fixture: Fixture
  private let id: Digest

  init() throws {
    fixture = try Fixture()
    id = try fixture.make("localhost/made:1", "mkdir etc; echo hi > etc/hi; ln etc/hi etc/again; chmod 4711 etc/hi")
    try fixture.save(["localhost/made:1"], to: "ours.tar")
  }

  /// Runs a script in which `$peers` runs a command of the peers' with the scratch directory in sight.
  private func run(_ script: String) throws {
    let root = "\(#filePath)".split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    try fixture.scratch.shell(
      """
      export PEERS_BIND=/tmp HOME=$PWD PODMAN_IGNORE_CGROUPSV1_WARNING=1
      peers="bash \(root)/scripts/peers run-here"
      \(script)
      """)
  }

  @Test("skopeo: reads our archive as docker-archive and as OCI layout")
  func skopeo() throws {
    try run(
      """
      $peers skopeo copy -q docker-archive:$PWD/ours.tar docker-archive:$PWD/theirs.tar:localhost/made:1
      mkdir layout; tar -xf ours.tar -C layout
      $peers skopeo copy -q oci:$PWD/layout:1 oci-archive:$PWD/oci.tar:localhost/made:1
      """)
    for archive in ["theirs.tar", "oci.tar"] {
      let other = try Fixture()
      try fixture.scratch.shell("cp \(archive) \(other.scratch.path)/")
      #expect(try other.load(archive).last == "localhost/made:1 is \(id.short)")
      #expect(try other.files(of: id.short) == fixture.files(of: id.short))
    }
  }

  @Test("podman: loads our archive, and what it saves is our image again")
  func podman() throws {
    try run(
      """
      podman="$peers podman --root $PWD/storage --runroot $PWD/run --storage-driver vfs --events-backend none"
      $podman load -q -i $PWD/ours.tar
      $podman save -q -o $PWD/theirs.tar localhost/made:1
      """)
    let other = try Fixture()
    try fixture.scratch.shell("cp theirs.tar \(other.scratch.path)/")
    #expect(try other.load("theirs.tar").last == "localhost/made:1 is \(id.short)")
    #expect(try other.files(of: id.short) == fixture.files(of: id.short))
  }
}

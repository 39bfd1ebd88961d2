import Glibc
import Images
import Linux
import OCI
import Scratch
import Testing

@Suite("images: crashes") struct ImagesCrashTests {
  private static let whole =
    "images 1, tags 1, blobs 3, snapshots 1, leases 0, lease_items 0, content/blobs/sha256 3, content/ingest 0, snapshots 1"

  @Test(
    "import: a crash leaves the image complete or absent",
    arguments: [
      ("content.commit.renamed", false), ("snapshots.unpack.unpacked", false), ("images.commit.synchronized", false),
      ("database.definitions.committed", true), ("images.commit.recorded", true),
    ])
  func importing(failpoint: String, isWhole: Bool) async throws {
    let scratch = try ScratchFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String, failpoint] in
      let fixture = try Fixture(in: ScratchFolder(at: path))
      Failpoint.die(at: failpoint)
      try fixture.make("a:1", "echo 1 > file")
    }
    let fixture = try Fixture(in: scratch)
    if isWhole {
      #expect(try fixture.counts() == Self.whole)
      #expect(try fixture.files(of: "a:1") == "file f 644 0:0 1\n")
    } else {
      // The lease that the dead process had is what is left; it ends by itself.
      let counts = try fixture.counts()
      #expect(counts.hasPrefix("images 0, tags 0, blobs 0, snapshots 0, "))
      #expect(counts.hasSuffix("content/blobs/sha256 0, content/ingest 0, snapshots 0"))
    }
  }

  @Test("rmi: a crash between rows and files is finished by the next start")
  func removing() async throws {
    let scratch = try ScratchFolder()
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = scratch.path as String] in
      let fixture = try Fixture(in: ScratchFolder(at: path))
      try fixture.make("a:1", "echo 1 > file")
      Failpoint.die(at: "images.remove.unrecorded")
      _ = try fixture.images.remove("a:1") { _ in [] }
    }
    #expect(try Fixture(in: scratch).counts() == Fixture.nothing)
  }
}

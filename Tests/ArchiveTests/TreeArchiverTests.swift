import Archive
import Glibc
import Linux
import Scratch
import Testing

@Suite("TreeArchiver") struct TreeArchiverTests {
  /// The archive of the tree `name`.
  private func archive(of name: String, in scratch: ScratchFolder, isOverlayUpper: Bool = false) throws -> [UInt8] {
    let root = try open(name, at: .directory(scratch.directory), O_RDONLY | O_DIRECTORY)
    var writer = TarWriter(MemorySink())
    var archiver = TreeArchiver(of: root, isOverlayUpper: isOverlayUpper)
    try archiver.write(to: &writer)
    try writer.finish()
    return writer.sink.bytes
  }

  @Test("a whole tree comes back through GNU tar and through ours")
  func roundTrip() throws {
    let scratch = try ScratchFolder()
    try scratch.shell("\(plainTree)\(deviceTree)\(extendedTree)\ntouch -d @1500000000.123456789 tree/etc/deep")
    let bytes = try archive(of: "tree", in: scratch)
    try replaceFile("\(scratch.path)/a.tar", bytes)
    try scratch.shell("mkdir theirs; tar -xpf a.tar -C theirs; touch -r tree theirs")
    try unpack(bytes, into: try scratch.make("ours"))
    try scratch.shell("touch -r tree ours")
    let expected = try scratch.listing(of: "tree")
    #expect(try scratch.listing(of: "theirs") == expected)
    #expect(try scratch.listing(of: "ours") == expected)
  }

  @Test("the same tree made in another order gives the same bytes")
  func deterministic() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      """
      mkdir -p a/d/e b; for i in 3 1 2; do echo $i > a/$i; echo $i > a/d/$i; done; ln a/1 a/d/link
      tar --format=posix -cf - -C a . | tar -xpf - -C b
      mkdir c; for i in d/e d/3 d/2 d/1 3 2 1; do mkdir -p c/$(dirname $i); cp -a a/$i c/$i; done; ln c/1 c/d/link
      for i in d/e d; do touch -r a/$i b/$i c/$i; done
      """)
    let bytes = try archive(of: "a", in: scratch)
    #expect(try archive(of: "b", in: scratch) == bytes)
    #expect(try archive(of: "c", in: scratch) == bytes)
  }

  @Test("an overlay's upper directory becomes a layer that does the same")
  func upperDirectory() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      """
      mkdir -p lower/d/sub lower/o/x lower/keep upper work merged; echo 1 > lower/f; echo 2 > lower/d/a; echo 3 > lower/o/y
      unshare -m sh -c 'set -e; mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged; cd merged
        rm f; rm -r d/sub; echo new > d/new; rm -r o; mkdir o; echo mine > o/mine; echo more >> d/a
        python3 -c "import os, socket; socket.socket(socket.AF_UNIX).bind(\\"d/socket\\")" || true
        find . ! -name socket | sort > ../merged.list'
      """)
    let bytes = try archive(of: "upper", in: scratch, isOverlayUpper: true)
    let list = try entries(of: bytes).map { "\($0.entry.path) \($0.content.debugDescription)" }
    #expect(
      list == [
        #".wh.f """#, #"d/ """#, #"d/a "2\nmore\n""#, #"d/new "new\n""#, #"d/.wh.sub """#, #"o/ """#,
        #"o/.wh..wh..opq """#, #"o/mine "mine\n""#,
      ])
    try scratch.shell("cp -a lower copy")
    try unpack(
      bytes, into: try open("copy", at: .directory(scratch.directory), O_RDONLY | O_DIRECTORY), .delete)
    #expect(try scratch.shell("cd copy; find . | sort") == scratch.shell("cat merged.list"))
    let attributes = try entries(of: bytes).flatMap(\.entry.attributes)
    #expect(attributes == [])
  }

  @Test("an upper directory whose data are elsewhere is refused", arguments: ["metacopy", "redirect"])
  func incomplete(_ name: String) throws {
    let scratch = try ScratchFolder()
    let upper = try scratch.make("upper")
    try scratch.shell("touch upper/f")
    try setExtendedAttribute("trusted.overlay.\(name)", [0x78], of: "f", at: upper)
    let error = #expect(throws: ArchiveError.self) { try archive(of: "upper", in: scratch, isOverlayUpper: true) }
    #expect(error?.reason.description == "\"f\" has trusted.overlay.\(name): the layer is not all here")
  }

  @Test("users' attributes and capabilities are kept, the host's are not")
  func attributes() throws {
    let scratch = try ScratchFolder()
    let root = try scratch.make("root")
    try scratch.shell("touch root/f")
    for name in ["user.mine", "trusted.host", "user.overlay.x"] {
      try setExtendedAttribute(name, [1], of: "f", at: root)
    }
    #expect(
      try entries(of: archive(of: "root", in: scratch)).map(\.entry.attributes) == [
        [ExtendedAttribute("user.mine", [1])]
      ])
  }
}

import Archive
import Glibc
import Linux
import Scratch
import Testing

@Suite("LayerUnpacker") struct LayerUnpackerTests {
  @Test("attributes are the archive's: set-id bits, capabilities after the owner, nanoseconds, nothing of the umask")
  func attributes() throws {
    let scratch = try ScratchFolder()
    let root = try scratch.make("root")
    let time = FileTime(seconds: 1_600_000_000, nanoseconds: 123_456_789)
    // A version 2 capability set with CAP_NET_BIND_SERVICE, as setcap(8) writes it.
    let capability: [UInt8] = [1, 0, 0, 2, 0, 4, 0, 0] + [UInt8](repeating: 0, count: 12)
    func all(_ path: RawPath, _ kind: TarEntry.Kind, _ permissions: UInt32) -> (TarEntry, String) {
      let attributes = kind == .file ? [ExtendedAttribute("security.capability", capability)] : []
      return (
        TarEntry(
          path: path, kind: kind, permissions: permissions, owner: 12, group: 34, modified: time, attributes: attributes
        ),
        ""
      )
    }
    let summary = try unpack(
      try archive([
        all("d", .directory, 0o7777), all("d/f", .file, 0o6777), all("d/p", .fifo, 0o622),
        all("d/l", .symlink(to: "f"), 0o777),
        all("d/c", .characterDevice(.init(1, 7)), 0o1666),
      ]), into: root)
    #expect([summary.entries, summary.attributesLost] == [5, 0])
    #expect(
      try scratch.shell("cd root/d; stat -c '%n %A %u:%g %.9Y %.9X %t:%T' . c f l p")
        == """
        . drwsrwsrwt 12:34 1600000000.123456789 1600000000.123456789 0:0
        c crw-rw-rwT 12:34 1600000000.123456789 1600000000.123456789 1:7
        f -rwsrwsrwx 12:34 1600000000.123456789 1600000000.123456789 0:0
        l lrwxrwxrwx 12:34 1600000000.123456789 1600000000.123456789 0:0
        p prw--w--w- 12:34 1600000000.123456789 1600000000.123456789 0:0

        """)
    #expect(try extendedAttribute("security.capability", of: "f", at: open("d", at: root, O_PATH)) == capability)
  }

  @Test("an entry replaces whatever has its name, and links are replaced, not followed")
  func replaces() throws {
    let scratch = try ScratchFolder()
    let root = try scratch.make("root")
    try scratch.shell(
      "mkdir -p root/dir/sub root/keep; touch root/dir/sub/f root/keep/old root/file; ln -s keep root/l")
    try unpack(
      try archive([
        file("dir", "now a file"), entry("file", .directory), file("file/in", "x"), file("l", "no link any more"),
        entry("keep", .directory, 0o700), entry("a", .directory), file("a/f", "1"), entry("a", .symlink(to: "keep")),
        file("a/through", "2"), entry("file/in", .hardLink(to: "file/in")),
      ]), into: root)
    #expect(
      try scratch.shell("cd root; find . -printf '%P %M %l\\n' | sort; cat l")
        == """
         drwxr-xr-x 
        a lrwxrwxrwx keep
        dir -rw-r--r-- 
        file drwxr-xr-x 
        file/in -rw-r--r-- 
        keep drwx------ 
        keep/old -rw-r--r-- 
        keep/through -rw-r--r-- 
        l -rw-r--r-- 
        no link any more
        """)
  }

  @Test("directories that nobody mentions are plain, or like the layer below; a link to nowhere gets its target")
  func parents() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      "mkdir -p lower/tmp/a lower2/tmp lower2/opt; chmod 1777 lower/tmp; chown 5:6 lower2/opt; touch -d @77 lower2/opt")
    let lowers = try ["lower", "lower2"].map { try open($0, at: .directory(scratch.directory), O_RDONLY | O_DIRECTORY) }
    let root = try scratch.make("root")
    try unpack(
      try archive([
        file("tmp/f"), file("opt/f"), file("new/deep/f"), entry("var", .directory),
        entry("var/run", .symlink(to: "../../run")),
        file("var/run/pid"), entry("loop", .symlink(to: "loop")),
      ]), into: root, .overlay(namespace: "trusted"), lowers: lowers)
    #expect(
      try scratch.shell("cd root; stat -c '%n %A %u:%g' tmp opt new new/deep run var/run run/pid; stat -c %Y opt")
        == """
        tmp drwxrwxrwt 0:0
        opt drwxr-xr-x 5:6
        new drwxr-xr-x 0:0
        new/deep drwxr-xr-x 0:0
        run drwxr-xr-x 0:0
        var/run lrwxrwxrwx 0:0
        run/pid -rw-r--r-- 0:0
        77

        """)
    let error = #expect(throws: ArchiveError.self) {
      try unpack(try archive([file("loop/f")]), into: root)
    }
    #expect(error?.description == "archive entry 1 \"loop/f\": openat2 loop: too many levels of symbolic links")
  }

  @Test("overlay: whiteouts become the kernel's, in whatever order they come")
  func overlayWhiteouts() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      "mkdir -p lower/d/sub lower/o/x lower/r/gone lower/s/gone; touch lower/f lower/d/a lower/d/sub/b lower/o/y")
    let upper = try scratch.make("upper")
    try unpack(
      try archive([
        file(".wh.f", ""), entry("d", .directory), file("d/.wh.a", ""), file("d/.wh.sub", ""), file("d/new"),
        entry("o", .directory), file("o/mine"), file("o/.wh..wh..opq", ""), file(".wh..wh.plnk/1.2", ""),
        // Gone and made again, both ways round: nothing from below shows.
        file(".wh.r", ""), entry("r", .directory), file("r/mine"), entry("s", .directory), file("s/mine"),
        file(".wh.s", ""),
      ]), into: upper, .overlay(namespace: "trusted"))
    let merged = try scratch.shell(
      """
      mkdir work merged
      unshare -m sh -c 'mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work none merged && cd merged && find . | sort'
      """)
    #expect(merged == ".\n./d\n./d/new\n./o\n./o/mine\n./r\n./r/mine\n./s\n./s/mine\n")
  }

  @Test("delete: whiteouts remove what other layers brought and nothing of their own")
  func deleteWhiteouts() throws {
    let scratch = try ScratchFolder()
    let root = try scratch.make("root")
    try scratch.shell("cd root; mkdir -p d/sub o/x/y s; touch f d/a d/sub/b o/x/y/z s/old; ln -s d link")
    try unpack(
      try archive([
        file(".wh.f", ""), file("link/.wh.a", ""), file("d/.wh.sub", ""), file(".wh.none", ""),
        file("no/.wh.where", ""),
        entry("o", .directory), entry("o/x", .directory), file("o/x/mine"), file("o/.wh..wh..opq", ""),
        entry("s", .directory), file("s/mine"), file(".wh.s", ""),
      ]), into: root, .delete)
    #expect(
      try scratch.shell("cd root; find . -mindepth 1 | sort") == "./d\n./link\n./o\n./o/x\n./o/x/mine\n./s\n./s/mine\n")
  }

  @Test("plain: names that look like whiteouts are names")
  func plainNames() throws {
    let scratch = try ScratchFolder()
    try unpack(try archive([file(".wh.f", ""), file(".wh..wh..opq", "")]), into: try scratch.make("root"))
    #expect(try scratch.shell("ls -A root") == ".wh..wh..opq\n.wh.f\n")
  }

  @Test("attributes of the overlay's own never come from an archive")
  func overlayAttributes() throws {
    let scratch = try ScratchFolder()
    let root = try scratch.make("root")
    let attributes = ["trusted.overlay.redirect", "user.overlay.opaque", "user.mine"].map {
      ExtendedAttribute($0, Array("/etc".utf8))
    }
    try unpack(
      try archive([(TarEntry(path: "d", kind: .directory, permissions: 0o755, attributes: attributes), "")]),
      into: root,
      .overlay(namespace: "trusted"))
    #expect(try extendedAttributeNames(of: "d", at: root) == ["user.mine"])
  }
}

import Archive
import Glibc
import Linux
import Scratch
import Testing

@Suite("Hostile archives") struct HostileArchiveTests {
  /// Unpacks into `in` beside a directory `outside`, and returns what is in the scratch directory after it.
  private func unpacked(
    _ entries: [(TarEntry, String)], _ whiteouts: LayerUnpacker.Whiteouts = .plain
  ) throws -> (error: ArchiveError?, tree: String) {
    let scratch = try ScratchFolder()
    let root = try scratch.make("in")
    try scratch.shell("mkdir outside; echo secret > outside/secret")
    var failure: ArchiveError?
    do { try unpack(try archive(entries), into: root, whiteouts) } catch { failure = error }
    return (
      failure,
      try scratch.shell("find . -mindepth 1 \\( -type d -printf '%P/\\n' -o -printf '%P %s %n\\n' \\) | LC_ALL=C sort")
    )
  }

  private static let untouched = "in/\noutside/\noutside/secret 7 1\n"

  @Test(
    "what climbs out of the root is refused",
    arguments: [
      [file("../outside/evil")], [file("a/../../outside/evil")], [entry("..", .directory)],
      [entry("h", .hardLink(to: "../outside/secret"))], [entry("h", .hardLink(to: "/a/../../x"))],
    ])
  func climbing(_ entries: [(TarEntry, String)]) throws {
    let result = try unpacked(entries)
    #expect(result.error?.reason.description == "it leads out of the root")
    #expect(result.tree == Self.untouched)
  }

  @Test("a whiteout of the directory above is refused", arguments: [".wh.", ".wh..", ".wh...", "d/.wh..."])
  func climbingWhiteouts(_ name: String) throws {
    for mode in [LayerUnpacker.Whiteouts.delete, .overlay(namespace: "trusted")] {
      let result = try unpacked([file(RawPath(name), "")], mode)
      #expect(result.error?.reason.description == "it leads out of the root")
      #expect(result.tree == Self.untouched)
    }
  }

  @Test("absolute paths and links that lead out stay within the root")
  func staysInside() throws {
    let result = try unpacked([
      file("/abs", "1"), entry("up", .symlink(to: "../outside")), file("up/file", "22"),
      entry("root", .symlink(to: "/")), file("root/in-root", "333"), entry("far", .symlink(to: "../../../../etc")),
      file("far/passwd", "4444"), entry("link", .hardLink(to: "/root/abs")),
      entry("magic", .symlink(to: "/proc/self/cwd")), file("magic/x", "55555"),
    ])
    #expect(result.error == nil)
    #expect(
      result.tree
        == """
        in/
        in/abs 1 2
        in/etc/
        in/etc/passwd 4 1
        in/far 15 1
        in/in-root 3 1
        in/link 1 2
        in/magic 14 1
        in/outside/
        in/outside/file 2 1
        in/proc/
        in/proc/self/
        in/proc/self/cwd/
        in/proc/self/cwd/x 5 1
        in/root 1 1
        in/up 10 1
        outside/
        outside/secret 7 1

        """)
  }

  @Test("a hard link to a link is one to the link, so that nothing is written through it")
  func hardLinkToLink() throws {
    let result = try unpacked([
      entry("s", .symlink(to: "../outside/secret")), entry("h", .hardLink(to: "s")), file("h", "mine"),
    ])
    #expect(result.error == nil)
    #expect(result.tree == "in/\nin/h 4 1\nin/s 17 1\noutside/\noutside/secret 7 1\n")
  }

  @Test(
    "what cannot be made is an error with the entry and the reason",
    arguments: [
      ([file("f"), file("f/below")], "archive entry 2 \"f/below\": its parent is no directory"),
      ([entry("h", .hardLink(to: "none"))], "archive entry 1 \"h\": link none -> h: no such file or directory"),
      ([entry("h", .hardLink(to: "a/none"))], "archive entry 1 \"h\": openat2 a: no such file or directory"),
      ([entry("h", .hardLink(to: "/"))], "archive entry 1 \"h\": a hard link to the root"),
      ([file("./", "x")], "archive entry 1 \"./\": the root can only be a directory"),
      (
        [entry("d", .directory), entry("h", .hardLink(to: "d"))],
        "archive entry 2 \"h\": link d -> h: operation not permitted"
      ),
    ] as [([(TarEntry, String)], String)])
  func errors(_ entries: [(TarEntry, String)], _ text: String) throws {
    #expect(try unpacked(entries).error?.description == text)
  }

  @Test("a mutated archive never harms what is outside, whatever becomes of it")
  func fuzz() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      "mkdir outside; echo secret > outside/secret; chmod 600 outside/secret; \(plainTree)\n\(extendedTree)")
    try scratch.shell(
      "rm tree/usr/bin/big; truncate -s 100K tree/holes; echo x >> tree/holes; ln -s ../outside tree/zz; mkdir tree/zz2"
    )
    let outside = try scratch.listing(of: "outside")
    var random = SplitMix(seed: 42)
    var failures = 0
    for format in ["gnu", "posix"] {
      try scratch.shell("tar --format=\(format) -S -cf \(format).tar -C tree .")
      let valid = try readFile("\(scratch.path)/\(format).tar")
      for round in 0..<100 {
        var bytes = valid
        for _ in 0...random.next(below: 4) { mutate(&bytes, &random) }
        let root = try scratch.make("in")
        do {
          try unpack(bytes, into: root, [.plain, .delete, .overlay(namespace: "trusted")][round % 3])
        } catch { failures += 1 }
        try removeTree("in", at: .directory(scratch.directory))
      }
    }
    #expect(failures > 40)
    #expect(try scratch.listing(of: "outside") == outside)
    #expect(try scratch.shell("ls") == "gnu.tar\noutside\nposix.tar\ntree\n")
  }

  /// Changes a byte, copies a block over another, cuts, or makes a header's change valid by its checksum.
  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard bytes.count >= 1024 else { return }
    let block = random.next(below: bytes.count / 512) * 512
    switch random.next(below: 8) {
    case 0: bytes.removeLast(random.next(below: bytes.count))
    case 1:
      let other = random.next(below: bytes.count / 512) * 512
      bytes.replaceSubrange(block..<block + 512, with: bytes[other..<other + 512])
    case 2: bytes[block + random.next(below: 512)] = UInt8(truncatingIfNeeded: random.next())
    default:
      let fields = [0, 2, 100, 108, 124, 126, 130, 135, 136, 156, 156, 157, 257, 345, 386, 400, 482, 483]
      let values = Array("0123456789xgLKSV./\0 -".utf8) + [0x80, 0xff]
      bytes[block + fields[random.next(below: fields.count)]] = values[random.next(below: values.count)]
      let sum = bytes[block..<block + 512].enumerated().reduce(0) {
        $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
      }
      bytes.replaceSubrange(block + 148..<block + 154, with: String(String(sum + 1 << 18, radix: 8).suffix(6)).utf8)
      bytes[block + 154] = 0
    }
  }
}

/// A small generator whose numbers are the same in every run.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

import Archive
import Linux
import Scratch
import Testing

@Suite("TarReader") struct TarReaderTests {
  @Test(
    "what GNU tar packed is unpacked as GNU tar does it, in all its formats",
    arguments: ["v7", "ustar", "oldgnu", "gnu", "posix"])
  func likeGNU(_ format: String) throws {
    let tree = plainTree + (format == "v7" ? "" : deviceTree) + (["v7", "ustar"].contains(format) ? "" : extendedTree)
    let scratch = try ScratchFolder()
    try scratch.shell(tree + "\ntar --format=\(format) -cf a.tar -C tree . && mkdir theirs && tar -xpf a.tar -C theirs")
    let ours = try scratch.make("ours")
    try unpack(try readFile("\(scratch.path)/a.tar"), into: ours)
    #expect(try scratch.listing(of: "ours") == scratch.listing(of: "theirs"))
  }

  @Test(
    "sparse files keep their content and their holes",
    arguments: ["gnu", "posix --sparse-version=0.0", "posix --sparse-version=0.1", "posix --sparse-version=1.0"])
  func sparse(_ format: String) throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      """
      mkdir tree; truncate -s 40M tree/s
      for i in $(seq 0 2 60); do echo piece $i | dd of=tree/s bs=64K seek=$i conv=notrunc status=none; done
      truncate -s 9M tree/hole; head -c 70000 /dev/zero | tr '\\0' a > tree/full; truncate -s 200000 tree/full; touch -d @1500000000 tree/* tree
      tar --format=\(format) -S -cf a.tar -C tree .
      """)
    let bytes = try readFile("\(scratch.path)/a.tar")
    #expect(bytes.count < 2 << 20)
    try unpack(bytes, into: try scratch.make("ours"))
    #expect(try scratch.listing(of: "ours") == scratch.listing(of: "tree"))
    #expect(try scratch.shell("du -k ours/s ours/hole | awk '{ if ($1 > 4096) print }'") == "")
    // The same through the reader's own view of the content.
    var reader = TarReader(MemorySource(bytes))
    while let entry = try reader.next(), !entry.path.description.hasSuffix("/s") {}
    let content = try reader.readAll(limit: 40 << 20)
    #expect(content.count == 40 << 20)
    #expect(content[(2 << 16)..<(2 << 16) + 8] == Array("piece 2\n".utf8)[...])
    #expect(content[(1 << 16)..<(2 << 16)].allSatisfy { $0 == 0 })
  }

  @Test("numbers: base 256 and negative times are read, and so are pax's own")
  func numbers() throws {
    let scratch = try ScratchFolder()
    try scratch.shell(
      "touch f; for t in -5 9000000000; do tar --format=gnu --mtime=@$t --owner=:4000000000 -rf a.tar f; done")
    let read = try entries(of: try readFile("\(scratch.path)/a.tar")).map(\.entry)
    #expect(read.map(\.modified.seconds) == [-5, 9_000_000_000])
    #expect(read.map(\.owner) == [4_000_000_000, 4_000_000_000])
    let header = RawHeader("f", type: "0").with()
    let timed = try entries(of: pax(["mtime=-1.5", "atime=7.1234567891", "uid=70000"]) + header).map(\.entry)
    #expect(
      timed == [
        TarEntry(
          path: "f", kind: .file, permissions: 0o644, owner: 70000,
          modified: .init(seconds: -2, nanoseconds: 500_000_000),
          accessed: .init(seconds: 7, nanoseconds: 123_456_789))
      ])
  }

  @Test("a global pax header holds for all entries that do not contradict it")
  func globalHeader() throws {
    let bytes =
      pax(["uid=5", "SCHILY.xattr.user.a=1"], type: "g") + RawHeader("a", type: "0").with() + pax(["uid=6"])
      + RawHeader("b", type: "0").with() + pax(["uid="]) + RawHeader("c", type: "0").with()
    let read = try entries(of: bytes).map(\.entry)
    #expect(read.map(\.owner) == [5, 6, 0])
    #expect(read.map(\.attributes) == Array(repeating: [ExtendedAttribute("user.a", [0x31])], count: 3))
  }

  @Test("an archive cut anywhere but between two entries is an error that names the entry")
  func truncation() throws {
    let long = RawPath(String(repeating: "d/", count: 80) + "f")
    let whole = try archive([file("a", String(repeating: "a", count: 700)), file(long, "b"), entry("d", .directory)])
    // Entries end at 1536 (512 + 1024), 4096 (pax 512 + 512, 512 + 512, less the split) and so on: take them from the
    // archives that end there.
    let ends = Set(
      try (0...3).map { count in
        try archive(
          Array([file("a", String(repeating: "a", count: 700)), file(long, "b"), entry("d", .directory)][..<count])
        )
        .count - 1024
      })
    for cut in Array(stride(from: 0, through: whole.count - 1024, by: 512)) + [1, 511, 513, 2000, whole.count - 1025] {
      let error = Result { try entries(of: Array(whole[..<cut])) }
      switch error {
      case .success(let read): #expect(ends.contains(cut), "cut at \(cut) gave \(read.count) entries")
      case .failure(let error):
        #expect(!ends.contains(cut), "cut at \(cut)")
        #expect("\(error)".hasSuffix("the archive ends in the middle of it"), "cut at \(cut): \(error)")
      }
    }
    let error = #expect(throws: ArchiveError.self) { try entries(of: Array(whole[..<1000])) }
    #expect(error?.description == "archive entry 1 \"a\": the archive ends in the middle of it")
  }

  @Test(
    "what is not as the format has it is an error that says so",
    arguments: malformedArchives)
  func malformed(_ archive: MalformedArchive) {
    let error = #expect(throws: ArchiveError.self) { try entries(of: archive.bytes) }
    #expect(error?.reason.description == archive.text)
  }

  @Test("content that is not read is skipped, and drain counts what follows the archive")
  func skipsAndDrains() throws {
    let bytes = try archive([file("a", String(repeating: "a", count: 3000)), file("b", "bee")])
    var reader = TarReader(MemorySource(bytes + [UInt8](repeating: 7, count: 700_000)))
    #expect(try reader.next()?.path == "a")
    #expect(try reader.next()?.path == "b")
    #expect(try reader.readAll(limit: 3) == Array("bee".utf8))
    #expect(try reader.next() == nil)
    #expect(try reader.drain() == 700_000)
  }

  @Test("a member larger than the caller's limit is not read into memory")
  func readAllIsBounded() throws {
    var reader = TarReader(MemorySource(try archive([file("a", "four")])))
    _ = try reader.next()
    let error = #expect(throws: ArchiveError.self) { try reader.readAll(limit: 3) }
    #expect(error?.description == "archive entry 1 \"a\": it is larger than 3")
  }
}

/// An archive that is to be refused, and with which words.
struct MalformedArchive: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let text: String

  init(_ name: String, _ bytes: [UInt8], _ text: String) {
    testDescription = name
    self.bytes = bytes
    self.text = text
  }
}

private let malformedArchives: [MalformedArchive] = [
  .init(
    "checksum",
    [0x62] + RawHeader("a", type: "0").with().dropFirst(), "the header's checksum is wrong"
  ),
  .init("type", RawHeader("a", type: "V").with(), "unsupported type \"V\""),
  .init("no name", RawHeader("", type: "0").with(), "it has no path"),
  .init("no target", RawHeader("a", type: "2").with(), "it links to nothing"),
  .init(
    "lone zero", [UInt8](repeating: 0, count: 512) + RawHeader("a", type: "0").with(),
    "a lone zero block in the middle of the archive"
  ),
  .init(
    "text", [UInt8]("no archive at all ".utf8) + [UInt8](repeating: 0x61, count: 1000),
    "the header's checksum is wrong"
  ),
  .init(
    "size",
    RawHeader("a", type: "0").setting([124: 0xff]).with(), "its size is no proper number"
  ),
  .init(
    "overflow",
    RawHeader("a", type: "0").setting([124: 0x80, 125: 0x7f]).with(), "its size is no proper number"
  ),
  .init("huge pax", RawHeader("p", type: "x", size: 2 << 20).with(), "the pax header is larger than 1048576"),
  .init(
    "huge name", RawHeader("p", type: "L", size: 5000).with([UInt8](repeating: 0x61, count: 5000)),
    "its path is larger than 4095"
  ),
  .init(
    "pax length", RawHeader("p", type: "x", size: 9).with(Array("99 path=x".utf8)),
    "a pax record has no proper length"
  ),
  .init("pax form", RawHeader("p", type: "x", size: 9).with(Array("9 path:x\n".utf8)), "a pax record is malformed"),
  .init("pax size", pax(["size=-1"]), "pax size is no number"),
  .init("pax big", pax(["size=99999999999999999999"]), "pax size is no number"),
  .init("pax NUL", pax(["path=a\u{0}b"]), "pax path contains a NUL byte"),
  .init("pax id", pax(["uid=4294967295"]) + RawHeader("a", type: "0").with(), "its owner is no proper id"),
  .init("pax time", pax(["mtime=soon"]), "pax mtime is no time"),
  .init(
    "xattr", pax(["SCHILY.xattr.\(String(repeating: "n", count: 256))=v"]),
    "an extended attribute's name is larger than 255"
  ),
  .init(
    "xattrs", pax((0...256).map { "SCHILY.xattr.user.\($0)=v" }),
    "the number of extended attributes is larger than 256"
  ),
  .init("dangling pax", pax(["path=a"]), "the archive ends in the middle of it"),
  .init(
    "sparse order",
    pax(["GNU.sparse.size=9", "GNU.sparse.map=5,1,2,1"]) + RawHeader("a", type: "0", size: 2).with([1, 2]),
    "the sparse map is out of order or out of the file"
  ),
  .init(
    "sparse sum",
    pax(["GNU.sparse.size=9", "GNU.sparse.map=0,1"]) + RawHeader("a", type: "0", size: 2).with([1, 2]),
    "the sparse map does not fit the stored size"
  ),
  .init(
    "sparse overflow",
    pax(["GNU.sparse.size=9", "GNU.sparse.map=9223372036854775807,9"]) + RawHeader("a", type: "0").with(),
    "the sparse map is out of order or out of the file"
  ),
  .init("sparse odd", pax(["GNU.sparse.map=1,2,3"]), "the sparse map is incomplete"),
  .init(
    "sparse endless",
    pax(["GNU.sparse.major=1", "GNU.sparse.realsize=9"])
      + RawHeader("a", type: "0", size: 512).with([UInt8]("999999999\n".utf8)),
    "the number of sparse segments is larger than 262144"
  ),
]

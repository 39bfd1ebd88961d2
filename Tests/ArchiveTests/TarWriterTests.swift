import Archive
import Linux
import Scratch
import Testing

@Suite("TarWriter") struct TarWriterTests {
  /// One entry for each thing that a header cannot hold by itself.
  private static let extremes: [(TarEntry, String)] = [
    file("a", "content"), file("empty", ""), entry("dir", .directory, 0o1777), entry("l", .symlink(to: "../t")),
    entry("h", .hardLink(to: "a")), entry("c", .characterDevice(.init(1, 3)), 0o666),
    entry("b", .blockDevice(.init(259, 1_048_575))), entry("pipe", .fifo, 0o6711),
    file(RawPath(String(repeating: "p/", count: 77) + String(repeating: "n", count: 100))),
    file(RawPath(String(repeating: "n", count: 101))), file(RawPath("a/" + String(repeating: "n", count: 101))),
    file(RawPath(String(repeating: "d/", count: 2000) + "deep")), file(RawPath([0x63, 0xe9]) ?? ""),
    entry(RawPath(String(repeating: "e", count: 100)), .directory),
    entry("long", .symlink(to: RawPath(String(repeating: "t", count: 150)))),
    (
      TarEntry(
        path: "meta", kind: .file, permissions: 0o4755, owner: 2_097_152, group: 4_294_967_294,
        modified: .init(seconds: -2, nanoseconds: 500_000_000), accessed: .init(seconds: 1, nanoseconds: 1),
        attributes: [ExtendedAttribute("security.capability", [0, 1, 2, 0x0a, 0x3d]), ExtendedAttribute("user.b", [])]),
      "m"
    ),
    (
      TarEntry(
        path: "late", kind: .file, permissions: 0, owner: 2_097_151,
        modified: .init(seconds: 8_589_934_592, nanoseconds: 0)), ""
    ),
  ]

  @Test("every entry comes back as it was written")
  func roundTrip() throws {
    let read = try entries(of: try archive(Self.extremes))
    let written = Self.extremes.map { entry, content in
      var entry = entry
      entry.size = Int64(content.utf8.count)
      if entry.kind == .directory { entry.path = RawPath(entry.path.bytes + [0x2f]) ?? "" }
      return entry
    }
    #expect(read.map(\.entry) == written)
    #expect(read.map(\.content) == Self.extremes.map(\.1))
  }

  @Test("GNU tar reads it without complaint")
  func gnuReads() throws {
    let scratch = try ScratchFolder()
    try replaceFile("\(scratch.path)/a.tar", try archive(Self.extremes))
    #expect(try scratch.shell("tar --warning=no-unknown-keyword -tf a.tar | wc -l") == "\(Self.extremes.count)\n")
    let list = try scratch.shell(
      "TZ=UTC tar --warning=no-unknown-keyword --full-time --numeric-owner -tvf a.tar c pipe late")
    #expect(
      list.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
        "crw-rw-rw- 0/0 1,3 1970-01-01 00:00:00 c", "prws--s--x 0/0 0 1970-01-01 00:00:00 pipe",
        "---------- 2097151/0 0 2242-03-16 12:56:32 late",
      ])
  }

  @Test("equal entries are equal bytes, whatever the order of their attributes")
  func deterministic() throws {
    let attributes = [ExtendedAttribute("user.a", [1]), ExtendedAttribute("user.b", [2])]
    func bytes(_ attributes: [ExtendedAttribute]) throws -> [UInt8] {
      try archive([(TarEntry(path: "f", kind: .file, permissions: 0o644, attributes: attributes), "x")])
    }
    #expect(try bytes(attributes) == bytes(attributes.reversed()))
  }

  @Test("pax records count their own length, across the digits")
  func paxLengths() throws {
    for count in 60...130 {
      let attribute = ExtendedAttribute("user.a", [UInt8](repeating: 0x61, count: count))
      let entry = TarEntry(path: "f", kind: .file, permissions: 0o644, attributes: [attribute])
      #expect(try entries(of: try archive([(entry, "")])).map(\.entry) == [entry])
    }
  }

  @Test("data that are more or less than the entry's size are an error")
  func sizeIsHeld() throws {
    var writer = TarWriter(MemorySink())
    try writer.begin(TarEntry(path: "f", kind: .file, permissions: 0o644, size: 2))
    let tooMuch = #expect(throws: ArchiveError.self) {
      try [UInt8](repeating: 0, count: 3).withUnsafeBytes { try writer.write($0) }
    }
    #expect(tooMuch?.description == "archive entry 1 \"f\": more data than its size says")
    let tooLittle = #expect(throws: ArchiveError.self) { try writer.finish() }
    #expect(tooLittle?.description == "archive entry 1 \"f\": less data than its size says")
  }

  @Test(
    "what an archive cannot hold is refused",
    arguments: [
      TarEntry(path: "", kind: .file, permissions: 0),
      TarEntry(path: RawPath(String(repeating: "a", count: 4096)), kind: .file, permissions: 0),
      TarEntry(path: "a", kind: .directory, permissions: 0, size: 1),
      TarEntry(path: "a", kind: .file, permissions: 0, size: -1),
      TarEntry(path: "a", kind: .symlink(to: ""), permissions: 0),
      TarEntry(path: "a", kind: .file, permissions: 0, attributes: [ExtendedAttribute("user.a=b", [])]),
      TarEntry(path: "a", kind: .characterDevice(.init(3_000_000, 0)), permissions: 0),
    ])
  func refuses(_ entry: TarEntry) {
    #expect(throws: ArchiveError.self) {
      var writer = TarWriter(MemorySink())
      try writer.begin(entry)
    }
  }
}

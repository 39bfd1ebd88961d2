import Glibc
import Linux
import Testing

@Suite("removeTree") struct RemoveTreeTests {
  /// Runs `body` in a directory of its own.
  private func inScratch(_ body: (Descriptor) throws -> Void) throws {
    var template = Array("/tmp/skiff-remove.XXXXXX".utf8CString)
    #expect(mkdtemp(&template) != nil)
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    try body(try open(path, O_RDONLY | O_DIRECTORY))
    #expect(rmdir(path) == 0, "it must be empty again")
  }

  @Test("a tree deeper than any path is removed with two descriptors")
  func deep() throws {
    try inScratch { scratch in
      var current = scratch
      for _ in 0..<3000 {
        try makeDirectory("d", at: current, mode: 0o700)
        current = try open("d" as RawPath, at: current, O_RDONLY | O_DIRECTORY)
      }
      try removeTree("d" as RawPath, at: scratch)
    }
  }

  @Test("names that are no UTF-8 are removed, and what links point to is not")
  func foreignNames() throws {
    try inScratch { scratch in
      let name = try #require(RawPath([0x63, 0xe9, 0x0a]))
      try makeDirectory(name, at: scratch, mode: 0)
      let inner = try open(name, at: scratch, O_RDONLY | O_DIRECTORY)
      try makeDirectory(name, at: inner, mode: 0o700)
      try makeDirectory("kept", at: scratch, mode: 0o700)
      try makeNode("kept/file", at: scratch, mode: S_IFIFO | 0o600)
      try symlink("../kept", "link", at: inner)
      try removeTree(name, at: scratch)
      #expect(try scratch.rawEntries() == ["kept"])
      try removeTree("kept", at: .directory(scratch))
    }
  }

  @Test("what is not there is no error")
  func missing() throws {
    try inScratch { try removeTree("none" as RawPath, at: $0) }
  }
}

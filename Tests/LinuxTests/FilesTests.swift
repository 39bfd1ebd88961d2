import Glibc
import Linux
import Testing

@Suite("Files") struct FilesTests {
  @Test("a confined open folds `..`, absolute paths and links back into the root")
  func confinedOpen() throws {
    try withTemporaryDirectory { path, directory in
      try makeDirectory("root", at: .directory(directory))
      let root = try open("root", at: .directory(directory), O_RDONLY | O_DIRECTORY)
      try replaceFile("outside", at: .directory(directory), Array("host".utf8))
      try replaceFile("outside", at: .directory(root), Array("container".utf8))
      try symlink("/outside", "absolute", at: .directory(root))
      try symlink("../../../outside", "climbing", at: .directory(root))
      for name in ["absolute", "climbing", "../outside", "/outside"] {
        let bytes = try open(name, below: root, O_RDONLY).readAll(limit: 64)
        #expect(String(decoding: bytes, as: UTF8.self) == "container", "\(name)")
      }
    }
  }

  @Test("a confined open refuses magic links, which lead to files of the host")
  func confinedOpenRefusesMagicLinks() throws {
    let proc = try open("/proc", O_PATH | O_DIRECTORY)
    #expect(throws: SyscallError("openat2", "self/exe", errno: .tooManyLinks)) {
      try open("self/exe", below: proc, O_RDONLY)
    }
  }

  @Test("replaceFile leaves the old content and no temporary file when it fails")
  func replaceFileFails() throws {
    try withTemporaryDirectory { path, directory in
      try makeDirectory("taken", at: .directory(directory))
      #expect(throws: SyscallError.self) { try replaceFile("taken", at: .directory(directory), [1]) }
      #expect(try directory.entries() == ["taken"])
    }
  }

  @Test("removeTree removes links, not what they point to")
  func removeTreeKeepsTargets() throws {
    try withTemporaryDirectory { path, directory in
      try makeDirectories("\(path)/tree/a/b")
      try replaceFile("kept", at: .directory(directory), [1])
      try symlink("../../kept", "tree/a/link", at: .directory(directory))
      try symlink("/", "tree/a/b/everything", at: .directory(directory))
      try removeTree("tree", at: .directory(directory))
      #expect(try directory.entries() == ["kept"])
    }
  }
}

/// Runs `body` with a new directory, which is gone afterwards.
func withTemporaryDirectory(_ body: (String, Descriptor) throws -> Void) throws {
  let path = "/tmp/skiff-linux-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  try makeDirectory(path, mode: 0o700)
  defer { try? removeTree(path) }
  try body(path, try open(path, O_RDONLY | O_DIRECTORY))
}

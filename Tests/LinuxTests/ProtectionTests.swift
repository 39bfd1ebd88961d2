import Glibc
import Linux
import Testing

@Suite("What others must not change") struct ProtectionTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let path = "/tmp/skiff-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try replaceFile(path, Array("text".utf8))
    defer { _ = Glibc.unlink(path) }
    try body(path)
  }

  @Test("through an unwritable clone nobody writes, and the file itself stays writable")
  func clone() throws {
    try withFile { path in
      let clone = try Descriptor.unwritableClone(of: path)
      #expect(throws: SyscallError("open", clone.procPath, errno: Errno(EROFS))) { try open(clone.procPath, O_WRONLY) }
      #expect(try readText(clone.procPath) == "text")
      #expect(try clone.isUnwritable(link: readLink(clone.procPath)))
      try writeExisting(path, "next")
      #expect(try readText(clone.procPath) == "next")
    }
  }

  @Test("a file at its usual place is not taken for one")
  func ordinaryFile() throws {
    try withFile { path in
      let file = try open(path, O_RDONLY)
      #expect(try !file.isUnwritable(link: readLink(file.procPath)))
      // Nor for its name alone.
      #expect(try !file.isUnwritable(link: "/"))
    }
  }

  @Test("a terminal is opened in a devpts only")
  func terminals() throws {
    let folder = "/tmp/skiff-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try makeDirectory(folder)
    defer { #expect(throws: Never.self) { try removeTree(folder) } }
    try symlink("/dev/ptmx", "\(folder)/ptmx")
    #expect(throws: SyscallError("open", "ptmx of something that is no devpts", errno: .invalidArgument)) {
      try PseudoTerminal(in: try open(folder, O_RDONLY | O_DIRECTORY))
    }
    let context = try FileSystemContext("devpts")
    #expect(try PseudoTerminal(in: context.mount()).number == 0)
  }
}

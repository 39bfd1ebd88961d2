import Glibc
import Linux
import Testing

@testable import Runtime

@Suite("Copying a tree") struct TreeCopyTests {
  /// Runs `body` with two new directories.
  private func withDirectories(_ body: (_ source: String, _ target: String) throws -> Void) throws {
    let folder = "/tmp/skiff-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try makeDirectories("\(folder)/source")
    try makeDirectories("\(folder)/target")
    defer { #expect(throws: Never.self) { try removeTree(folder) } }
    try body("\(folder)/source", "\(folder)/target")
  }

  private func copy(_ source: String, _ target: String) throws {
    let flags = O_RDONLY | O_DIRECTORY
    try TreeCopy.copy(try open(source, flags), to: try open(target, flags))
  }

  @Test("files, directories, links and nodes come with their owners and modes")
  func everything() throws {
    try withDirectories { source, target in
      try makeDirectory("\(source)/d")
      try replaceFile("\(source)/d/f", [1, 2, 3])
      try #require(chmod("\(source)/d/f", 0o4711) == 0)
      try setOwner("\(source)/d", owner: 5, group: 6)
      try symlink("/nowhere", "\(source)/l")
      try setOwner("\(source)/l", owner: 7, group: 8)
      try #require(mkfifo("\(source)/p", 0o640) == 0)
      try copy(source, target)
      for name in ["d", "d/f", "l", "p"] {
        let from = try status(of: "\(source)/\(name)", followLinks: false)
        let to = try status(of: "\(target)/\(name)", followLinks: false)
        #expect([from.mode, from.owner, from.group] == [to.mode, to.owner, to.group], "\(name)")
      }
      #expect(try readFile("\(target)/d/f") == [1, 2, 3])
      #expect(try readLink("\(target)/l") == "/nowhere")
    }
  }

  @Test("a tree that is deeper than any that means well is refused")
  func depth() throws {
    try withDirectories { source, target in
      try makeDirectories(source + String(repeating: "/d", count: 200))
      #expect(throws: SyscallError("copy", "tree of 128 levels", errno: .tooManyLinks)) { try copy(source, target) }
    }
  }
}

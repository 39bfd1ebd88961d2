import Glibc
import Linux
import Seccomp
import Testing

@Suite("SeccompCache") struct SeccompCacheTests {
  private let profile = SeccompProfile(
    defaultAction: .errno(1), flags: [.log], rules: [.init(names: ["read", "write"], action: .allow)])

  @Test("what comes from the disk is what was compiled, and the file is not written again")
  func hit() throws {
    try withCache { cache, directory in
      let compiled = try profile.compile()
      #expect(try cache.program(for: profile) == compiled)
      let name = try #require(try directory.entries().first)
      let inode = try status(of: name, at: .directory(directory)).inode
      #expect(try cache.program(for: profile) == compiled)
      #expect(try directory.entries() == [name])
      #expect(try status(of: name, at: .directory(directory)).inode == inode)
      #expect(try status(of: name, at: .directory(directory)).permissions == 0o600)
    }
  }

  @Test("profiles that differ in anything have files of their own")
  func separate() throws {
    try withCache { cache, directory in
      var other = profile
      other.defaultAction = .errno(2)
      var third = profile
      third.rules = [.init(names: ["read"], action: .allow), .init(names: ["write"], action: .allow)]
      for profile in [profile, other, third] {
        let (cached, compiled) = (try cache.program(for: profile), try profile.compile())
        #expect(cached == compiled)
      }
      let files = try directory.entries()
      #expect(files.count == 3)
    }
  }

  @Test(
    "a file that is cut, changed or grown is compiled anew and replaced",
    arguments: ["truncated", "empty", "other magic", "other key", "part of an instruction", "longer"])
  func damage(kind: String) throws {
    try withCache { cache, directory in
      let compiled = try cache.program(for: profile)
      let name = try #require(try directory.entries().first)
      let good = try readFile(name, at: .directory(directory))
      var bytes = good
      switch kind {
      case "truncated": bytes.removeLast(8)
      case "empty": bytes = []
      case "other magic": bytes[0] ^= 1
      case "other key": bytes[20] ^= 1
      case "part of an instruction": bytes.removeLast(3)
      default: bytes += [UInt8](repeating: 0, count: 8)
      }
      try replaceFile(name, at: .directory(directory), bytes)
      #expect(try cache.program(for: profile) == compiled)
      #expect(try readFile(name, at: .directory(directory)) == good)
    }
  }

  @Test("a file that others may write, or a link, is not believed", arguments: ["writable", "owner", "link"])
  func distrust(kind: String) throws {
    try withCache { cache, directory in
      let compiled = try cache.program(for: profile)
      let name = try #require(try directory.entries().first)
      // Whoever could write there would allow everything: a program of the right size, all of it "return allow".
      let good = try readFile(name, at: .directory(directory))
      let allow: [UInt8] = [0x06, 0, 0, 0, 0, 0, 0xff, 0x7f]
      let start = good.count - compiled.bytes.count
      let evil = good[..<start] + (0..<compiled.bytes.count / 8).flatMap { _ in allow }
      try replaceFile(name, at: .directory(directory), Array(evil))
      switch kind {
      case "writable": #expect(fchmodat(directory.raw, name, 0o620, 0) == 0)
      case "owner": #expect(fchownat(directory.raw, name, 1000, 1000, 0) == 0)
      default:
        try rename(name, at: .directory(directory), to: "elsewhere", at: .directory(directory))
        try symlink("elsewhere", name, at: .directory(directory))
      }
      #expect(try cache.program(for: profile) == compiled)
      #expect(try readFile(name, at: .directory(directory)) == good)
    }
  }

  @Test("a cache that cannot be written still gives the program")
  func unwritable() throws {
    let proc = try open("/proc", O_RDONLY | O_DIRECTORY)
    #expect(try SeccompCache(directory: proc).program(for: profile) == profile.compile())
  }

  private func withCache(_ body: (SeccompCache, Descriptor) throws -> Void) throws {
    let path = "/tmp/skiff-seccomp-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try makeDirectory(path, mode: 0o700)
    defer { try? removeTree(path) }
    let directory = try open(path, O_RDONLY | O_DIRECTORY)
    try body(SeccompCache(directory: directory), directory)
  }
}

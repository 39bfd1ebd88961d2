import Linux
import Testing

@testable import Runtime

@Suite("Mount options") struct MountOptionsTests {
  @Test("options are sorted into attributes, propagation and the file system's own")
  func sorts() throws {
    let options = try MountOptions(
      ["rbind", "rprivate", "nosuid", "noexec", "mode=755", "size=64k", "rro"], destination: "/x")
    #expect(options.set == [.noSuid, .noExec])
    #expect(options.recursiveSet == .readOnly)
    #expect(options.isBind && options.isBindRecursive)
    #expect(options.propagation == .private && options.isPropagationRecursive)
    #expect(options.data == ["mode=755", "size=64k"])
  }

  @Test("the last of two contrary options wins")
  func lastWins() throws {
    #expect(try MountOptions(["ro", "rw"], destination: "/x").set == [])
    #expect(try MountOptions(["rw", "ro"], destination: "/x").set == .readOnly)
    #expect(try MountOptions(["rw", "ro"], destination: "/x").clear == [])
  }

  @Test("an id-mapped mount is refused by name")
  func refusesIDMap() {
    #expect(throws: RuntimeError(.unsupported, "mount \"/x\": option \"idmap\" is not supported yet")) {
      try MountOptions(["bind", "idmap"], destination: "/x")
    }
  }
}

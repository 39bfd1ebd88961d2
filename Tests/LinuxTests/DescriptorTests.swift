import Glibc
import Linux
import Testing

@Suite("Descriptor") struct DescriptorTests {
  @Test("a descriptor is closed when its last reference goes")
  func closesWithLastReference() throws {
    var descriptor: Descriptor? = Descriptor(owning: dup(1))
    let raw = try #require(descriptor?.raw)
    #expect(fcntl(raw, F_GETFD) >= 0)
    descriptor = nil
    #expect(fcntl(raw, F_GETFD) == -1)
  }

  @Test("readAll: what is longer than the limit is an error, not a truncation")
  func readAllIsBounded() throws {
    let file = Descriptor(owning: open("/proc/self/stat", O_RDONLY | O_CLOEXEC))
    #expect(throws: SyscallError("read", errno: Errno(EFBIG))) { try file.readAll(limit: 3) }
  }

  @Test("an error names the call, its subject and the kernel's reason")
  func errorText() {
    let error = SyscallError("openat2", "/x", errno: .noSuchFile)
    #expect(error.description == "openat2 /x: no such file or directory")
  }
}

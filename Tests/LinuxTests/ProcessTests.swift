import Glibc
import Linux
import Testing

@Suite("Processes") struct ProcessTests {
  @Test("the start time of a process is read past whatever its name holds")
  func startTime() throws {
    let own = try ProcessStat(pid: getpid())
    #expect(own.parent == getppid())
    #expect(own.isZombie == false)
    #expect(own.startTime > 0)
  }

  @Test("a pidfd tells its pid, and after the end that there is no process")
  func pidOfHandle() throws {
    #expect(try openProcess(getpid()).processIdentifier() == getpid())
  }

  @Test(
    "signals are known by name in any case, by number and by distance",
    arguments: [("TERM", 15), ("sigkill", 9), ("10", 10), ("RTMIN+1", 35), ("SIGRTMAX-2", 62)])
  func signalNames(name: String, number: Int32) {
    #expect(Signal.number(name) == number)
  }

  @Test("what is no signal has no number", arguments: ["", "SIG", "65", "0", "-9", "RTMIN+31", "TERMINATE"])
  func unknownSignals(name: String) {
    #expect(Signal.number(name) == nil)
  }

  @Test("a sealed copy cannot be written")
  func sealedCopy() throws {
    let copy = try Descriptor.sealedCopy(of: "/proc/self/exe", name: "copy")
    #expect(copy.isSealed)
    #expect(throws: SyscallError("write", errno: .notPermitted)) { try copy.writeAll([0]) }
  }
}

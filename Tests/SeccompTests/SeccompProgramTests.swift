import Glibc
import Linux
import Seccomp
import Testing

@Suite("SeccompProfile") struct SeccompProgramTests {
  @Test("Docker's profile decides on calls, arguments and foreign architectures as it says")
  func dockerDecisions() throws {
    let program = try dockerProfile().compile().bytes
    let newNamespace = UInt64(CLONE_NEWUSER)
    let decisions = [
      ("read", SystemCall(number: SystemCall.read)),
      ("keyctl", SystemCall(number: SystemCall.keyctl)),
      ("unshare", SystemCall(number: SystemCall.unshare)),
      ("clone of a thread", SystemCall(number: SystemCall.clone, arguments: [UInt64(CLONE_VM)])),
      ("clone into a user namespace", SystemCall(number: SystemCall.clone, arguments: [newNamespace])),
      ("clone3", SystemCall(number: SystemCall.clone3)),
      ("socket of inet", SystemCall(number: SystemCall.socket, arguments: [2])),
      ("socket of vsock", SystemCall(number: SystemCall.socket, arguments: [40])),
      ("personality linux", SystemCall(number: SystemCall.personality, arguments: [0])),
      ("personality svr4", SystemCall(number: SystemCall.personality, arguments: [1])),
      ("i386 read", SystemCall(number: 3, architecture: 0x4000_0003)),
      ("i386 keyctl", SystemCall(number: 288, architecture: 0x4000_0003)),
      ("x32 read", SystemCall(number: 0x4000_0000)),
      ("arm64 read", SystemCall(number: 63, architecture: 0xc000_00b7)),
    ].map { "\($0): \(decision(program, $1))" }.joined(separator: "\n")
    #expect(
      decisions == """
        read: allow
        keyctl: errno 1
        unshare: errno 1
        clone of a thread: allow
        clone into a user namespace: errno 1
        clone3: errno 38
        socket of inet: allow
        socket of vsock: errno 1
        personality linux: allow
        personality svr4: errno 1
        i386 read: allow
        i386 keyctl: errno 1
        x32 read: allow
        arm64 read: kill thread
        """)
  }

  @Test("a call that is newer than the profile does not exist, on each architecture")
  func newerCalls() throws {
    let program = try dockerProfile().compile().bytes
    let decisions = [
      SystemCall(number: 5000), SystemCall(number: 0x4000_0000 | 5000),
      SystemCall(number: 5000, architecture: 0x4000_0003),
    ].map { decision(program, $0) }
    #expect(decisions == ["errno 38", "errno 38", "errno 38"])
  }

  @Test("a call that is newer than the profile is left to a profile that allows by default")
  func newerCallsAllowed() throws {
    let profile = SeccompProfile(
      defaultAction: .allow, rules: [.init(names: ["unshare"], action: .errno(UInt16(EPERM)))])
    let program = try profile.compile().bytes
    #expect(decision(program, SystemCall(number: 5000)) == "allow")
    #expect(decision(program, SystemCall(number: SystemCall.unshare)) == "errno 1")
  }

  @Test("without x32 in the profile its calls are refused as of another architecture")
  func withoutX32() throws {
    let profile = SeccompProfile(
      defaultAction: .errno(1), architectures: ["SCMP_ARCH_X86_64"], rules: [.init(names: ["read"], action: .allow)])
    let program = try profile.compile().bytes
    let calls: [UInt32] = [0, 1, 0x4000_0000, 0x4000_0000 | 5000]
    #expect(
      calls.map { decision(program, SystemCall(number: $0)) } == ["allow", "errno 38", "kill thread", "kill thread"])
  }

  @Test("a rule that says the default, and names nobody knows, are passed over")
  func passesOver() throws {
    let profile = SeccompProfile(
      defaultAction: .errno(1),
      rules: [
        .init(names: ["unshare"], action: .errno(1)), .init(names: ["no_such_call", "read", "clone3"], action: .allow),
      ])
    let program = try profile.compile().bytes
    #expect(decision(program, SystemCall(number: SystemCall.unshare)) == "errno 1")
    #expect(decision(program, SystemCall(number: SystemCall.read)) == "allow")
  }

  @Test("several conditions on one argument are alternatives")
  func alternatives() throws {
    let profile = SeccompProfile(
      defaultAction: .errno(1),
      rules: [
        .init(
          names: ["personality"], action: .allow,
          arguments: [
            .init(index: 0, comparison: .equal, value: 3), .init(index: 0, comparison: .equal, value: 5),
          ])
      ])
    let program = try profile.compile().bytes
    let decisions = [3, 4, 5].map {
      decision(program, SystemCall(number: SystemCall.personality, arguments: [UInt64($0)]))
    }
    #expect(decisions == ["allow", "errno 1", "allow"])
  }

  @Test("the kernel takes Docker's program, and it blocks what it should")
  func installs() throws {
    let program = try dockerProfile().compile()
    // Only the thread writes it, and it has ended when it is read.
    nonisolated(unsafe) var outcome: [String] = []
    // A filter belongs to one thread, and so does no_new_privs; both end with it.
    onThread {
      do throws(SyscallError) {
        try setNoNewPrivileges()
        try program.install()
        do { try unshare([.uts]) } catch { outcome.append("\(error)") }
        let status = try readText("/proc/thread-self/status")
        outcome += status.split(separator: "\n").filter { $0.hasPrefix("Seccomp:") }.map(String.init)
      } catch { outcome.append("\(error)") }
    }
    #expect(outcome == ["unshare uts: operation not permitted", "Seccomp:\t2"])
  }

  @Test("names that we do not know are refused by name")
  func refusals() {
    func text(_ body: () throws(SeccompError) -> Void) -> String {
      do {
        try body()
        return "accepted"
      } catch { return error.description }
    }
    let texts = [
      text { () throws(SeccompError) in _ = try SeccompAction(name: "SCMP_ACT_PANIC") },
      text { () throws(SeccompError) in _ = try SeccompAction(name: "SCMP_ACT_NOTIFY") },
      text { () throws(SeccompError) in _ = try SeccompAction(name: "SCMP_ACT_ERRNO", errnoRet: 70000) },
      text { () throws(SeccompError) in _ = try SeccompProfile.Comparison(name: "SCMP_CMP_ODD") },
      text { () throws(SeccompError) in _ = try SeccompFlag(name: "SECCOMP_FILTER_FLAG_NEW_LISTENER") },
      text { () throws(SeccompError) in
        _ = try SeccompProfile(defaultAction: .allow, architectures: ["SCMP_ARCH_VAX"]).compile()
      },
    ]
    #expect(
      texts.joined(separator: "\n") == """
        seccomp: there is no action "SCMP_ACT_PANIC"
        seccomp: action "SCMP_ACT_NOTIFY" is not supported: it needs a listener
        seccomp: 70000 is no error number: it must be below 65536
        seccomp: there is no operator "SCMP_CMP_ODD"
        seccomp: flag "SECCOMP_FILTER_FLAG_NEW_LISTENER" is not supported
        seccomp: libseccomp does not know the architecture "SCMP_ARCH_VAX"
        """)
  }
}

/// Runs `body` on a thread of its own and waits for it.
private func onThread(_ body: @escaping () -> Void) {
  final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body)).toOpaque()
  let code = pthread_create(
    &thread, nil,
    { pointer in
      pointer.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
      return nil
    }, box)
  #expect(code == 0)
  pthread_join(thread, nil)
}

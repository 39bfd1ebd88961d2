import Glibc
import Linux
import OCI

/// The last stretch of a child, from inside the container to the program: streams, privileges, start signal, exec.
struct ProcessStart {
  let setup: ProcessSetup
  let streams: ChildStreams
  let report: Descriptor
  /// Non-nil: wait there to be started.
  let startSocket: Descriptor?
  let startHooks: [RuntimeSpec.Hook]
  let hookState: RuntimeState

  /// Becomes the program, or reports why not and exits.
  func run() -> Never {
    let kept: KeptDescriptors
    do {
      kept = try during("prepare the standard streams") {
        try streams.install()
        // A path such as /proc/self/fd/7 must find nothing of ours (CVE-2024-21626), so all the rest is closed before
        // any path of the spec is used.
        return try KeptDescriptors(report: report, startSocket: startSocket, initProgram: setup.initProgram)
      }
    } catch { report.fail(error) }
    var channel = kept.report
    do throws(RuntimeError) {
      // As root still: the image may keep its passwd from others.
      let environment = Environment(setup.process.env).completed(for: setup.process.user.uid)
      try setup.applyLimits()
      try setup.dropPrivileges()
      let program = try setup.locateProgram()
      if let socket = kept.startSocket {
        try during("wait to be started") {
          try kept.report.writeAll(ChildReport.ready.bytes)
          channel = try socket.accept()
        }
      }
      for hook in startHooks { try hook.run(hookState) }
      throw setup.with(initProgram: kept.initProgram).execute(program, environment: environment)
    } catch { channel.fail(error) }
  }
}

extension ProcessSetup {
  fileprivate func with(initProgram: Descriptor?) -> ProcessSetup {
    ProcessSetup(process: process, seccomp: seccomp, initProgram: initProgram)
  }
}

/// What becomes of descriptors 0, 1 and 2.
enum ChildStreams {
  /// They stay what they are.
  case inherited
  case descriptors(input: Descriptor, output: Descriptor, error: Descriptor)
  /// A terminal, which becomes the session's controlling one.
  case terminal(Descriptor)

  /// Puts them in place.
  func install() throws(SyscallError) {
    switch self {
    case .inherited: return
    case .descriptors(let input, let output, let error):
      // Away from the low numbers first: one of the three may itself be 0, 1 or 2.
      let copies = try [input.moved(), output.moved(), error.moved()]
      for (number, copy) in copies.enumerated() { try copy.install(as: Int32(number)) }
    case .terminal(let terminal):
      try terminal.becomeControllingTerminal()
      for number in 0..<3 { try terminal.install(as: Int32(number)) }
    }
  }
}

/// The few descriptors that a child still needs, at 3 and up; all others are closed.
private struct KeptDescriptors {
  let report: Descriptor
  let startSocket: Descriptor?
  let initProgram: Descriptor?

  init(report: Descriptor, startSocket: Descriptor?, initProgram: Descriptor?) throws(SyscallError) {
    var next: Int32 = 3
    let sources = [report, startSocket, initProgram]
    var copies: [Descriptor?] = []
    for source in sources { copies.append(try source?.moved()) }
    var kept: [Descriptor?] = []
    for copy in copies {
      guard let copy else {
        kept.append(nil)
        continue
      }
      try copy.install(as: next, closeOnExecute: true)
      kept.append(Descriptor(owning: next))
      next += 1
    }
    // The objects that owned the rest are never released: this process ends in exec or _exit.
    for copy in copies { if let copy { _ = Unmanaged.passRetained(copy) } }
    self.report = kept[0] ?? report
    self.startSocket = kept[1]
    self.initProgram = kept[2]
    try closeAll(from: UInt32(next))
  }
}

extension Descriptor {
  /// A duplicate out of the way of the numbers that children use.
  fileprivate func moved() throws(SyscallError) -> Descriptor { try duplicate(from: 64) }

  /// Reports `error` on this channel and ends the child.
  func fail(_ error: RuntimeError) -> Never {
    try? writeAll(ChildReport.failed(error).bytes)
    _exit(1)
  }
}

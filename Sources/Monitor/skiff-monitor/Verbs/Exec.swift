import Cgroups
import Glibc
import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `exec [-d] [-t] [-p PROCESS.json] [--cwd DIR] [-e K=V]… [-u UID[:GID]] [--pid-file F] [--console-socket S] ID CMD…`
  static func exec(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(
      words, flags: ["d", "detach", "t", "tty", "no-new-privs", "ignore-paused"],
      values: [
        "p", "process", "cwd", "e", "env", "u", "user", "g", "additional-gids", "c", "cap", "pid-file",
        "console-socket", "preserve-fds", "apparmor", "process-label", "cgroup",
      ])
    for name in ["apparmor", "process-label", "cgroup"] where arguments.value(name) != nil {
      throw RuntimeError(.unsupported, "--\(name) is not supported yet")
    }
    try SealedProgram.ensure()
    let record = try globals.root.record(try arguments.operand(0, "the container's id"))
    if try record.status(in: globals.root.directory(of: record.id)) == .paused, !arguments.has("ignore-paused") {
      throw RuntimeError(.conflict, "cannot exec in container \"\(record.id)\": it is paused")
    }
    let spec = try globals.root.spec(record.id)
    var process = try executedProcess(arguments, spec.process)
    if process.terminal, arguments.value("console-socket") == nil { TerminalBridge.giveOwnSize(to: &process) }
    let isDetached = arguments.has("d", "detach")
    let foreground = isDetached ? nil : try Foreground()
    if isDetached, process.terminal, arguments.value("console-socket") == nil {
      throw RuntimeError(.invalid, "a detached process with a terminal needs --console-socket")
    }
    let launch = ExecLaunch(
      process: process, streams: process.terminal ? .terminal : .inherited,
      seccomp: try globals.root.seccompProgram(spec),
      container: try record.runningProcess(), cgroup: try record.cgroup())
    var launched = try launch.launch()
    if let path = arguments.value("console-socket"), let terminal = launched.terminal {
      try sendTerminal(terminal, toSocket: path)
      launched = LaunchedProcess(child: launched.child, terminal: nil)
    }
    if let file = arguments.value("pid-file") {
      try during("write the pid file") { try replaceFile(file, Array("\(launched.child.pid)".utf8), mode: 0o644) }
    }
    return try foreground?.follow(launched).code ?? 0
  }

  /// The process of `--process`, or the container's own with the command and what the flags change.
  private static func executedProcess(
    _ arguments: Arguments, _ own: RuntimeSpec.Process?
  ) throws(RuntimeError) -> RuntimeSpec.Process {
    if let path = arguments.value("p", "process") {
      do { return try BoundedJSON.decode(RuntimeSpec.Process.self, from: try readFile(path)) } catch {
        throw RuntimeError(.invalid, "cannot read the process \"\(path)\": \(error)")
      }
    }
    var process = own ?? RuntimeSpec.Process()
    process.args = Array(arguments.operands.dropFirst())
    process.terminal = arguments.has("t", "tty")
    process.env += arguments.all("e", "env")
    if let directory = arguments.value("cwd") { process.cwd = directory }
    if arguments.has("no-new-privs") { process.noNewPrivileges = true }
    if let text = arguments.value("u", "user") {
      let ids = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
      guard (1...2).contains(ids.count), let uid = ids[0], let gid = ids.count == 2 ? ids[1] : process.user.gid else {
        throw RuntimeError(.invalid, "invalid user \"\(text)\": a number, or two with a colon between them")
      }
      process.user.uid = uid
      process.user.gid = gid
    }
    for text in arguments.all("g", "additional-gids") {
      guard let gid = UInt32(text) else { throw RuntimeError(.invalid, "invalid group \"\(text)\": not a number") }
      process.user.additionalGids.append(gid)
    }
    for name in arguments.all("c", "cap") {
      var sets = process.capabilities ?? RuntimeSpec.Capabilities()
      sets.bounding.append(name)
      sets.effective.append(name)
      sets.permitted.append(name)
      process.capabilities = sets
    }
    return process
  }
}

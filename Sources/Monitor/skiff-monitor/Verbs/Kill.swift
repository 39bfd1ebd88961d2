import Cgroups
import Glibc
import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `kill [-a] ID [SIGNAL]`
  static func kill(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: ["a", "all"], values: [])
    let record = try globals.root.record(try arguments.operand(0, "the container's id"))
    let name = arguments.operands.count > 1 ? arguments.operands[1] : "SIGTERM"
    guard let signal = Signal.number(name) else { throw RuntimeError(.invalid, "unknown signal \"\(name)\"") }
    if arguments.has("a", "all") {
      let cgroup = try record.cgroup()
      if signal == SIGKILL {
        try during("kill container \"\(record.id)\"") { try cgroup.kill() }
      } else {
        let processes = try during("list the container's processes") { try cgroup.processes() }
        for pid in processes { _ = Glibc.kill(pid, signal) }
      }
      return 0
    }
    let process = try record.runningProcess()
    try during("signal container \"\(record.id)\"") {
      try process.sendSignal(signal)
      // On cgroup v1 a frozen process does not even die.
      if signal == SIGKILL, try record.cgroup().isFrozen() { try record.cgroup().thaw() }
    }
    return 0
  }

  /// `pause ID`
  static func pause(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let record = try globals.root.record(try Arguments(words, flags: [], values: []).operand(0, "the container's id"))
    _ = try record.runningProcess()
    try during("pause container \"\(record.id)\"") { try record.cgroup().freeze(within: .seconds(10)) }
    return 0
  }

  /// `resume ID`
  static func resume(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let record = try globals.root.record(try Arguments(words, flags: [], values: []).operand(0, "the container's id"))
    guard try record.status(in: globals.root.directory(of: record.id)) == .paused else {
      throw RuntimeError(.conflict, "container \"\(record.id)\" is not paused")
    }
    try during("resume container \"\(record.id)\"") { try record.cgroup().thaw() }
    return 0
  }

  /// `delete [-f] ID`
  static func delete(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: ["f", "force"], values: [])
    let id = try arguments.operand(0, "the container's id")
    let isForced = arguments.has("f", "force")
    do { try deleteContainer(id, globals.root, force: isForced) } catch {
      // Deleting by force what is not there is what was asked.
      if isForced, error.kind == .notFound { return 0 }
      throw error
    }
    return 0
  }

  /// Removes everything that belongs to the container `id`, killing what runs in it when `force` says so.
  static func deleteContainer(_ id: String, _ root: StateRoot, force: Bool) throws(RuntimeError) {
    if force, try root.isEmpty(id) { return try root.remove(id) }
    let record = try root.record(id)
    let status = try record.status(in: root.directory(of: id))
    guard status == .stopped || force else {
      throw RuntimeError(
        .conflict, "cannot delete container \"\(id)\": it is \(status.rawValue)\nhint: stop it, or use --force")
    }
    try destroy(record, root)
  }

  /// Ends everything that runs in the container of `record` and removes all that belongs to it.
  static func destroy(_ record: ContainerRecord, _ root: StateRoot) throws(RuntimeError) {
    let cgroup = try record.cgroup()
    try during("delete container \"\(record.id)\"") {
      // With its own pid namespace all others died with the init; without, they are found by their cgroup.
      if try cgroup.isPopulated() {
        try cgroup.kill()
        try cgroup.waitUntilEmpty(within: .seconds(10))
      }
      try cgroup.remove()
    }
    record.run(record.poststop, .stopped)
    try root.remove(record.id)
  }
}

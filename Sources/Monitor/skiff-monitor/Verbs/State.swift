import Cgroups
import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `state ID`
  static func state(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let id = try Arguments(words, flags: [], values: []).operand(0, "the container's id")
    try writeJSON(currentState(id, globals.root))
    return 0
  }

  /// `list [-q] [-f json|table]`
  static func list(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: ["q", "quiet"], values: ["f", "format"])
    let ids = try globals.root.ids().filter { (try? globals.root.record($0)) != nil }
    if arguments.has("q", "quiet") {
      write(ids.map { "\($0)\n" }.joined())
      return 0
    }
    var states: [RuntimeState] = []
    for id in ids { states.append(try currentState(id, globals.root)) }
    if arguments.value("f", "format") == "json" {
      try writeJSON(states)
    } else {
      write("ID\tPID\tSTATUS\tBUNDLE\n")
      for state in states { write("\(state.id)\t\(state.pid ?? 0)\t\(state.status.rawValue)\t\(state.bundle)\n") }
    }
    return 0
  }

  /// `ps [-f json|table] ID`
  static func listProcesses(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: [], values: ["f", "format"])
    let record = try globals.root.record(try arguments.operand(0, "the container's id"))
    let processes = try during("list the container's processes") { try record.cgroup().processes().sorted() }
    if arguments.value("f", "format") == "json" {
      try writeJSON(processes)
    } else {
      write("PID\n" + processes.map { "\($0)\n" }.joined())
    }
    return 0
  }

  private static func currentState(_ id: String, _ root: StateRoot) throws(RuntimeError) -> RuntimeState {
    let record = try root.record(id)
    return record.state(try record.status(in: root.directory(of: id)))
  }

  /// Prints `value` as one JSON document.
  static func writeJSON(_ value: some Encodable) throws(RuntimeError) {
    write(String(decoding: try during("encode") { try BoundedJSON.encode(value, pretty: true) }, as: UTF8.self) + "\n")
  }
}

import Linux
import OCI
import Runtime

extension CommandLineInterface {
  /// `start ID`
  static func start(_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32 {
    let arguments = try Arguments(words, flags: [], values: [])
    let id = try arguments.operand(0, "the container's id")
    let record = try globals.root.record(id)
    let directory = try globals.root.directory(of: id)
    guard try record.status(in: directory) == .created else {
      throw RuntimeError(.conflict, "cannot start container \"\(id)\": it is not in the state created")
    }
    try ContainerLaunch.start(in: directory)
    record.run(record.poststart, .running)
    return 0
  }
}

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
    let state = RuntimeState(
      id: id, status: .running, pid: record.pid, bundle: record.bundle, annotations: record.spec.annotations)
    for hook in record.spec.hooks?.poststart ?? [] {
      // Runtime-spec, runtime.md "Lifecycle", 9: a poststart hook that fails is a warning.
      do { try hook.run(state) } catch { try? Descriptor.standardError.writeAll("skiff-monitor: \(error)\n") }
    }
    return 0
  }
}

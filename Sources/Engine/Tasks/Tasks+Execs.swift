import Glibc
package import Linux
package import MonitorProtocol

// What execs need besides a launch: tasks of a container that no row knows of, and their output.

extension Tasks {
  /// The launches of `container` that have a directory, its own and its execs'.
  package func launches(of container: String) throws(SyscallError) -> [LaunchID] {
    do {
      return try open(container, at: .directory(directory), O_RDONLY | O_DIRECTORY).entries().compactMap {
        LaunchID($0)
      }
    } catch {
      if error.errno == .noSuchFile { return [] }
      throw error
    }
  }

  /// Opens the directory of a launch.
  package func openDirectory(container: String, launch: LaunchID) throws(SyscallError) -> Descriptor {
    try open("\(container)/\(launch)", at: .directory(directory), O_RDONLY | O_DIRECTORY)
  }

  /// Ends the input of a task whose client has left for good. A task that is over has none.
  package func endInput(container: String, launch: LaunchID) throws {
    var client = ClientConnection(try connectToAttach(container: container, launch: launch))
    _ = try client.greet()
    try client.send(.closeInput)
    // The monitor reads in order: when it has answered this, it has taken the other.
    try client.send(.status)
    _ = try client.receive()
  }

  /// Makes a client that is attached to the output of a task about to be launched, for its first `limit` bytes.
  ///
  /// - Returns: the client, and the monitor's end of it, which the caller must not hold any longer than the launch.
  package func collectOutput(limit: Int) throws(SyscallError) -> (output: TaskOutput, theirs: Descriptor) {
    let (ours, theirs) = try socketPair()
    let output = TaskOutput(ours, limit: limit)
    try reader.add(output)
    return (output, theirs)
  }
}

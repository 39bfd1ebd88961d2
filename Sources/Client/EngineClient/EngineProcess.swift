package import Linux

/// The process that listens at an address, as the kernel tells it to who connects.
package struct EngineProcess {
  package let pid: Int32
  /// A pidfd: what it signals is this process and no other.
  package let handle: Descriptor

  /// Finds the process.
  ///
  /// - Throws: `notRunning` when nobody listens.
  package init(at address: EngineAddress) throws(ClientError) {
    let connection = try EngineConnection.open(address)
    do {
      pid = try connection.descriptor.peerCredentials().pid
      handle = try openProcess(pid)
    } catch { throw .system(error) }
  }
}

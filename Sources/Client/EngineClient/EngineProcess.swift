internal import Glibc
package import Linux

/// The process that listens at an address, as the kernel tells it to who connects.
package struct EngineProcess {
  package let pid: Int32
  /// The program's name, as `ps` shows it.
  package let name: String
  /// A pidfd: what it signals is this process and no other.
  package let handle: Descriptor

  /// An engine that writes its last rows is done in a fraction of it.
  private static let endMilliseconds: Int32 = 15_000

  /// Finds the process.
  ///
  /// - Throws: `notRunning` when nobody listens.
  package init(at address: EngineAddress) throws(ClientError) {
    let connection = try EngineConnection.open(address)
    do {
      pid = try connection.descriptor.peerCredentials().pid
      handle = try openProcess(pid)
      name = String(try readText("/proc/\(pid)/comm", limit: 64).prefix { $0 != "\n" })
    } catch { throw .system(error) }
  }

  /// Whether systemd listens, and hands its socket to the engine when somebody connects.
  package var isSystemd: Bool { pid == 1 }

  /// Asks it to end and waits until it has. Containers go on.
  ///
  /// - Throws: `notOurEngine` when it is another program; `endless` when it does not end in time.
  package func stop() throws(ClientError) {
    guard name == "skiffd" else { throw .notOurEngine(pid: pid, name: name) }
    do {
      try handle.sendSignal(SIGTERM)
      guard try handle.waitUntilReadable(milliseconds: Self.endMilliseconds) else {
        throw ClientError.endless(pid: pid)
      }
    } catch let error as SyscallError { throw .system(error) } catch let error as ClientError { throw error } catch {
      throw .malformed("\(error)")
    }
    DaemonProcess.removeCgroup()
  }
}

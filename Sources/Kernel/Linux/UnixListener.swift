import CLinux
import Glibc

/// A listening unix socket with a name in the file system.
package struct UnixListener: Sendable {
  /// The listening socket, nonblocking as every socket of an event loop.
  package let socket: Descriptor
  private let directory: Descriptor
  private let name: String
  private let inode: UInt64

  /// Listens at `path`, which only processes that `mode` allows can connect to, from the first moment on.
  ///
  /// A socket that is there already is replaced if nobody answers on it. Two starts at the same moment may both find
  /// that nobody does; whoever must be alone holds a lock. The path may be longer than the 107 bytes of an address as
  /// long as its last part is short.
  ///
  /// - Parameter group: who the file belongs to besides its owner; nil leaves that as it is.
  /// - Throws: `EADDRINUSE` when somebody answers there, or when it is a file of another kind.
  package init(path: String, mode: UInt32, group: UInt32?, backlog: Int32) throws(SyscallError) {
    let slash = path.lastIndex(of: "/")
    let name = String(slash.map { path[path.index(after: $0)...] } ?? path[...])
    let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = try open(parent, O_PATH | O_DIRECTORY)
    let address = "\(directory.procPath)/\(name)"

    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let socket = Descriptor(owning: try syscall("socket") { Glibc.socket(AF_UNIX, kind, 0) })
    // unix(7): the file gets the socket's own mode, so nobody else can connect before the owner and mode are right.
    _ = try syscall("fchmod", path) { fchmod(socket.raw, 0o600) }
    do {
      _ = try syscall("bind", path) { clinux_bind_unix(socket.raw, address) }
    } catch {
      guard error.errno == Errno(EADDRINUSE), try Self.isAbandoned(name, in: directory) else { throw error }
      try unlink(name, at: .directory(directory))
      _ = try syscall("bind", path) { clinux_bind_unix(socket.raw, address) }
    }
    if let group { _ = try syscall("chown", path) { fchownat(directory.raw, name, uid_t.max, group, 0) } }
    _ = try syscall("chmod", path) { fchmodat(directory.raw, name, mode, 0) }
    _ = try syscall("listen", path) { Glibc.listen(socket.raw, backlog) }
    inode = try status(of: name, at: .directory(directory), followLinks: false).inode
    (self.socket, self.directory, self.name) = (socket, directory, name)
  }

  /// Removes the name, unless it is somebody else's by now.
  package func removeName() throws(SyscallError) {
    do {
      guard try status(of: name, at: .directory(directory), followLinks: false).inode == inode else { return }
      try unlink(name, at: .directory(directory))
    } catch {
      guard error.errno == .noSuchFile else { throw error }
    }
  }

  /// A socket on which nobody listens. A full queue also refuses, but with another error: somebody is there.
  private static func isAbandoned(_ name: String, in directory: Descriptor) throws(SyscallError) -> Bool {
    let mode = try status(of: name, at: .directory(directory), followLinks: false).mode
    guard mode & S_IFMT == S_IFSOCK else { return false }
    do { _ = try connect(to: name, in: directory) } catch { return error.errno == .connectionRefused }
    return false
  }
}

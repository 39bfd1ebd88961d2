import CLinux
import Glibc

/// Two connected unix stream sockets.
package func socketPair() throws(SyscallError) -> (Descriptor, Descriptor) {
  var raw: [Int32] = [-1, -1]
  _ = try syscall("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &raw) }
  return (Descriptor(owning: raw[0]), Descriptor(owning: raw[1]))
}

/// The two ends of a pipe.
package func makePipe() throws(SyscallError) -> (read: Descriptor, write: Descriptor) {
  var raw: [Int32] = [-1, -1]
  _ = try syscall("pipe2") { pipe2(&raw, O_CLOEXEC) }
  return (Descriptor(owning: raw[0]), Descriptor(owning: raw[1]))
}

/// Listens on a unix socket made as `name` in `directory`.
///
/// The name goes through `/proc/self/fd`, so that no path of an installation can exceed the 107 bytes of an address.
package func listen(on name: String, in directory: Descriptor, backlog: Int32 = 128) throws(SyscallError) -> Descriptor
{
  let socket = try unixSocket()
  _ = try syscall("bind", name) { clinux_bind_unix(socket.raw, "\(directory.procPath)/\(name)") }
  _ = try syscall("listen", name) { Glibc.listen(socket.raw, backlog) }
  return socket
}

/// Connects to the unix socket `name` in `directory`.
package func connect(to name: String, in directory: Descriptor) throws(SyscallError) -> Descriptor {
  let socket = try unixSocket()
  _ = try syscall("connect", name) { clinux_connect_unix(socket.raw, "\(directory.procPath)/\(name)") }
  return socket
}

/// Connects to the unix socket at `path`, of up to 107 bytes.
package func connect(toPath path: String) throws(SyscallError) -> Descriptor {
  let socket = try unixSocket()
  _ = try syscall("connect", path) { clinux_connect_unix(socket.raw, path) }
  return socket
}

private func unixSocket() throws(SyscallError) -> Descriptor {
  Descriptor(
    owning: try syscall("socket") { Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) })
}

extension Descriptor {
  /// Accepts one connection.
  package func accept() throws(SyscallError) -> Descriptor {
    Descriptor(owning: try syscall("accept4") { clinux_accept(raw) })
  }

  /// Sends `bytes` with `descriptors` attached to the first of them, and says how many bytes went.
  package func send(_ bytes: UnsafeRawBufferPointer, _ descriptors: [Descriptor] = []) throws(SyscallError) -> Int {
    let raws = descriptors.map(\.raw)
    return try syscallCount("sendmsg") {
      clinux_send_fds(raw, bytes.baseAddress, bytes.count, raws, raws.count, 0)
    }
  }

  /// Receives up to `buffer.count` bytes and the descriptors that came with them; 0 bytes is the end.
  package func receive(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SyscallError) -> (count: Int, descriptors: [Descriptor]) {
    var raws = [Int32](repeating: -1, count: Int(CLINUX_FDS_MAX))
    var received = 0
    let count = try syscallCount("recvmsg") {
      clinux_recv_fds(raw, buffer.baseAddress, buffer.count, &raws, &received, 0)
    }
    return (count, raws[..<received].map { Descriptor(owning: $0) })
  }

  /// Who is on the other side of this unix socket, as the kernel saw it when it connected.
  package func peerCredentials() throws(SyscallError) -> (pid: Int32, uid: UInt32, gid: UInt32) {
    var pid: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
    _ = try syscall("getsockopt SO_PEERCRED") { clinux_peer_credentials(raw, &pid, &uid, &gid) }
    return (pid, uid, gid)
  }

  /// Ends our direction of this connection; the peer reads to the end of what was sent.
  package func endSending() throws(SyscallError) {
    _ = try syscall("shutdown") { Glibc.shutdown(raw, Int32(SHUT_WR)) }
  }
}

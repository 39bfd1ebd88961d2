import CLinux
import Glibc

/// Sends `text` as one datagram to the unix socket at `path`, of up to 107 bytes. It never waits.
package func sendDatagram(_ text: String, toPath path: String) throws(SyscallError) {
  let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
  let socket = Descriptor(owning: try syscall("socket") { Glibc.socket(AF_UNIX, kind, 0) })
  _ = try syscall("connect", path) { clinux_connect_unix(socket.raw, path) }
  try socket.writeAll(text)
}

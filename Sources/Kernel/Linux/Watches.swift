import CLinux
import Glibc

/// Makes a counter that others add to and that polls readable while it is not zero: eventfd(2), non-blocking.
package func makeEventCounter() throws(SyscallError) -> Descriptor {
  Descriptor(owning: try syscall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) })
}

/// Watches the file `path`: the descriptor polls readable after it was modified. inotify(7), non-blocking.
package func watchModifications(of path: String) throws(SyscallError) -> Descriptor {
  let watch = Descriptor(
    owning: try syscall("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
  _ = try syscall("inotify_add_watch", path) { inotify_add_watch(watch.raw, path, UInt32(IN_MODIFY)) }
  return watch
}

extension Descriptor {
  /// Waits until the kernel announces a change of this open file of procfs, sysfs or cgroupfs that announces some;
  /// false when `milliseconds` passed first. What changed since the last call, or since it was opened, counts.
  package func waitForChange(milliseconds: Int32) throws(SyscallError) -> Bool {
    var request = pollfd(fd: raw, events: Int16(POLLPRI), revents: 0)
    let count = try syscall("poll") { poll(&request, 1, milliseconds) }
    if count == 0 { return false }
    // Reading is what tells the kernel that the change has been seen.
    var byte: UInt8 = 0
    _ = try syscallCount("pread") { pread(raw, &byte, 1, 0) }
    return true
  }

  /// Reads and forgets what is there to read of a non-blocking counter or watch.
  package func drain() throws(SyscallError) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      do {
        let count = try syscallCount("read") { Glibc.read(raw, &buffer, buffer.count) }
        if count == 0 { return }
      } catch {
        if error.errno == .tryAgain { return }
        throw error
      }
    }
  }
}

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
  /// Waits until one of `events` (`POLLIN`, `POLLPRI`, …) or an error is there; false when `milliseconds` passed first.
  package func poll(_ events: Int32, milliseconds: Int32) throws(SyscallError) -> Bool {
    var entry = pollfd(fd: raw, events: Int16(truncatingIfNeeded: events), revents: 0)
    return try syscall("poll") { Glibc.poll(&entry, 1, milliseconds) } > 0
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

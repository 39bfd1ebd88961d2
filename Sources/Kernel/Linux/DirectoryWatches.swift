import CLinux
import Glibc

/// Says when files in directories were written to, made or removed: one inotify(7) instance for many directories.
///
/// A user may have 128 instances by default, so a daemon has one of these and not one per reader. `descriptor` polls
/// readable when `read` has something to say.
package final class DirectoryWatches: Sendable {
  /// Which directory an event is about: what `add` answered.
  package typealias ID = Int32

  /// Non-blocking; poll it, and leave the reading to `read`.
  package let descriptor: Descriptor

  /// Makes a watch of nothing yet.
  package init() throws(SyscallError) {
    descriptor = Descriptor(
      owning: try syscall("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
  }

  /// Watches `directory`; twice the same one gives the same id. What happens from here on will be told.
  package func add(_ directory: Descriptor) throws(SyscallError) -> ID {
    let events = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_ONLYDIR
    return try syscall("inotify_add_watch") {
      inotify_add_watch(descriptor.raw, directory.procPath, UInt32(events))
    }
  }

  /// Ends the watch `id`. One that ended by itself, because its directory is gone, is no error.
  package func remove(_ id: ID) throws(SyscallError) {
    do { _ = try syscall("inotify_rm_watch") { inotify_rm_watch(descriptor.raw, id) } } catch {
      if error.errno != .invalidArgument { throw error }
    }
  }

  /// What became known since the last call.
  package struct Changes: Equatable, Sendable {
    /// The directories in which something happened.
    package var directories: Set<ID> = []
    /// The kernel's queue overflowed (16384 events by default): something may have happened in any of them.
    package var isIncomplete = false

    /// Nothing happened.
    package init() {}
  }

  /// Takes all that is there, without waiting.
  package func read() throws(SyscallError) -> Changes {
    var changes = Changes()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count: Int
      do { count = try syscallCount("read", "inotify") { Glibc.read(descriptor.raw, &buffer, buffer.count) } } catch {
        if error.errno == .tryAgain { return changes }
        throw error
      }
      buffer[..<count].withUnsafeBytes { changes.take($0) }
    }
  }
}

extension DirectoryWatches.Changes {
  // struct inotify_event: wd 4 bytes, mask 4, cookie 4, len 4, then `len` bytes of name.
  fileprivate mutating func take(_ events: UnsafeRawBufferPointer) {
    var offset = 0
    while offset + 16 <= events.count {
      let id = events.loadUnaligned(fromByteOffset: offset, as: Int32.self)
      let mask = events.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
      let length = events.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self)
      if mask & UInt32(IN_Q_OVERFLOW) != 0 { isIncomplete = true }
      if mask & UInt32(IN_IGNORED) == 0, id >= 0 { directories.insert(id) }
      offset += 16 + Int(length)
    }
  }
}

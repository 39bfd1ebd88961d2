import CLinux
import Glibc

/// An open file descriptor, closed when its last reference goes.
///
/// It is a class, not a move-only value: descriptors live in arrays, closures and event loops here, and one allocation
/// costs less than the close it saves us from forgetting. Every descriptor we open is close-on-exec.
///
/// Use `raw` only as an argument of a call made while this object is held.
package final class Descriptor: Sendable {
  package let raw: Int32

  /// Takes ownership of `raw`, which nobody else may close.
  package init(owning raw: Int32) { self.raw = raw }

  deinit { _ = Glibc.close(raw) }

  /// Duplicates it, as its own open reference to the same file description.
  ///
  /// - Parameter lowest: the copy gets the first free number from here on.
  package func duplicate(from lowest: Int32 = 3) throws(SyscallError) -> Descriptor {
    Descriptor(owning: try syscall("fcntl F_DUPFD_CLOEXEC") { clinux_dup_cloexec(raw, lowest) })
  }

  /// Sets or clears `O_NONBLOCK`, which belongs to the file description and so is shared by duplicates.
  package func setNonblocking(_ on: Bool) throws(SyscallError) {
    _ = try syscall("fcntl F_SETFL") { clinux_set_nonblocking(raw, on ? 1 : 0) }
  }

  /// The path by which another call of this process reaches the same file: `/proc/self/fd/N`.
  package var procPath: String { "/proc/self/fd/\(raw)" }
}

extension Descriptor {
  /// Reads up to `buffer.count` bytes; 0 is the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int {
    try syscallCount("read") { Glibc.read(raw, buffer.baseAddress, buffer.count) }
  }

  /// Reads up to `buffer.count` bytes at `offset` without moving the file position.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SyscallError) -> Int {
    try syscallCount("pread") { Glibc.pread(raw, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  /// Writes what it can of `buffer` and says how much.
  package func write(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) -> Int {
    try syscallCount("write") { Glibc.write(raw, buffer.baseAddress, buffer.count) }
  }

  /// Writes all of `buffer`, in as many calls as it takes. For blocking descriptors.
  package func writeAll(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = try write(UnsafeRawBufferPointer(rebasing: rest))
      rest = rest.dropFirst(count)
    }
  }

  /// Writes all of `bytes`.
  package func writeAll(_ bytes: [UInt8]) throws(SyscallError) {
    try bytes.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in try writeAll(buffer) }
  }

  /// Writes `text` as UTF-8.
  package func writeAll(_ text: String) throws(SyscallError) { try writeAll(Array(text.utf8)) }

  /// Cuts the file to its first `size` bytes, or extends it by a hole.
  package func truncate(to size: Int64) throws(SyscallError) {
    _ = try syscall("ftruncate") { ftruncate(raw, off_t(size)) }
  }

  /// Reads to the end.
  ///
  /// - Parameter limit: the most bytes that are taken; what is longer throws `EFBIG`, so that no file of somebody
  ///   else's making can fill our memory.
  package func readAll(limit: Int) throws(SyscallError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = try syscallCount("read") { Glibc.read(raw, &chunk, chunk.count) }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw SyscallError("read", errno: Errno(EFBIG)) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}

extension Descriptor {
  /// Duplicates it to the number `number`, which is closed first where it was open.
  package func install(as number: Int32, closeOnExecute: Bool = false) throws(SyscallError) {
    _ = try syscall("dup3", "\(number)") { dup3(raw, number, closeOnExecute ? O_CLOEXEC : 0) }
  }

  /// Waits until it has something to read, is at its end or, for a pidfd, its process has ended.
  ///
  /// - Parameter milliseconds: how long to wait; negative is for ever.
  /// - Returns: false when the time passed first.
  package func waitUntilReadable(milliseconds: Int32 = -1) throws(SyscallError) -> Bool {
    var request = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return try syscall("poll") { Glibc.poll(&request, 1, milliseconds) } > 0
  }

  /// Waits until one of `readable` is readable, at its end or broken, or one of `writable` takes bytes or is broken;
  /// answers which of each.
  package static func waitUntilAnyReady(
    readable: [Descriptor], writable: [Descriptor]
  ) throws(SyscallError) -> (readable: [Int], writable: [Int]) {
    var requests =
      readable.map { pollfd(fd: $0.raw, events: Int16(POLLIN), revents: 0) }
      + writable.map { pollfd(fd: $0.raw, events: Int16(POLLOUT), revents: 0) }
    _ = try syscall("poll") { Glibc.poll(&requests, nfds_t(requests.count), -1) }
    let ready = requests.indices.filter { requests[$0].revents != 0 }
    return (
      ready.filter { $0 < readable.count }, ready.filter { $0 >= readable.count }.map { $0 - readable.count }
    )
  }

  /// Waits until at least one of `descriptors` is readable, at its end or broken, and answers which.
  package static func waitUntilAnyReadable(
    _ descriptors: [Descriptor], milliseconds: Int32 = -1
  ) throws(SyscallError) -> [Int] {
    var requests = descriptors.map { pollfd(fd: $0.raw, events: Int16(POLLIN), revents: 0) }
    _ = try syscall("poll") { Glibc.poll(&requests, nfds_t(requests.count), milliseconds) }
    return requests.indices.filter { requests[$0].revents != 0 }
  }
}

import CLinux
import Glibc

/// One descriptor to wait for, and for what.
package struct PollRequest {
  package let descriptor: Descriptor
  package let reads: Bool
  package let writes: Bool

  /// Waits until `descriptor` can be read, written, or either.
  package init(_ descriptor: Descriptor, reads: Bool = false, writes: Bool = false) {
    self.descriptor = descriptor
    self.reads = reads
    self.writes = writes
  }
}

/// What a descriptor is ready for. One that is broken or at its end is ready for everything: the next call says why.
package struct PollResult: Equatable, Sendable {
  package let isReadable: Bool
  package let isWritable: Bool
}

/// Waits until one of `requests` is ready: poll(2). One that asks for nothing only reports that its peer is gone.
///
/// - Returns: a result for each request, in their order.
package func waitUntilReady(_ requests: [PollRequest], milliseconds: Int32 = -1) throws(SyscallError) -> [PollResult] {
  var entries = requests.map { request in
    pollfd(
      fd: request.descriptor.raw, events: Int16((request.reads ? POLLIN : 0) | (request.writes ? POLLOUT : 0)),
      revents: 0)
  }
  _ = try syscall("poll") { Glibc.poll(&entries, nfds_t(entries.count), milliseconds) }
  return entries.map { entry in
    let events = Int32(entry.revents)
    let isBroken = events & (POLLHUP | POLLERR | POLLNVAL) != 0
    return PollResult(isReadable: isBroken || events & POLLIN != 0, isWritable: isBroken || events & POLLOUT != 0)
  }
}

/// What a non-blocking read or write came to.
package enum Transfer: Equatable, Sendable {
  case bytes(Int)
  /// Nothing is there, or no room, right now.
  case wouldBlock
  /// The end of the stream, or nobody is left to read it.
  case ended
}

extension Descriptor {
  /// Reads what is there of a non-blocking descriptor. A terminal whose last process is gone has ended.
  package func readAvailable(into buffer: UnsafeMutableRawBufferPointer) throws(SyscallError) -> Transfer {
    do {
      let count = try read(into: buffer)
      return count == 0 ? .ended : .bytes(count)
    } catch {
      switch error.errno {
      case .tryAgain: return .wouldBlock
      case .inputOutput, .connectionReset: return .ended
      default: throw error
      }
    }
  }

  /// Writes what a non-blocking descriptor takes.
  package func writeAvailable(_ buffer: UnsafeRawBufferPointer) throws(SyscallError) -> Transfer {
    do { return .bytes(try write(buffer)) } catch {
      switch error.errno {
      case .tryAgain: return .wouldBlock
      case .brokenPipe, .connectionReset, .inputOutput: return .ended
      default: throw error
      }
    }
  }
}

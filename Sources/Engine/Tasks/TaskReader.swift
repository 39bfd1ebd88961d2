import CLinux
import Glibc
import Linux
import Synchronization

/// The thread that reads the connections of all monitors: one poll set for however many tasks there are.
///
/// It is a thread of its own, because a read that waits must not hold one of the few that run Swift's tasks.
final class TaskReader: Sendable {
  private let set: Descriptor
  private let watched = Mutex<[Int32: Watched]>([:])

  private enum Watched {
    case connection(TaskConnection)
    case output(TaskOutput)
    /// A monitor that we started: its end is ours to collect. (It may outlive its connection to us.)
    case monitor(ChildProcess)
  }

  /// Events that one wait may return; more come with the next.
  private static let eventsMax = 64

  /// Starts the thread. It ends with the process.
  init() throws(SyscallError) {
    set = Descriptor(owning: try syscall("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<TaskReader>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw SyscallError("pthread_create", errno: Errno(code))
    }
    pthread_detach(thread)
  }

  /// Reads `connection` from now on.
  func add(_ connection: TaskConnection) throws(SyscallError) { try add(connection.socket, .connection(connection)) }

  /// Reads `output` from now on.
  func add(_ output: TaskOutput) throws(SyscallError) { try add(output.socket, .output(output)) }

  /// Collects the end of `monitor`.
  func add(_ monitor: ChildProcess) throws(SyscallError) { try add(monitor.handle, .monitor(monitor)) }

  private func add(_ descriptor: Descriptor, _ what: Watched) throws(SyscallError) {
    let raw = descriptor.raw
    watched.withLock { $0[raw] = what }
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.fd = raw
    do { _ = try syscall("epoll_ctl") { epoll_ctl(set.raw, EPOLL_CTL_ADD, raw, &event) } } catch {
      watched.withLock { _ = $0.removeValue(forKey: raw) }
      throw error
    }
  }

  private func run() {
    setProcessName("task-reader")
    var events = [epoll_event](repeating: epoll_event(), count: TaskReader.eventsMax)
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = epoll_wait(set.raw, &events, Int32(events.count), -1)
      guard count > 0 else { continue }
      for event in events[..<Int(count)] { handle(event.data.fd, &buffer) }
    }
  }

  private func handle(_ raw: Int32, _ buffer: inout [UInt8]) {
    switch watched.withLock({ $0[raw] }) {
    case nil: return
    case .monitor(let monitor):
      if (try? monitor.reapIfExited()) != .some(nil) { forget(raw) }
    case .output(let output):
      let count = (try? buffer.withUnsafeMutableBytes { try output.socket.read(into: $0) }) ?? 0
      if count > 0 { return output.receive(buffer[..<count]) }
      forget(raw)
      output.end()
    case .connection(let connection):
      let count = (try? buffer.withUnsafeMutableBytes { try connection.socket.read(into: $0) }) ?? 0
      if count > 0, connection.receive(buffer[..<count]) { return }
      forget(raw)
      connection.fail()
    }
  }

  /// The descriptor leaves the set before it can be closed and its number used again.
  private func forget(_ raw: Int32) {
    _ = epoll_ctl(set.raw, EPOLL_CTL_DEL, raw, nil)
    watched.withLock { _ = $0.removeValue(forKey: raw) }
  }
}

import Glibc
package import Linux
import Synchronization

/// Wakes those who follow containers' logs: one inotify instance and one thread for all of them, because a user may have
/// few instances, and a follower that waits must hold no thread.
///
/// ```
/// let changes = try followers.follow(id, log: directory)
/// repeat { let isOver = …; read to the end } while !isOver && await changes.next() != nil
/// ```
package final class LogFollowers: Sendable {
  private let state = Mutex(State())

  private struct State {
    /// Made for the first follower: most commands follow nothing.
    var watches: DirectoryWatches?
    var followed: [String: Followed] = [:]
    var containers: [DirectoryWatches.ID: String] = [:]
    var nextFollower = 0
  }

  private struct Followed {
    let watch: DirectoryWatches.ID
    var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
  }

  /// Follows nothing.
  package init() {}

  /// Says when something was written to `log`, and when `wake` was called, from now on. Several things may be one word.
  ///
  /// The stream has no end of its own: who has seen enough lets go of it.
  package func follow(_ container: String, log: Descriptor) throws(SyscallError) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let follower = try state.withLock { state throws(SyscallError) in
      let watch = try watches(&state).add(log)
      state.nextFollower += 1
      state.followed[container, default: Followed(watch: watch)].waiting[state.nextFollower] = continuation
      state.containers[watch] = container
      return state.nextFollower
    }
    continuation.onTermination = { [weak self] _ in self?.forget(follower, of: container) }
    return stream
  }

  /// Wakes the followers of `container`: what they wait for will not come, or something else has happened.
  package func wake(_ container: String) {
    let waiting = state.withLock { $0.followed[container]?.waiting ?? [:] }
    for continuation in waiting.values { continuation.yield() }
  }

  private func forget(_ follower: Int, of container: String) {
    state.withLock { state in
      state.followed[container]?.waiting[follower] = nil
      guard let followed = state.followed[container], followed.waiting.isEmpty else { return }
      state.followed[container] = nil
      state.containers[followed.watch] = nil
      // A directory that cannot be let go of any more costs a watch, of which there are many.
      try? state.watches?.remove(followed.watch)
    }
  }

  // MARK: The thread

  private func watches(_ state: inout State) throws(SyscallError) -> DirectoryWatches {
    if let watches = state.watches { return watches }
    let watches = try DirectoryWatches()
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Reader(followers: self, watches: watches))
    let code = pthread_create(
      &thread, nil,
      { context in
        // The only argument that is ever given: the reader below.
        if let context { Unmanaged<Reader>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      box.release()
      throw SyscallError("pthread_create", errno: Errno(code))
    }
    pthread_detach(thread)
    state.watches = watches
    return watches
  }

  /// The thread's life. It ends with the process.
  private final class Reader: Sendable {
    let followers: LogFollowers
    let watches: DirectoryWatches

    init(followers: LogFollowers, watches: DirectoryWatches) {
      self.followers = followers
      self.watches = watches
    }

    func run() {
      setProcessName("log-followers")
      while true {
        guard (try? watches.descriptor.waitUntilReadable()) == true, let changes = try? watches.read() else { continue }
        for container in followers.changed(changes) { followers.wake(container) }
      }
    }
  }

  private func changed(_ changes: DirectoryWatches.Changes) -> [String] {
    state.withLock { state in
      changes.isIncomplete
        ? Array(state.followed.keys) : changes.directories.compactMap { state.containers[$0] }
    }
  }
}

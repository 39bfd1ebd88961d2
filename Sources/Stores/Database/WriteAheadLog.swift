import Glibc
import Linux

/// Brings commits to the disk, many with one sync.
///
/// SQLite runs with `synchronous=NORMAL`: a commit appends to the write-ahead log and waits for nothing. Whoever needs
/// it on the disk lets this type sync the log's file. The first who asks syncs; who comes meanwhile waits and is served
/// by the next sync, which covers them all. So neither readers nor observations wait for the disk, which SQLite's own
/// `synchronous=FULL` would make them do, since it syncs with the write lock held.
///
/// That is as durable as FULL: recovery takes every frame of the log whose checksum chain is whole, and a checkpoint
/// syncs the log before and the database after it copies (sqlite.org/wal.html, "Checkpointing"). The log's file is
/// made before the first transaction and keeps its inode as long as the database is open.
final class WriteAheadLog: Sendable {
  private let file: Descriptor
  private let state: WaitingLock<State>

  private struct State {
    /// Commits are counted; these are the numbers of the last one made and the last one on the disk.
    var committed: UInt64 = 0
    var durable: UInt64 = 0
    var isSyncing = false
    /// After a sync failed the kernel has dropped what it could not write: a later sync that succeeds means nothing.
    var failure: Errno?
  }

  init(file: Descriptor) {
    self.file = file
    state = WaitingLock(State())
  }

  /// Throws if the disk failed before.
  func checkTrust() throws(DatabaseError) {
    if let failure = state.withLock({ $0.failure }) { throw .notDurable(failure) }
  }

  /// Counts a commit that was just made, and returns its position.
  func advance() -> UInt64 {
    state.withLock { state in
      state.committed += 1
      return state.committed
    }
  }

  /// Waits until the commit at `position` is on the disk.
  func makeDurable(upTo position: UInt64) throws(DatabaseError) {
    while true {
      let step: Step = state.wait { state in
        if let failure = state.failure { return .failed(failure) }
        if state.durable >= position { return .done }
        guard !state.isSyncing else { return nil }
        state.isSyncing = true
        return .sync(upTo: state.committed)
      }
      switch step {
      case .done: return
      case .failed(let failure): throw .notDurable(failure)
      case .sync(let target): sync(upTo: target)
      }
    }
  }

  private enum Step {
    case done
    case failed(Errno)
    case sync(upTo: UInt64)
  }

  private func sync(upTo target: UInt64) {
    var failure: Errno?
    do {
      try file.synchronizeData()
      try Failpoint("database.log.synced").reach()
    } catch { failure = error.errno }
    state.withLock { state in
      state.isSyncing = false
      if let failure { state.failure = failure } else { state.durable = target }
    }
  }
}

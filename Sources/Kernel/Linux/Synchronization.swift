import CLinux
import Glibc

// What makes files durable. A name is durable when its directory is synchronised, content when the file is.
extension Descriptor {
  /// Waits until the content of this file is on the disk, and of its metadata what is needed to read it.
  package func synchronizeData() throws(SyscallError) { _ = try syscall("fdatasync") { fdatasync(raw) } }

  /// Waits until this file, or the names in this directory, are on the disk.
  package func synchronize() throws(SyscallError) { _ = try syscall("fsync") { fsync(raw) } }

  /// Waits until everything in the file system of this file is on the disk.
  package func synchronizeFileSystem() throws(SyscallError) { _ = try syscall("syncfs") { clinux_syncfs(raw) } }

  /// Takes the lock of this open file if nobody else has it, and says whether it did. The kernel gives it back when the
  /// last duplicate of the descriptor is closed, also when the process is killed.
  package func tryLock() throws(SyscallError) -> Bool {
    do { _ = try syscall("flock") { clinux_flock(raw, LOCK_EX | LOCK_NB) } } catch {
      if error.errno == .tryAgain { return false }
      throw error
    }
    return true
  }

  /// Takes the lock like `tryLock`, and goes on trying for `patience`. It blocks meanwhile.
  package func lock(within patience: Duration) throws(SyscallError) -> Bool {
    let deadline = ContinuousClock.now + patience
    while try !tryLock() {
      guard ContinuousClock.now < deadline else { return false }
      usleep(Self.lockPauseMicroseconds)
    }
    return true
  }

  private static let lockPauseMicroseconds: UInt32 = 5000
}

import Glibc

/// A moment until which is waited, on the clock that nobody sets.
struct Deadline {
  private let end: Int64

  /// The moment that comes after `duration`.
  init(after duration: Duration) {
    let (seconds, attoseconds) = duration.components
    end = Deadline.now() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  var hasPassed: Bool { remainingMilliseconds == 0 }

  /// What is left, rounded up, as poll(2) wants it.
  var remainingMilliseconds: Int32 {
    Int32(clamping: max(0, (end - Deadline.now() + 999_999) / 1_000_000))
  }

  /// Lets a millisecond pass, for states that the kernel does not announce.
  func pause() {
    var time = timespec(tv_sec: 0, tv_nsec: 1_000_000)
    nanosleep(&time, nil)
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

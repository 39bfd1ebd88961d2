import Glibc

extension FileTime {
  /// The time of day now, UTC: what `date` shows. It steps when somebody sets the clock.
  package static func now() -> FileTime {
    var value = timespec()
    // clock_gettime(2) fails for an unknown clock or a bad address only.
    clock_gettime(CLOCK_REALTIME, &value)
    return FileTime(seconds: Int64(value.tv_sec), nanoseconds: Int64(value.tv_nsec))
  }
}

import Linux

/// The time of day as the database has it: nanoseconds since 1970, UTC.
package func wallClockNanoseconds() -> Int64 {
  let now = FileTime.now()
  return now.seconds * 1_000_000_000 + now.nanoseconds
}

/// Which of a process's outputs a record came from.
package enum LogStream: UInt8, CaseIterable, Sendable {
  case stdout = 1
  case stderr = 2

  /// Its name in either format.
  var name: StaticString {
    switch self {
    case .stdout: "stdout"
    case .stderr: "stderr"
    }
  }
}

/// A count of raw bytes of each stream, as the process wrote them: a place in both.
///
/// Counts go on over launches and rotations: they are of everything that the container ever wrote.
package struct StreamPositions: Equatable, Hashable, Sendable {
  package var stdout: UInt64
  package var stderr: UInt64

  /// A place `stdout` and `stderr` bytes after the beginning.
  package init(stdout: UInt64 = 0, stderr: UInt64 = 0) {
    self.stdout = stdout
    self.stderr = stderr
  }

  /// The count of one stream.
  package subscript(stream: LogStream) -> UInt64 {
    get { stream == .stdout ? stdout : stderr }
    set { if stream == .stdout { stdout = newValue } else { stderr = newValue } }
  }

  /// Bytes of both streams together.
  package var total: UInt64 { stdout &+ stderr }

  /// Counts come from files too, so that adding them must not trap.
  static func &+ (left: Self, right: Self) -> Self {
    Self(stdout: left.stdout &+ right.stdout, stderr: left.stderr &+ right.stderr)
  }

  static func &- (left: Self, right: Self) -> Self {
    Self(stdout: left.stdout &- right.stdout, stderr: left.stderr &- right.stderr)
  }

  /// Neither stream is further than in `other`.
  func isAtMost(_ other: Self) -> Bool { stdout <= other.stdout && stderr <= other.stderr }
}

/// One line, or a piece of a long one, as it was logged.
package struct LogRecord: Equatable, Sendable {
  package var time: LogTime
  package var stream: LogStream
  /// What the process wrote, with the newline at the end if it wrote one. In the JSON format each byte that is no UTF-8
  /// has become U+FFFD.
  package var bytes: [UInt8]
  /// In the JSON format, the `attrs` object as it stands there: the labels and variables that `--log-opt` asked for.
  package var attributes: [UInt8]?
  /// How many bytes of each stream are missing before this record. Such a record is the log's own, not the process's:
  /// `bytes` says it to a human.
  package var lost: StreamPositions?
  /// The place of the first of `bytes` in its stream, when the reader started at a position.
  package var position: UInt64?
}

/// One breach of a rule, as a compiler would print it.
struct Finding: CustomStringConvertible, Equatable {
  let path: String
  let line: Int
  let reason: String

  var description: String { "\(path):\(line): \(reason)" }
}

extension [Finding] {
  /// One line a finding, so that a failure reads like a compiler's.
  var report: String { map(\.description).joined(separator: "\n") }
}

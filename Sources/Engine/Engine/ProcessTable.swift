/// The processes of a container as the host's `ps` shows them.
package struct ProcessTable: Equatable, Sendable {
  package let titles: [String]
  /// A row for each process, with as many columns as there are titles.
  package let processes: [[String]]

  /// Reads what `ps` printed, and keeps the processes `pids`, with the lines that belong to them: threads.
  ///
  /// - Throws: `internalError` with Docker's texts for what is no such table.
  package init(ps output: String, pids: Set<Int32>) throws(EngineError) {
    var lines = output.split(separator: "\n").map(Self.words)
    guard !lines.isEmpty else { throw EngineError(.internalError, "ps printed nothing") }
    titles = lines.removeFirst()
    guard let column = titles.firstIndex(of: "PID") else {
      throw EngineError(.internalError, "Couldn't find PID field in ps output")
    }
    var processes: [[String]] = []
    var isWanted = false
    for words in lines where !words.isEmpty {
      guard words.count > column else {
        throw EngineError(.internalError, "unexpected line of ps: \(words.joined(separator: " "))")
      }
      if words[column] != "-" {
        guard let pid = Int32(words[column]) else {
          throw EngineError(.internalError, "Unexpected pid '\(words[column])'")
        }
        isWanted = pids.contains(pid)
      }
      guard isWanted else { continue }
      // The last column is a command with spaces of its own.
      let last = titles.count - 1
      processes.append(
        words.count > last ? Array(words[..<last]) + [words[last...].joined(separator: " ")] : words)
    }
    self.processes = processes
  }

  /// Words as Go's `strings.Fields` finds them.
  private static func words(_ line: Substring) -> [String] {
    line.split { $0 == " " || $0 == "\t" }.map(String.init)
  }

  /// Reads the arguments for `ps` that a client sent.
  ///
  /// - Throws: `invalid` for a column that would be shown under the name PID and is not: the rows could not be chosen.
  static func arguments(_ text: String) throws(EngineError) -> [String] {
    let words = words(text[...])
    for word in words.flatMap({ $0.split(separator: ",") }) {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].hasPrefix("PID"), parts[0] != "pid" else { continue }
      throw EngineError(.invalid, "specifying \"\(word)\" is not allowed")
    }
    return words.isEmpty ? ["-ef"] : words
  }
}

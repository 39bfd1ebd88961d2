/// Holds durable steps to their crash tests.
enum FailpointRules {
  /// Every `Failpoint("name")` of the sources.
  static func failpoints(in files: [SourceFile]) -> [(name: String, file: SourceFile, line: Int)] {
    files.filter { $0.room != nil }.flatMap { file in
      file.tokens.indices.dropLast(2).compactMap { index in
        guard file.tokens[index].isWord("Failpoint"), file.tokens[index + 1].isPunctuation("("),
          file.tokens[index + 2].kind == .string
        else { return nil }
        return (file.tokens[index + 2].text, file, file.tokens[index + 2].line)
      }
    }
  }

  /// Reports names that are used twice, that are not `room.operation.step`, or that no crash test reaches.
  ///
  /// A crash test is in a file `…CrashTests.swift` and names the failpoint in a string of its own.
  static func check(_ files: [SourceFile]) -> [Finding] {
    let tested = Set(
      files.filter { $0.path.hasSuffix("CrashTests.swift") }.flatMap(\.tokens).filter { $0.kind == .string }.map(\.text)
    )
    var seen: Set<String> = []
    return failpoints(in: files).compactMap { failpoint in
      let parts = failpoint.name.split(separator: ".", omittingEmptySubsequences: false)
      if parts.count != 3 || parts.contains("") {
        return failpoint.file.finding(failpoint.line, "failpoint \"\(failpoint.name)\" is not room.operation.step")
      }
      if !seen.insert(failpoint.name).inserted {
        return failpoint.file.finding(failpoint.line, "failpoint \"\(failpoint.name)\" is there twice")
      }
      return tested.contains(failpoint.name)
        ? nil : failpoint.file.finding(failpoint.line, "no crash test visits failpoint \"\(failpoint.name)\"")
    }
  }
}

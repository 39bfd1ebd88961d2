import Glibc
import Linux
import Testing

/// A table of what options of `docker run` do: `Fixtures/options/NAME.txt`.
///
/// ```
/// ### what is tried
/// a shell script that speaks to an engine with the stock client
/// ---
/// what it printed, output and errors as they came
/// ```
///
/// The output was recorded from the real Docker: `SKIFF_RECORD_OPTIONS=$(scripts/peers up) swift test --filter OptionTests`
/// writes the files anew. What differs from run to run is given names: ids, the row's own names and directory.
struct OptionTable {
  let path: String
  let rows: [Row]

  struct Row {
    let title: String
    let script: String
    let output: String
  }

  /// Reads the table at `path`.
  init(path: String) throws {
    self.path = path
    rows = try readText(path, limit: 1 << 20).split(separator: "### ").map { section in
      let lines = section.split(separator: "\n", omittingEmptySubsequences: false)
      guard let mark = lines.firstIndex(of: "---") else { throw TestFailure("\(path): a row without ---: \(section)") }
      return Row(
        title: String(lines[0]), script: lines[1..<mark].joined(separator: "\n"),
        output: OptionTable.trimmed(lines[(mark + 1)...].joined(separator: "\n")))
    }
  }

  /// Runs every row against the engine at `host`, in one go: entering the chroot takes longer than a container.
  ///
  /// - Parameter verb: of `scripts/peers`: `run` for the real Docker, `run-here` for an engine on this host.
  /// - Parameter shared: a directory that the client and the engine see at the same place.
  func outputs(host: String, verb: String, shared: String, directory: String) throws -> [String] {
    let mark = "\u{1}end of row\u{1}"
    var script = try readText(repositoryFile("Tests/BlackBoxTests/Fixtures/options/prelude.sh"), limit: 1 << 16)
    for (index, row) in rows.enumerated() {
      script += "\nbegin \(index)\n(\n\(row.script)\n) 2>&1\nend\nprintf '\(mark)'\n"
    }
    try replaceFile("\(directory)/script", Array(script.utf8), mode: 0o644)
    let peers = try repositoryFile("scripts/peers")
    let outcome = try Program(
      "/bin/bash", ["bash", peers, verb, "sh", "\(directory)/script"], stem: "\(directory)/options",
      environment: [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DOCKER_HOST=\(host)", "shared=\(shared)",
        "archive=\(directory)/image.tar",
      ]
    ).wait(seconds: 240)
    let outputs = outcome.text.split(separator: mark, omittingEmptySubsequences: false).dropLast().map(String.init)
    guard outputs.count == rows.count else { throw TestFailure("the script ended early: \(outcome)") }
    return outputs.enumerated().map { index, output in
      OptionTable.trimmed(OptionTable.named(output, index: index, shared: shared))
    }
  }

  /// Writes the table with `outputs` in place of its own.
  func record(_ outputs: [String]) throws {
    let sections = zip(rows, outputs).map { row, output in "### \(row.title)\n\(row.script)\n---\n\(output)\n" }
    try replaceFile(path, Array(sections.joined(separator: "\n").utf8), mode: 0o644)
  }

  private static func named(_ output: String, index: Int, shared: String) -> String {
    output.replacing("\(shared)/\(index)", with: "DIR").replacing("opt\(index)x", with: "NAME")
      // By letters alone: of text as people read it, `a:b` is one word.
      .replacing(/\b[0-9a-f]{64}\b/.wordBoundaryKind(.simple), with: "ID")
      .replacing(/\b[0-9a-f]{12}\b/.wordBoundaryKind(.simple), with: "SHORT")
      .replacing(/\/[\/A-Za-z0-9._-]*\/volumes\//, with: "VOLUMES/")
  }

  private static func trimmed(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last == "" { lines.removeLast() }
    while lines.first == "" { lines.removeFirst() }
    return lines.joined(separator: "\n")
  }
}

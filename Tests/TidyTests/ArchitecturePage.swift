/// The table of `docs/architecture.md`, held to what `Package.swift` has: the page may not promise what is not there,
/// nor keep silent about what is.
struct ArchitecturePage {
  static let path = "docs/architecture.md"
  /// Marks a room that is decided but not written yet.
  static let mark = "*later*"

  let text: String

  /// Compares the page with the rooms that the import table knows and those that exist.
  func check(known: [String], existing: Set<String>) -> [Finding] {
    let cells = roomCells()
    var findings: [Finding] = []
    for room in known {
      let named = cells.filter { $0.text.hasPrefix("`\(room)`") }
      for cell in named where cell.text.contains(Self.mark) == existing.contains(room) {
        findings.append(
          Finding(
            path: Self.path, line: cell.line,
            reason: existing.contains(room)
              ? "\(room) is in Package.swift: take \(Self.mark) away"
              : "\(room) is not in Package.swift: mark it \(Self.mark)"))
      }
      if !text.contains("`\(room)`") {
        findings.append(Finding(path: Self.path, line: 1, reason: "\(room) is not on the page"))
      }
    }
    return findings
  }

  /// The first two cells of every table row: in one of them stands the room.
  private func roomCells() -> [(line: Int, text: String)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      line.hasPrefix("|")
        ? line.split(separator: "|").prefix(2).map { (index + 1, String($0.drop { $0 == " " })) } : []
    }
  }
}

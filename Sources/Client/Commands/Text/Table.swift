/// Rows of cells under each other, as Go's `text/tabwriter` sets them for Docker.
enum Table {
  /// A column is as wide as its widest cell and three spaces, and at least ten.
  private static let padding = 3
  static let usualWidthMin = 10

  /// Sets `text`, whose cells end with tabs and whose rows end with newlines. The last cell of a row is not padded.
  static func aligned(_ text: String, widthMin: Int = usualWidthMin) -> String {
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    return aligned(rows, widthMin)
  }

  private static func aligned(_ rows: [[Substring]], _ widthMin: Int) -> String {
    let widths = widths(rows, widthMin)
    return rows.enumerated().map { index, row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[index][column] - cell.unicodeScalars.count)
        }
      }
      return line
    }.joined(separator: "\n")
  }

  /// For each row the widths of its columns. A column is a run of rows that have a cell there which a tab ends.
  private static func widths(_ rows: [[Substring]], _ widthMin: Int) -> [[Int]] {
    var widths = rows.map { [Int](repeating: 0, count: max(0, $0.count - 1)) }
    let columns = widths.map(\.count).max() ?? 0
    for column in 0..<columns {
      var start = 0
      while start < rows.count {
        guard widths[start].count > column else {
          start += 1
          continue
        }
        var end = start
        var width = widthMin
        while end < rows.count, widths[end].count > column {
          width = max(width, rows[end][column].unicodeScalars.count + padding)
          end += 1
        }
        for row in start..<end { widths[row][column] = width }
        start = end
      }
    }
    return widths
  }
}

/// The first `width` characters of `text`, the last of them `…` where something was cut off.
func ellipsis(_ text: String, _ width: Int) -> String {
  guard text.count > width else { return text }
  return width <= 1 ? String(text.prefix(width)) : text.prefix(width - 1) + "…"
}

/// The twelve digits of an id by which people call it: without the algorithm.
func shortID(_ id: String) -> String {
  let digits = id.hasPrefix("sha256:") ? id.dropFirst(7) : id[...]
  return String(digits.prefix(12))
}

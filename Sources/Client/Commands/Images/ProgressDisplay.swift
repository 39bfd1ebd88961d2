import EngineClient
import Linux

/// Shows what the engine tells of a pull, load or import: on a terminal as lines that change in place, one for each
/// id, and otherwise as plain lines of what has happened.
struct ProgressDisplay {
  private let target: Descriptor
  private let isTerminal: Bool
  private let isQuiet: Bool
  /// The ids that have a line, from the top.
  private var ids: [String] = []

  /// More lines than any terminal has are not moved in place any more.
  private static let idsMax = 200

  init(_ target: Descriptor, isQuiet: Bool = false) {
    self.target = target
    isTerminal = target.isTerminal
    self.isQuiet = isQuiet
  }

  /// Shows one document of the stream.
  ///
  /// - Throws: `ClientError.failedMidway` when the document tells of a failure, which is also the stream's last word.
  mutating func show(_ document: JSONValue) throws(ClientError) {
    let detail = document["errorDetail"]["message"].text
    let problem = detail.isEmpty ? document["error"].text : detail
    guard problem.isEmpty else { throw .failedMidway(problem) }
    if isQuiet { return }
    do {
      let stream = document["stream"].text
      if !stream.isEmpty { return try target.writeAll(stream) }
      try showStatus(document)
    } catch { throw .system(error) }
  }

  private mutating func showStatus(_ document: JSONValue) throws(SyscallError) {
    let id = document["id"].text
    let bar = Self.bar(document["progressDetail"])
    // Plain output tells what has happened, not how far it is.
    if !isTerminal, !bar.isEmpty { return }
    let status = document["status"].text + (bar.isEmpty ? "" : " " + bar)
    guard isTerminal, !id.isEmpty else { return try target.writeAll((id.isEmpty ? "" : "\(id): ") + status + "\n") }
    let line = "\(id): \(status)"
    if let index = ids.firstIndex(of: id) {
      let up = ids.count - index
      // Up, erase the line, write it anew, down again.
      try target.writeAll("\u{1B}[\(up)A\u{1B}[2K\r\(line)\r\u{1B}[\(up)B")
    } else {
      if ids.count < Self.idsMax { ids.append(id) }
      try target.writeAll("\(line)\n")
    }
  }

  /// `[====>    ]  1.5MB/3MB`; empty when nothing is counted.
  static func bar(_ detail: JSONValue) -> String {
    let (current, total) = (max(0, detail["current"].integer), detail["total"].integer)
    if current <= 0, total <= 0 { return "" }
    let amount = Sizes.decimal(current)
    guard total > 0, current <= total else { return amount }
    let width = 50
    let done = Int(Double(current) / Double(total) * Double(width))
    let head = done < width ? ">" : ""
    let bar = String(repeating: "=", count: done) + head + String(repeating: " ", count: max(0, width - done - 1))
    return "[\(bar)]  \(amount)/\(Sizes.decimal(total))"
  }
}

/// What `--help` shows of a command.
struct HelpPage<Options> {
  let path: String
  let usage: Usage
  let flags: [Flag<Options>]

  var text: String {
    var text = "Usage:  \(Session.program) \(path)\(usage.line.isEmpty ? "" : " ")\(usage.line)\n\n\(usage.summary)"
    let shown = flags.filter { !$0.isHidden }.sorted { $0.name < $1.name }
    guard !shown.isEmpty else { return text }
    let left = shown.map { flag in
      let short = flag.short.map { "-\($0), " } ?? "    "
      return "  \(short)--\(flag.name)" + (flag.valueName.map { " \($0)" } ?? "")
    }
    let width = left.map(\.count).max() ?? 0
    text += "\n\nOptions:"
    for (flag, spelling) in zip(shown, left) {
      text += "\n" + spelling + String(repeating: " ", count: width - spelling.count + 3) + flag.help
    }
    return text
  }
}

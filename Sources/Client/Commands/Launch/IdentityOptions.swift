/// What the container is called and how long it lives.
struct IdentityOptions {
  var name = ""
  var hostname = ""
  var domainname = ""
  var labels: [String] = []
  var labelFiles: [String] = []
  var annotations: [String] = []
  var restart = ""
  var removes = false
  var idFile = ""
  var pull = "missing"
  var platform = ""
  var isQuiet = false

  static var flags: [Flag<IdentityOptions>] {
    [
      .list("annotation", nil, \.annotations, "Annotation for the runtime, as NAME=VALUE", valueName: "map"),
      .text("cidfile", nil, \.idFile, "File to write the container's id to"),
      .text("domainname", nil, \.domainname, "The container's NIS domain name"),
      .text("hostname", "h", \.hostname, "The container's host name"),
      .list("label", "l", \.labels, "Label, as NAME=VALUE"),
      .list("label-file", nil, \.labelFiles, "File with a label on each line"),
      .text("name", nil, \.name, "The container's name"),
      .text("platform", nil, \.platform, "Platform of the image, as OS[/ARCH[/VARIANT]]"),
      .text("pull", nil, \.pull, "When to pull the image: always, missing or never"),
      .toggle("quiet", "q", \.isQuiet, "Do not show the pull"),
      .text("restart", nil, \.restart, "When to restart: no, on-failure[:MAX], unless-stopped, always"),
      .toggle("rm", nil, \.removes, "Remove the container and its anonymous volumes when it has stopped"),
    ]
  }

  /// `no`, `always`, `on-failure:3`, taken apart.
  func restartPolicy() throws -> (name: String, retriesMax: Int64) {
    let parts = restart.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first, !restart.isEmpty else { return ("no", 0) }
    if removes, name != "no" { throw LaunchProblem("conflicting options: cannot specify both --restart and --rm") }
    guard parts.count == 2 else { return (name, 0) }
    guard !name.isEmpty else { throw LaunchProblem("invalid restart policy format: no policy provided before colon") }
    guard let count = Int64(parts[1]) else {
      throw LaunchProblem("invalid restart policy format: maximum retry count must be an integer")
    }
    return (name, count)
  }

  /// The labels of the files and then those of the flags.
  func allLabels() throws -> [String: String] {
    assignments(try labelFiles.flatMap { try AssignmentFile.lines($0) }.filter { $0.contains("=") } + labels)
  }
}

import EngineClient
import Linux

/// `skiff import`: makes an image of an archive of a root file system.
struct ImportCommand: Command {
  var arguments: [String] = []
  private var changes: [String] = []
  private var message = ""
  private var platform = ""

  static let usage = Usage(
    line: "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]", summary: "Make an image of an archive of a root file system",
    count: .atLeast(1))

  static var flags: [Flag<ImportCommand>] {
    [
      .list("change", "c", \.changes, "Instruction of a Dockerfile to apply to the image"),
      .text("message", "m", \.message, "Comment of the image"),
      .text("platform", nil, \.platform, "Platform of the image, as OS[/ARCH[/VARIANT]]"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let source = arguments[0]
    let isRemote = source.hasPrefix("http://") || source.hasPrefix("https://")
    var query: [(name: String, value: String)] = [("fromSrc", isRemote ? source : "-")]
    if arguments.count > 1 {
      let name = ImageName(arguments[1])
      query.append(("repo", name.repository))
      if let tag = name.tag { query.append(("tag", tag)) }
    }
    if !message.isEmpty { query.append(("message", message)) }
    if !platform.isEmpty { query.append(("platform", platform)) }
    for change in changes { query.append(("changes", change)) }
    let request = EngineRequest(
      "POST", "/images/create", query: query, body: isRemote ? .none : .stream(contentType: "text/plain"))
    var progress = ProgressDisplay(StandardStreams.output)
    guard !isRemote else {
      var lines = LineStream(try session.engine.stream(request).body)
      while let line = try lines.next() { try progress.show(line) }
      return 0
    }
    let file = try LocalArchive.open(source)
    try session.engine.upload(request, onLine: { (line) throws(ClientError) in try progress.show(line) }) {
      (upload) throws(ClientError) in try LocalArchive.send(file, to: &upload, verb: "Importing")
    }
    return 0
  }
}

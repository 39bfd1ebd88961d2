import EngineClient
import Glibc
import Linux

/// `skiff load`: takes images out of an archive.
struct Load: Command {
  var arguments: [String] = []
  private var input = ""
  private var quiet = false
  private var platform = ""

  static let usage = Usage(line: "[OPTIONS]", summary: "Load images from an archive", count: .exactly(0))

  static var flags: [Flag<Load>] {
    [
      .text("input", "i", \.input, "Archive to read, instead of standard input"),
      .text("platform", nil, \.platform, "Load only this platform's variant"),
      .toggle("quiet", "q", \.quiet, "Do not show how far it is"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let source = try LocalArchive.open(input)
    if input.isEmpty, source.isTerminal {
      throw CommandError("requested load from stdin, but stdin is empty")
    }
    let isQuiet = quiet || !session.output.isTerminal
    var query: [(name: String, value: String)] = [("quiet", isQuiet ? "1" : "0")]
    if !platform.isEmpty { query.append(("platform", try parsePlatform(platform).compact)) }
    let request = EngineRequest(
      "POST", "/images/load", query: query, body: .stream(contentType: "application/x-tar"))
    var progress = ProgressDisplay(StandardStreams.output)
    try session.engine.upload(request, onLine: { (line) throws(ClientError) in try progress.show(line) }) {
      (upload) throws(ClientError) in try LocalArchive.send(source, to: &upload)
    }
    return 0
  }
}

/// Archives that are read and sent.
enum LocalArchive {
  /// Opens the archive at `path`; standard input where that is empty or `-`.
  static func open(_ path: String) throws -> Descriptor {
    if path.isEmpty || path == "-" { return StandardStreams.input }
    do { return try Linux.open(path, O_RDONLY) } catch { throw CommandError("open \(path): \(error.errno)") }
  }

  /// Sends all that `source` has.
  ///
  /// - Parameter verb: what the terminal says is being done; nil where the engine tells itself how far it is.
  static func send(_ source: Descriptor, to upload: inout Upload, verb: String? = nil) throws(ClientError) {
    var meter = verb.map { TransferMeter($0) }
    defer { meter?.end() }
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count: Int
      do {
        var span = buffer.mutableSpan
        count = try span.withUnsafeMutableBytes { bytes throws(SyscallError) in try source.read(into: bytes) }
      } catch { throw .system(error) }
      if count == 0 { return }
      let part = buffer[..<count]
      try part.span.bytes.withUnsafeBytes { bytes throws(ClientError) in try upload.write(bytes) }
      meter?.add(count)
    }
  }
}

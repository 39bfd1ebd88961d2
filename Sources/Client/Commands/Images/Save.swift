import EngineClient
import Glibc
import Linux

/// `skiff save`: puts images into an archive.
struct Save: Command {
  var arguments: [String] = []
  private var outputPath = ""
  private var platform = ""

  static let usage = Usage(
    line: "[OPTIONS] IMAGE [IMAGE...]", summary: "Save images to an archive", count: .atLeast(1))

  static var flags: [Flag<Save>] {
    [
      .text("output", "o", \.outputPath, "File to write, instead of standard output"),
      .text("platform", nil, \.platform, "Save only this platform's variant"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    if outputPath.isEmpty, session.output.isTerminal {
      throw CommandError("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    }
    var query = arguments.map { (name: "names", value: $0) }
    if !platform.isEmpty { query.append(("platform", try parsePlatform(platform).compact)) }
    let request = EngineRequest("GET", "/images/get", query: query)
    if outputPath.isEmpty {
      var body = try session.engine.stream(request).body
      try copy(&body, to: StandardStreams.output)
      return 0
    }
    // Asked before the file is touched: a name that is not there must not cost an older archive.
    var body = try session.engine.stream(request).body
    let temporary = "\(outputPath).\(getpid()).part"
    do {
      let file = try open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      try copy(&body, to: file)
      try rename(temporary, to: outputPath)
    } catch {
      try? Linux.unlink(temporary)
      if let error = error as? SyscallError { throw CommandError("cannot write \"\(outputPath)\": \(error.errno)") }
      throw error
    }
    return 0
  }

  private func copy(_ body: inout ResponseBody, to target: Descriptor) throws {
    var meter = TransferMeter("Saving")
    defer { meter.end() }
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = try body.read(into: &chunk)
      if count == 0 { return }
      let part = chunk[..<count]
      try part.span.bytes.withUnsafeBytes { bytes throws(SyscallError) in try target.writeAll(bytes) }
      meter.add(count)
    }
  }
}

import DockerWire
import Engine
import HTTPServer
import Images
import OCI

// Images out of archives and into them.
extension ImageRoutes {
  /// Pieces of an archive, or lines of progress, that wait for the client.
  private static let piecesMax = 16

  @Sendable func load(_ request: Request) async throws -> Response {
    let platform = try Self.platform(request)
    let isQuiet = request.query.flag("quiet")
    return .stream(contentType: "application/json") { [engine] writer in
      let lines = BoundedChannel<[UInt8]>(limit: Self.piecesMax)
      try await writer.drain(lines) {
        do {
          try await request.body.feed { source in
            try await engine.loadImages(from: source, platform: platform) { step in
              // Nobody reads on: the body's source breaks as well then, and ends the load.
              if let line = ProgressMessage(step, isQuiet: isQuiet) { _ = lines.sendBlocking(line.jsonLine) }
            }
          }
        } catch { _ = await lines.send(ProgressMessage(error: EngineError(error)).jsonLine) }
        lines.finish()
      }
    }
  }

  @Sendable func save(_ request: Request) async throws -> Response {
    try request.refuse("platform")
    let name = request.parameter("name")
    let names = name.isEmpty ? request.query.values("names") : [name]
    guard !names.isEmpty else {
      throw EngineError(.invalid, "parameter \"names\" is missing: there is nothing to save")
    }
    // What is not there is said before the archive begins.
    for name in names { _ = try await engine.image(name) }
    return .stream(contentType: "application/x-tar") { [engine] writer in
      let pieces = BoundedChannel<[UInt8]>(limit: Self.piecesMax)
      try await writer.drain(pieces) { try await engine.saveImages(names, into: pieces) }
    }
  }

  @Sendable func create(_ request: Request) async throws -> Response {
    let query = request.query
    if let image = query["fromImage"], !image.isEmpty {
      throw EngineError(
        .unsupported, "cannot pull \"\(image)\": pulling images is not supported yet",
        hint: "load it from an archive with `docker load`")
    }
    guard let source = query["fromSrc"], !source.isEmpty else {
      throw EngineError(.invalid, "one of the parameters \"fromImage\" and \"fromSrc\" is needed")
    }
    guard source == "-" else {
      throw EngineError(
        .unsupported, "cannot import \"\(source)\": fetching is not supported yet",
        hint: "fetch it and pipe it into `docker import -`")
    }
    try request.refuse("changes")
    let message = query["message"] ?? ""
    let options = ImageStore.ImportOptions(
      name: try Self.name(repository: query["repo"] ?? "", tag: query["tag"] ?? ""),
      message: message.isEmpty ? "Imported from -" : message, platform: try Self.platform(request) ?? .host,
      created: WireTime.text(WireTime.now()))
    let id = try await request.body.feed { [engine] source in
      try await engine.importImage(from: source, options)
    }
    var line = ProgressMessage()
    line.status = id.description
    return .json(line.jsonLine)
  }

  /// The parameter `platform`, as `docker import` sends it.
  private static func platform(_ request: Request) throws(EngineError) -> OCI.Platform? {
    guard let text = request.query["platform"], !text.isEmpty else { return nil }
    // `docker load` sends JSON, and may do so several times.
    guard !text.hasPrefix("{") else { throw EngineError(.unsupported, "parameter \"platform\" is not supported yet") }
    do { return try OCI.Platform(parsing: text) } catch { throw EngineError(error) }
  }
}

extension ProgressMessage {
  /// The line that Docker writes for `step`; nil where it says nothing.
  init?(_ step: ImageProgress, isQuiet: Bool) {
    self.init()
    switch step {
    case .unpacking(let diffID, let current, let total):
      if isQuiet { return nil }
      status = "Loading layer"
      id = diffID.short
      var detail = ProgressDetail()
      (detail.current, detail.total) = (Int(current), Int(total))
      progressDetail = detail
      progress = ProgressBar.text(current: current, total: total)
    case .renamed(let name, let previous):
      stream =
        "The image \(name.familiar) already exists, renaming the old one with ID \(previous) to empty string\n"
    case .loaded(let name, _): stream = "Loaded image: \(name.familiar)\n"
    case .loadedUnnamed(let id): stream = "Loaded image ID: \(id)\n"
    case .receiving, .layerDone: return nil
    }
  }

  /// The last line of a stream that failed.
  init(error failure: EngineError) {
    self.init()
    var detail = ErrorDetail()
    detail.message = failure.description
    errorDetail = detail
    error = failure.description
  }
}

/// The bar that Docker's engine draws for clients that cannot: `[=====>     ]  1.5MB/3MB`.
enum ProgressBar {
  private static let width = 50

  static func text(current: Int64, total: Int64) -> String {
    guard total > 0 else { return padded(size(current)) }
    let filled = min(width, max(0, Int(Double(current) / Double(total) * 100) / 2))
    let bar = String(repeating: "=", count: filled) + ">" + String(repeating: " ", count: width - filled)
    return "[\(bar)] \(padded(size(current)))/\(size(total))"
  }

  private static func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, 8 - text.count)) + text
  }

  /// Four digits and a unit of 1000, as Docker writes sizes: `1.234MB`, `10.24kB`, `512B`.
  private static func size(_ bytes: Int64) -> String {
    var (value, units) = (Double(bytes), ["B", "kB", "MB", "GB", "TB", "PB"][...])
    while value >= 1000, units.count > 1 { (value, units) = (value / 1000, units.dropFirst()) }
    let decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : 3
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let digits = String(Int64((value * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    var fraction = padded.suffix(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    return padded.dropLast(decimals) + (fraction.isEmpty ? "" : ".\(fraction)") + (units.first ?? "B")
  }
}

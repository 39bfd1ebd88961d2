import EngineClient

/// `skiff system df`: shows what takes room on the disk.
struct DiskUsage: Command {
  var arguments: [String] = []
  private var format = ""
  private var isVerbose = false

  static let usage = Usage(line: "[OPTIONS]", summary: "Show what takes room on the disk", count: .exactly(0))

  static var flags: [Flag<DiskUsage>] {
    [.listFormat(\.format), .toggle("verbose", "v", \.isVerbose, "Show every image, container and volume")]
  }

  func run(_ session: Session) throws -> Int32 {
    let answer = try session.engine.call(EngineRequest("GET", "/system/df"))
    if isVerbose {
      guard format.isEmpty else { throw CommandError("system df --verbose has no --format") }
      try DiskUsageDetails(answer).print(to: session.output)
    } else {
      try Self.listing.print(Self.rows(answer), format: format, to: session.output)
    }
    return 0
  }

  /// One kind of thing.
  private struct Row {
    let type: String
    let total: Int
    let active: Int
    let size: Int64
    let reclaimable: Int64
    /// Images say how much of all that is.
    let showsShare: Bool

    var reclaimableText: String {
      let text = Sizes.decimal(reclaimable)
      return showsShare && size > 0 ? "\(text) (\(reclaimable * 100 / size)%)" : text
    }
  }

  private static func rows(_ usage: JSONValue) -> [Row] {
    let images = usage["Images"].elements
    // Layers that a used image has are in use, whoever else has them too.
    let used = images.filter { $0["Containers"].integer > 0 }.reduce(Int64(0)) { sum, image in
      sum + max(0, image["Size"].integer) - max(0, image["SharedSize"].integer)
    }
    let layers = usage["LayersSize"].integer
    let containers = usage["Containers"].elements
    let running = containers.filter { ["running", "paused", "restarting"].contains($0["State"].text) }
    let volumes = usage["Volumes"].elements
    let inUse = volumes.filter { $0["UsageData"]["RefCount"].integer > 0 }
    let cache = usage["BuildCache"].elements
    return [
      Row(
        type: "Images", total: images.count, active: images.count { $0["Containers"].integer > 0 }, size: layers,
        reclaimable: layers - used, showsShare: true),
      Row(
        type: "Containers", total: containers.count, active: running.count,
        size: sum(containers, { $0["SizeRw"].integer }),
        reclaimable: sum(containers, { $0["SizeRw"].integer }) - sum(running, { $0["SizeRw"].integer }),
        showsShare: true),
      Row(
        type: "Local Volumes", total: volumes.count, active: inUse.count,
        size: sum(volumes, { $0["UsageData"]["Size"].integer }),
        reclaimable: sum(volumes, { $0["UsageData"]["Size"].integer })
          - sum(inUse, { $0["UsageData"]["Size"].integer }),
        showsShare: true),
      Row(
        type: "Build Cache", total: cache.count, active: cache.count { $0["InUse"].isTrue },
        size: sum(cache, { $0["Size"].integer }),
        reclaimable: sum(cache.filter { !$0["InUse"].isTrue && !$0["Shared"].isTrue }, { $0["Size"].integer }),
        showsShare: false),
    ]
  }

  /// Sizes that are not known are -1.
  private static func sum(_ documents: [JSONValue], _ size: (JSONValue) -> Int64) -> Int64 {
    documents.reduce(0) { $0 + max(0, size($1)) }
  }

  private static var listing: Listing<Row> {
    Listing(
      columns: [
        .init("Active", "ACTIVE") { "\($0.active)" },
        .init("Reclaimable", "RECLAIMABLE") { $0.reclaimableText },
        .init("Size", "SIZE") { Sizes.decimal($0.size) },
        .init("TotalCount", "TOTAL") { "\($0.total)" },
        .init("Type", "TYPE") { $0.type },
      ],
      tableFields: ["Type", "TotalCount", "Active", "Size", "Reclaimable"])
  }
}

/// `system df -v`: a table for each kind of thing.
struct DiskUsageDetails {
  private let usage: JSONValue

  init(_ usage: JSONValue) { self.usage = usage }

  func print(to output: OutputBuffer) throws {
    let now = Timestamp.now()
    let images = usage["Images"].elements.flatMap { image in
      ImageRow.names(image, withDigests: false).map {
        ImageRow(document: image, name: $0, truncates: true, now: now)
      }
    }
    try output.print("Images space usage:\n")
    try ImageRow.listing(withDigests: false).print(
      images,
      format: "table "
        + fields(["Repository", "Tag", "ID", "CreatedSince", "Size", "SharedSize", "UniqueSize", "Containers"]),
      to: output)
    try output.print("\nContainers space usage:\n")
    try ContainerListing.listing(withSize: false).print(
      usage["Containers"].elements.map {
        ContainerRow(document: $0, truncates: true, now: now, showsVirtualSize: false)
      },
      format: "table " + fields(["ID", "Image", "Command", "LocalVolumes", "Size", "RunningFor", "Status", "Names"]),
      to: output)
    try output.print("\nLocal Volumes space usage:\n")
    try VolumeList.listing.print(
      usage["Volumes"].elements, format: "table " + fields(["Name", "Links", "Size"]), to: output)
    let cache = usage["BuildCache"].elements.reduce(Int64(0)) { $0 + $1["Size"].integer }
    try output.print("\nBuild cache usage: \(Sizes.decimal(cache))\n")
  }

  private func fields(_ names: [String]) -> String { names.map { "{{.\($0)}}" }.joined(separator: "\t") }
}
